import Words

/// The comment above a function of Lua, taken apart: prose, and the annotations that editors read.
struct LuaComment: Sendable, Equatable {
    struct Field: Sendable, Equatable {
        /// With `?` behind it where it may be left out.
        var name: String
        var type: String
        var text: String
    }

    /// Paragraphs; lines that begin with blanks stand as they are.
    private(set) var prose: [String] = []
    private(set) var parameters: [Field] = []
    private(set) var returns: [Field] = []
    /// `@class`, with its fields behind it.
    private(set) var classes: [String: [Field]] = [:]

    private var currentClass: String?
    private var isBelowAnnotation = false

    init() {}

    /// - Parameter lines: With their `---`.
    init(_ lines: some Sequence<String>) {
        for line in lines { add(line.drop { $0 == "-" }) }
    }

    /// The first sentence or line, for lists.
    var summary: String { prose.first { !$0.hasPrefix(" ") } ?? "" }

    private mutating func add(_ text: Substring) {
        let words = text.drop { $0 == " " }
        guard words.first == "@" else {
            // An indented line goes on with the annotation above it.
            if isBelowAnnotation, text.hasPrefix("   ") { goOn(String(words)) } else { addProse(text, words) }
            return
        }
        isBelowAnnotation = true
        let (kind, rest) = Self.split(words.dropFirst())
        switch kind {
        case "param": parameters.append(Self.field(rest))
        case "field": currentClass.map { classes[$0, default: []].append(Self.field(rest)) }
        case "return":
            let (type, text) = Self.type(rest)
            returns.append(Field(name: "", type: type, text: text))
        case "class":
            currentClass = String(Self.split(rest).word.prefix { $0 != ":" })
            currentClass.map { classes[$0] = [] }
        default: break
        }
    }

    private mutating func addProse(_ text: Substring, _ words: Substring) {
        isBelowAnnotation = false
        if words.isEmpty {
            prose.append("")
        } else if text.hasPrefix("    ") {
            prose.append("  " + text.dropFirst(5))
        } else if let last = prose.last, !last.isEmpty, !last.hasPrefix(" ") {
            prose[prose.count - 1] = last + " " + words
        } else {
            prose.append(String(words))
        }
    }

    private mutating func goOn(_ words: String) {
        if let name = currentClass, var fields = classes[name], !fields.isEmpty {
            fields[fields.count - 1].text += " " + words
            classes[name] = fields
        } else if !returns.isEmpty {
            returns[returns.count - 1].text += " " + words
        } else if !parameters.isEmpty {
            parameters[parameters.count - 1].text += " " + words
        }
    }

    private static func split(_ text: Substring) -> (word: Substring, rest: Substring) {
        let word = text.prefix { $0 != " " }
        return (word, text[word.endIndex...].drop { $0 == " " })
    }

    private static func field(_ text: Substring) -> Field {
        let (name, rest) = split(text)
        let (type, words) = type(rest)
        return Field(name: String(name), type: type, text: words)
    }

    /// A type may hold blanks, two of them end it.
    private static func type(_ text: Substring) -> (String, String) {
        guard let gap = text.firstRange(of: "  ") else { return (String(text), "") }
        return (String(text[..<gap.lowerBound]), String(text[gap.upperBound...].drop { $0 == " " }))
    }

    // MARK: For people

    /// - Parameter known: Classes whose fields are told below a parameter of their type.
    func lines(columns: Int, classes known: [String: [Field]] = [:]) -> [String] {
        var lines = Self.wrapped(prose, columns)
        let rows = parameters.flatMap { parameter -> [(name: String, text: String)] in
            let type = parameter.type.filter { $0 != "?" && $0 != "[" && $0 != "]" }
            return [(parameter.name, Self.described(parameter))]
                + (known[type] ?? []).map { ("  .\($0.name)", Self.described($0)) }
        }
        if !rows.isEmpty { lines += [""] + DefinitionList.lines(rows, columns: columns) }
        if !returns.isEmpty { lines.append("") }
        for result in returns {
            let text = result.text.isEmpty ? "" : ": " + result.text
            lines += Wrapping.lines("returns \(result.type)\(text)", columns: columns)
        }
        return lines
    }

    static func wrapped(_ prose: [String], _ columns: Int) -> [String] {
        var text = prose[...]
        while text.last?.isEmpty == true { text.removeLast() }
        return text.flatMap { $0.isEmpty || $0.hasPrefix(" ") ? [$0] : Wrapping.lines($0, columns: columns) }
    }

    private static func described(_ field: Field) -> String {
        field.text.isEmpty ? "(\(field.type))" : "\(field.text) (\(field.type))"
    }
}
