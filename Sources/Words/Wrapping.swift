/// Text broken into lines between its words.
public enum Wrapping {
    /// Lines of at most `columns` cells, as far as the words allow: a word that is longer stands alone.
    ///
    /// - Parameter indent: The beginning of the following lines; it counts toward their width.
    public static func lines(_ text: some StringProtocol, columns: Int, indent: String = "") -> [String] {
        var lines: [String] = []
        var used = 0
        for word in text.split(separator: " ") {
            let width = DisplayWidth.of(String(word))
            if !lines.isEmpty, used + 1 + width <= columns {
                lines[lines.count - 1] += " \(word)"
                used += 1 + width
            } else {
                let margin = lines.isEmpty ? "" : indent
                lines.append(margin + word)
                used = DisplayWidth.of(margin) + width
            }
        }
        return lines
    }
}
