import Words

/// One thing that `:set` lists and changes.
struct Setting: Sendable {
    var name: String
    var summary: String
    /// The words that it takes, for messages and Tab; a word in capitals stands for others.
    var values: [String]
    var get: @Sendable (ConsoleSettings) -> String
    /// - Throws: ``ArgumentProblem`` for a word that it does not take.
    var set: @Sendable (inout ConsoleSettings, _ words: [String]) throws(ArgumentProblem) -> Void

    static let all: [Setting] = [
        choice("output", "how values are printed", \.output),
        Setting(
            name: "pager", summary: "what shows a text that is longer than the screen",
            values: ["auto", "off", "COMMAND"],
            get: { settings in
                switch settings.pager {
                case .auto: "auto"
                case .off: "off"
                case .command(let command): command
                }
            },
            set: { (settings, words) throws(ArgumentProblem) in
                switch words {
                case ["auto"]: settings.pager = .auto
                case ["off"]: settings.pager = .off
                default: settings.pager = .command(words.joined(separator: " "))
                }
            }),
        Setting(
            name: "timing", summary: "whether each line tells how long it took", values: ["on", "off"],
            get: { $0.timing ? "on" : "off" },
            set: { (settings, words) throws(ArgumentProblem) in
                settings.timing = try one(of: ["on", "off"], words) == "on"
            }),
        choice("vertical", "tables as a list of fields for each row", \.vertical),
        Setting(
            name: "columns", summary: "the columns of the next tables, as in email,firstname",
            values: ["auto", "NAMES"],
            get: { $0.columns.isEmpty ? "auto" : $0.columns.joined(separator: ",") },
            set: { (settings, words) throws(ArgumentProblem) in
                let names = words.flatMap { $0.split(separator: ",").map(String.init) }
                settings.columns = names == ["auto"] ? [] : names
            }),
        choice("confirm", "which writes to a real portal are asked about", \.confirm),
        choice("colour", "colours on the terminal", \.colour),
        Setting(
            name: "rows", summary: "rows of a table that are shown", values: ["NUMBER", "all"],
            get: { $0.rows.map(String.init) ?? "all" },
            set: { (settings, words) throws(ArgumentProblem) in
                if words == ["all"] {
                    settings.rows = nil
                } else if words.count == 1, let number = Int(words[0]), number > 0 {
                    settings.rows = number
                } else {
                    throw ArgumentProblem("write a number of rows, or all")
                }
            }),
    ]

    /// The setting that a word names, in full or cut to what is unique.
    /// - Throws: ``ArgumentProblem`` with the nearest one, or with those that it may be.
    static func named(_ word: String) throws(ArgumentProblem) -> Setting {
        let word = word.lowercased() == "color" ? "colour" : word.lowercased()
        if let exact = all.first(where: { $0.name == word }) { return exact }
        let matching = all.filter { $0.name.hasPrefix(word) }
        if matching.count == 1 { return matching[0] }
        let names = all.map(\.name)
        if !word.isEmpty, !matching.isEmpty {
            throw ArgumentProblem("'\(word)' may be \(matching.map(\.name).joined(separator: " or "))")
        }
        let hint = NearestName.hint(for: word, among: names)
        throw ArgumentProblem(
            "there is nothing to set by the name '\(word)'"
                + (hint.isEmpty ? "; there are \(names.joined(separator: ", "))" : hint))
    }

    private static func choice<Value: RawRepresentable & CaseIterable & Sendable>(
        _ name: String, _ summary: String, _ path: any WritableKeyPath<ConsoleSettings, Value> & Sendable
    ) -> Setting where Value.RawValue == String {
        let values = Value.allCases.map(\.rawValue)
        return Setting(
            name: name, summary: summary, values: values, get: { $0[keyPath: path].rawValue },
            set: { (settings, words) throws(ArgumentProblem) in
                let word = try one(of: values, words)
                if let value = Value(rawValue: word) { settings[keyPath: path] = value }
            })
    }

    private static func one(of values: [String], _ words: [String]) throws(ArgumentProblem) -> String {
        guard words.count == 1, let word = words.first?.lowercased() else {
            throw ArgumentProblem("write one of \(values.joined(separator: ", "))")
        }
        if values.contains(word) { return word }
        let hint = NearestName.hint(for: word, among: values)
        throw ArgumentProblem("write one of \(values.joined(separator: ", "))\(hint)")
    }
}
