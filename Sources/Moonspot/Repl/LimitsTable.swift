import HubSpot
import Words
import Quota

/// The windows in columns, each with a bar where there is room for it.
struct LimitsTable {
    /// The heading first: lane, used, limit, left, resets.
    var rows: [[String]]
    /// How much of each row's window is used up, in 0...1; nil where nothing is limited.
    var shares: [Double?]
    /// Cells of the terminal's line; nil where there is none.
    var columns: Int?
    var style: Style

    private static let widestBar = 24
    private static let narrowestBar = 8

    var lines: [String] {
        let aligned = AlignedColumns(rows)
        // On a narrow terminal the moment goes first, then the limit.
        var kept = Array(aligned.widths.indices)
        for candidate in [4, 2] where aligned.width(of: kept) > columns ?? .max { kept.removeAll { $0 == candidate } }
        let width = aligned.width(of: kept)
        let room = (columns ?? 80) - width - AlignedColumns.gap
        let bar = room >= Self.narrowestBar ? min(room, Self.widestBar) : 0
        return aligned.lines(kept, alignment: [1: .right, 2: .right, 3: .right]).enumerated().map { index, line in
            if bar > 0, let share = shares[index] {
                return DisplayWidth.pad(line, to: width + AlignedColumns.gap) + self.bar(share, bar)
            }
            return index == 0 ? style.bold(line) : line
        }
    }

    /// Green, yellow from three quarters on, red where nothing is left.
    private func bar(_ share: Double, _ width: Int) -> String {
        let share = share > 0 ? min(1, share) : 0
        // A used place always shows, and so does a free one.
        var filled = Int((share * Double(width)).rounded())
        if share > 0 { filled = max(1, filled) }
        if share < 1 { filled = min(width - 1, filled) }
        let text = String(repeating: "█", count: filled)
        let colored = share >= 1 ? style.red(text) : share >= 0.75 ? style.yellow(text) : style.green(text)
        return colored + style.dim(String(repeating: "░", count: width - filled))
    }
}

/// The processes that share the quota: a line for each that has something to say.
struct ProcessTable {
    private let members: [SharingProcess]
    private let columns: Int?
    private let style: Style

    init(_ members: [SharingProcess], columns: Int?, style: Style) {
        self.members = members.sorted {
            ($0.presence.host ?? "", $0.presence.pid) < ($1.presence.host ?? "", $1.presence.pid)
        }
        self.columns = columns
        self.style = style
    }

    var lines: [String] {
        guard !members.isEmpty else { return [] }
        var rows = [["pid", "in flight", "waiting", "places held", "process"]]
        for member in members {
            let presence = member.presence
            let places = Lane.allCases.compactMap { lane in
                let count = member.places(lane)
                return count > 0 ? "\(lane) \(Counts.grouped(count))" : nil
            }
            let isSilent = member.age > .seconds(5) && (presence.waiting > 0 || presence.inFlight > 0)
            rows.append([
                presence.host.map { "\(Escaping.visible($0)):\(presence.pid)" } ?? "\(presence.pid)",
                "\(presence.inFlight)", "\(presence.waiting)", places.isEmpty ? "none" : places.joined(separator: ", "),
                Escaping.visible(presence.program)
                    + (isSilent ? " (silent for \(Duration.seconds(member.age.components.seconds).compact))" : ""),
            ])
        }
        var lines = AlignedColumns(rows).lines(alignment: [0: .right, 1: .right, 2: .right], room: columns)
        lines[0] = style.bold(lines[0])
        return lines
    }
}
