/// Names, and what there is to say of each: two columns, of which the right one is wrapped. Where that leaves it too little
/// room, the text stands below the name.
public enum DefinitionList {
    private static let widestName = 28
    private static let leastText = 20

    /// - Parameters:
    ///   - columns: Cells of a line.
    ///   - styled: What becomes of a name: a colour takes no room.
    public static func lines(
        _ rows: [(name: String, text: String)], columns: Int, styled: (String) -> String = { $0 }
    ) -> [String] {
        let left = min(widestName, rows.map { DisplayWidth.of($0.name) }.max() ?? 0)
        guard columns - left - 4 >= leastText else {
            return rows.flatMap { name, text -> [String] in
                let margin = "  " + name.prefix { $0 == " " }
                return Wrapping.lines(name, columns: columns - margin.count).map { margin + styled($0) }
                    + Wrapping.lines(text, columns: columns - 6).map { "      " + $0 }
            }
        }
        let margin = String(repeating: " ", count: left + 4)
        return rows.flatMap { name, text -> [String] in
            let lines = Wrapping.lines(text, columns: columns - left - 4)
            if DisplayWidth.of(name) > left { return ["  " + styled(name)] + lines.map { margin + $0 } }
            let first = "  " + styled(DisplayWidth.pad(name, to: left)) + "  " + (lines.first ?? "")
            return [first] + lines.dropFirst().map { margin + $0 }
        }
    }
}
