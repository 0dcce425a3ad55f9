import Words

/// Something that Tab may write.
struct Candidate: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case command, function, table, value, keyword, property, option, portal, file, folder
    }

    var text: String
    var kind: Kind
    /// What people call it; it is found by that too.
    var label = ""

    /// By Lua's own name of a type.
    init(_ name: String, type: String) {
        let kind: Kind =
            switch type {
            case "command": .command
            case "function": .function
            case "table": .table
            case "property": .property
            case "keyword": .keyword
            default: .value
            }
        self.init(name, kind)
    }

    init(_ text: String, _ kind: Kind, label: String = "") {
        (self.text, self.kind, self.label) = (text, kind, label)
    }

    func colored(_ text: String, _ style: Style) -> String {
        switch kind {
        case .command: style.yellow(text)
        case .function: style.cyan(text)
        case .table, .folder: style.blue(text)
        case .keyword: style.magenta(text)
        case .property, .portal: style.green(text)
        case .value, .option, .file: text
        }
    }
}

/// Candidates in columns, down and then across, as shells show them.
enum CandidateList {
    /// More are counted.
    private static let shown = 300

    static func text(_ candidates: [Candidate], columns: Int, style: Style = .plain) -> String {
        let kept = candidates.prefix(shown)
        let texts = kept.map { Escaping.visible($0.label.isEmpty ? $0.text : "\($0.text)  \($0.label)") }
        let width = min((texts.map { DisplayWidth.of($0) }.max() ?? 0) + 2, max(columns, 4))
        let across = max(1, columns / width)
        let rows = (texts.count + across - 1) / across
        var text = ""
        for row in 0..<rows {
            let places = Array(stride(from: row, to: texts.count, by: rows))
            for (index, place) in places.enumerated() {
                let cut = DisplayWidth.cut(texts[place], to: width - 1)
                text += kept[place].colored(cut, style)
                if index < places.count - 1 {
                    text += String(repeating: " ", count: max(0, width - DisplayWidth.of(cut)))
                }
            }
            text += "\n"
        }
        if candidates.count > shown { text += style.dim("… \(Counts.grouped(candidates.count - shown)) more") + "\n" }
        return text
    }
}
