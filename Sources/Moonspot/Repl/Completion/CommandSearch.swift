import Bindings
import HubSpot

/// What a machine has that may stand behind a command or in a call.
struct CommandSurroundings: Sendable {
    var home = "/"
    /// The modules that `require` finds in the library.
    var modules: [String] = []
    var profiles: @Sendable () -> [String] = { [] }
    /// Names of theirs that there is help on: `csv`, `csv.read`.
    var topics: @Sendable () -> [String] = { [] }

    static let nothing = CommandSurroundings()
}

/// What may stand in a command's line.
struct CommandSearch: Sendable {
    let code: CodeSearch
    private var surroundings: CommandSurroundings { code.surroundings }

    func complete(_ text: String, _ words: CommandWords) async -> LineEditor.Completion {
        if text.first == ":", !text.contains(" ") {
            let names = CommandTable.all.map { Candidate(":" + $0.name, .command) }
            return Completions.choose(names, prefix: text) { _ in " " }
        }
        guard case .command(let command) = CommandTable.find(words.name) else { return LineEditor.Completion() }
        // The words behind the name, with white space at the end.
        let rest =
            text.first == "?" ? String(text.drop { $0 == "?" }) : String(text.drop { !$0.isWhitespace }.dropFirst())
        let last = String(
            rest[(rest.lastIndex(where: \.isWhitespace).map { rest.index(after: $0) } ?? rest.startIndex)...])
        let earlier = CommandWords.split(String(rest.dropLast(last.count)))
        switch command.completes {
        case .nothing: return LineEditor.Completion()
        case .code: return await completeCode(rest)
        case .timedCode:
            let behind = earlier.isEmpty ? "" : String(rest.drop { !$0.isWhitespace }.drop(while: \.isWhitespace))
            return earlier.first.flatMap(Double.init) != nil ? await completeCode(behind) : await completeCode(rest)
        case .helpTopic:
            if last.first == ":" {
                return Completions.choose(CommandTable.all.map { Candidate(":" + $0.name, .command) }, prefix: last) {
                    _ in ""
                }
            }
            return await completeTopic(last)
        case .file: return Self.completeFile(rest, home: surroundings.home)
        case .setting:
            if earlier.isEmpty { return choose(Setting.all.map { Candidate($0.name, .option) }, last, " ") }
            guard let setting = try? Setting.named(earlier[0]) else { return LineEditor.Completion() }
            let values = setting.values.filter { $0 != $0.uppercased() }
            if setting.name == "columns" { return completeColumns(last, values) }
            return choose(values.map { Candidate($0, .option) }, last, "")
        case .objectType:
            guard earlier.isEmpty else {
                let found = await code.portal.properties(of: earlier[0])
                return choose(found.map { Candidate($0.name, .property) }, last, "")
            }
            return choose(ObjectType.standard.map { Candidate($0.name, .option) }, last, " ")
        case .property:
            guard let dot = last.firstIndex(of: ".") else {
                return choose(ObjectType.standard.map { Candidate($0.name, .option) }, last, ".")
            }
            let found = await code.portal.properties(of: String(last[..<dot])).filter { !$0.options.isEmpty }
            let name = String(last[dot...].dropFirst())
            return choose(found.map { Candidate($0.name, .property) }, name, "")
        case .module:
            let loaded = await code.names(["package", "loaded"]).filter {
                $0.type == "table" && !Self.builtIn.contains($0.name)
            }
            return choose(loaded.map { Candidate($0.name, .table) }, last, "")
        case .profile: return choose(surroundings.profiles().map { Candidate($0, .option) }, last, "")
        case .form: return choose(await code.formNames(), String(rest.drop(while: \.isWhitespace)), "")
        case .words(let words): return choose(words.map { Candidate($0, .option) }, last, " ")
        }
    }

    /// What comes from no file.
    private static let builtIn: Set<String> = [
        "_G", "coroutine", "debug", "hubspot", "io", "json", "math", "moonspot", "os", "package", "string", "table",
        "task", "utf8",
    ]

    /// Names that there is help on: of Lua's values, of modules that are not required yet, of commands.
    private func completeTopic(_ word: String) async -> LineEditor.Completion {
        guard let site = CompletionSite(word) else { return LineEditor.Completion() }
        var found = await code.candidates(at: site).filter { $0.kind != .keyword }
        if site.path.isEmpty, site.quote == nil { found += CommandTable.all.map { Candidate($0.name, .command) } }
        let before = word.dropLast(site.prefix.count)
        found += surroundings.topics().filter { $0.hasPrefix(before) }.map { $0.dropFirst(before.count) }
            .filter { !$0.contains(".") && !$0.contains(":") }.map { Candidate(String($0), .function) }
        return Completions.choose(found, prefix: site.prefix) { _ in "" }
    }

    /// Names between commas: of any property that is known.
    private func completeColumns(_ word: String, _ words: [String]) -> LineEditor.Completion {
        let name = word.split(separator: ",", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        let known = Set(code.portal.known().flatMap { $0.map(\.name) } + ["id", "createdAt", "updatedAt"])
        let candidates = known.map { Candidate($0, .property) } + words.map { Candidate($0, .option) }
        return choose(candidates, name, "")
    }

    private func choose(_ candidates: [Candidate], _ prefix: String, _ ending: String) -> LineEditor.Completion {
        Completions.choose(candidates, prefix: prefix) { _ in ending }
    }

    private func completeCode(_ text: String) async -> LineEditor.Completion {
        guard let site = CompletionSite(text) else { return LineEditor.Completion() }
        return await Completions.choose(code.candidates(at: site), at: site)
    }

    /// The last word as a path. A space in a name is written behind a backslash, unless a quote is open.
    static func completeFile(_ text: String, home: String) -> LineEditor.Completion {
        var word = ""
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                word.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if let open = quote {
                if character == open { (word, quote) = ("", nil) } else { word.append(character) }
            } else if character == "'" || character == "\"" {
                (word, quote) = ("", character)
            } else if character.isWhitespace {
                word = ""
            } else {
                word.append(character)
            }
        }
        let (folder, name) = FileSearch.split(word)
        let entries = FileSearch.entries(
            in: HomePath.expanded(folder.isEmpty ? "." : folder, home: home), beginning: name)
        var completion = Completions.choose(entries, prefix: name) {
            $0.kind == .folder ? "" : quote.map { String($0) } ?? " "
        }
        if quote == nil {
            let isDone = completion.insertion.hasSuffix(" ")
            let inserted = isDone ? String(completion.insertion.dropLast()) : completion.insertion
            completion.insertion = inserted.replacing(" ", with: "\\ ") + (isDone ? " " : "")
        }
        return completion
    }
}
