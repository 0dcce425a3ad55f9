import LuaRuntime
import Words

/// `hubspot.limits.explain()` as people read it: a line for each call, or for calls in a row that fared alike.
struct CallNotesText: Sendable {
    static let metatable = "hubspot.calls"

    var style: Style
    /// Cells of the terminal's line; nil where there is none.
    var columns: Int?

    /// Calls in a row that went into one batch, or waited for the same.
    private struct Group {
        var call: String
        var batch: Int64?
        var size: Int64
        var positions: ClosedRange<Int64>
        var why: String
        var waited: ClosedRange<Double>
        var count = 1

        init(_ note: LuaTable) {
            let name = note["call"].asString ?? note["request"].asString ?? "?"
            call = name.hasPrefix("hubspot.") ? String(name.dropFirst(8)) : name
            batch = note["batch"].asInteger
            size = note["size"].asInteger ?? 1
            let position = note["position"].asInteger ?? 1
            positions = position...position
            why = note["why"].asString ?? ""
            let told = note["waited"].asNumber ?? 0
            let seconds = told > 0 ? told : 0  // a script may have written something else there
            waited = seconds...seconds
        }

        func isAlike(_ other: Group) -> Bool {
            call == other.call && batch == other.batch && why == other.why
                && (batch == nil || other.positions.lowerBound == positions.upperBound &+ 1)
        }

        mutating func add(_ other: Group) {
            count += 1
            positions = positions.lowerBound...max(positions.lowerBound, other.positions.upperBound)
            waited = min(waited.lowerBound, other.waited.lowerBound)...max(waited.upperBound, other.waited.upperBound)
        }

        var cells: [String] {
            let name = count > 1 ? "\(call) ×\(count)" : call
            guard let batch else { return [time, name, "", why] }
            let part = count > 1 ? "\(positions.lowerBound)–\(positions.upperBound)" : "\(positions.lowerBound)"
            return [time, name, "\(batch): \(part) of \(size)", why]
        }

        private var time: String {
            if waited.upperBound < 0.0005 { return "" }
            let (low, high) = (Self.time(waited.lowerBound), Self.time(waited.upperBound))
            if low.number == high.number, low.unit == high.unit { return "\(high.number) \(high.unit)" }
            return low.unit == high.unit
                ? "\(low.number)–\(high.number) \(high.unit)" : "\(low.number) \(low.unit)–\(high.number) \(high.unit)"
        }

        private static func time(_ seconds: Double) -> (number: String, unit: String) {
            if seconds >= 9.95 { return (String(Int64(nearest: seconds)), "s") }
            if seconds < 0.0995 { return (String(Int64(nearest: seconds * 1000)), "ms") }
            let tenths = Int64(nearest: seconds * 10)
            return (tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)", "s")
        }
    }

    func text(_ table: LuaTable) -> String {
        var groups: [Group] = []
        for case .table(let note) in table.list {
            let group = Group(note)
            if let last = groups.last, last.isAlike(group) {
                groups[groups.count - 1].add(group)
            } else {
                groups.append(group)
            }
        }
        guard !groups.isEmpty else { return style.dim("no calls yet") }
        let rows = [["waited", "call", "batch", "why"]] + groups.map { $0.cells.map { Escaping.visible($0) } }
        let aligned = AlignedColumns(rows)
        // A column that is empty in every row takes no room.
        let kept = aligned.widths.indices.filter { aligned.widths[$0] > 0 }
        var lines = aligned.lines(kept, alignment: [0: .right, 3: .loose], room: columns)
        lines[0] = style.bold(lines[0])
        if groups.allSatisfy({ $0.why.isEmpty && $0.waited.upperBound < 0.0005 }) {
            lines.append(style.dim("nothing waited"))
        }
        return lines.joined(separator: "\n")
    }
}
