import Words

/// The text before the line that is typed: `acme 1234567 RO 142/190> `.
struct Prompt: Sendable, Equatable {
    /// What becomes of writes.
    enum Writing: Sendable, Equatable {
        case sent, refused, rehearsed

        var mark: String {
            switch self {
            case .sent: ""
            case .refused: " RO"
            case .rehearsed: " DRY"
            }
        }
    }

    /// A place of the quota's window is taken by each request of its last seconds.
    struct Window: Sendable, Equatable {
        var used: Int
        var limit: Int

        /// Nil where nothing limits.
        init?(used: Double, limit: Double) {
            guard used.isFinite, limit.isFinite, used >= 0, limit >= 1, limit < 1e9 else { return nil }
            self.used = Int(min(used, limit))
            self.limit = Int(limit)
        }

        var isHalfUsed: Bool { (limit - used) * 2 < limit }
    }

    /// `simulator`, a profile, or `hubspot`.
    var name: String
    var portalID: Int64?
    var writing = Writing.sent
    /// Nil where it is not known.
    var window: Window?
    var isSimulator = false
    /// Whether a write would reach a portal with people's data.
    var isRisky = false

    /// Without colours, up to the mark that ends it.
    private var words: String {
        var text = portalID.map { "\(name) \($0)" } ?? name
        text += writing.mark
        if let window, window.isHalfUsed { text += " \(window.used)/\(window.limit)" }
        return Escaping.visible(text)
    }

    func text(_ style: Style) -> String {
        let shown = words + ">"
        if isSimulator { return style.cyan(shown) + " " }
        return (isRisky ? style.red(shown) : style.green(shown)) + " "
    }

    /// Before the further lines of a statement, so that they stand below the first.
    func continuation(_ style: Style) -> String {
        style.dim(DisplayWidth.padLeft("..", to: DisplayWidth.of(words) + 1)) + " "
    }
}
