import CWords

/// How much room text takes on a terminal, in cells: CJK and emoji take two, combining marks none.
public enum DisplayWidth {
    /// The cells of one user-perceived character. Control characters count as none: they are escaped where text is
    /// printed.
    public static func of(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        let base = max(0, Int(cw_width(first.value)))
        // U+FE0F asks for the emoji form, which is wide.
        return base == 1 && character.unicodeScalars.contains("\u{FE0F}") ? 2 : base
    }

    public static func of(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
        return text.reduce(0) { $0 + of($1) }
    }

    /// The text where it fits into `columns` cells, else its beginning and an ellipsis.
    public static func cut(_ text: String, to columns: Int) -> String {
        guard of(text) > columns else { return text }
        guard columns > 0 else { return "" }
        var kept = ""
        var room = columns - 1
        for character in text {
            room -= of(character)
            if room < 0 { break }
            kept.append(character)
        }
        return kept + "…"
    }

    /// The text with spaces behind it up to `columns` cells.
    public static func pad(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - of(text)))
    }

    /// The text with spaces before it up to `columns` cells.
    public static func padLeft(_ text: String, to columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - of(text))) + text
    }
}
