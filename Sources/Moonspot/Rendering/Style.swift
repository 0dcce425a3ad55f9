/// Colours for a terminal, or none at all.
struct Style: Sendable, Equatable {
    var isColored: Bool

    static let plain = Style(isColored: false)

    func bold(_ text: String) -> String { wrap("1", text) }
    func dim(_ text: String) -> String { wrap("2", text) }
    func red(_ text: String) -> String { wrap("31", text) }
    func green(_ text: String) -> String { wrap("32", text) }
    func yellow(_ text: String) -> String { wrap("33", text) }
    func blue(_ text: String) -> String { wrap("34", text) }
    func magenta(_ text: String) -> String { wrap("35", text) }
    func cyan(_ text: String) -> String { wrap("36", text) }

    private func wrap(_ code: String, _ text: String) -> String {
        isColored && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// A text without its escape sequences.
    static func stripped(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(0x1B) else { return String(text) }
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "\u{1B}" else {
                result.append(scalar)
                continue
            }
            guard let kind = rest.popFirst() else { break }
            if kind == "[" {
                while let next = rest.popFirst(), !("@"..."~").contains(next) {}
            } else if kind == "]" {
                while let next = rest.popFirst(), next != "\u{07}" {}
            }
        }
        return String(result)
    }
}

/// The colours of a process's two streams, by its surroundings and by what `:set colour` says.
struct Styles: Sendable {
    var settings: SharedSettings
    /// `NO_COLOR`.
    var isDeclined: Bool

    func of(_ output: Output) -> Style {
        switch settings.current.colour {
        case .auto: output.style(noColor: isDeclined)
        case .on: Style(isColored: output.isTerminal)
        case .off: .plain
        }
    }
}
