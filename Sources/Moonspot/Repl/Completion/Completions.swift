/// The answer to Tab: what is sure is written, and where there are several the candidates are shown.
enum Completions {
    /// The names below a path, with their types: of `hubspot.contacts` for `["hubspot", "contacts"]`.
    typealias Names = @Sendable (_ path: [String]) async -> [(name: String, type: String)]

    /// - Parameter begun: Earlier lines of the same statement.
    static func complete(
        _ text: String, begun: String = "", names: @escaping Names, portal: PortalKnowledge = .nothing,
        surroundings: CommandSurroundings = .nothing
    ) async -> LineEditor.Completion {
        let line = text.split(separator: "\n", omittingEmptySubsequences: false).last.map(String.init) ?? text
        if line.allSatisfy(\.isWhitespace) { return LineEditor.Completion(insertion: "  ") }
        let search = CodeSearch(names: names, portal: portal, surroundings: surroundings)
        if begun.isEmpty, let words = CommandWords(text), text.first != " " {
            return await CommandSearch(code: search).complete(text, words)
        }
        let whole = begun.isEmpty ? text : begun + "\n" + text
        guard let site = CompletionSite(whole) else { return LineEditor.Completion() }
        return await choose(search.candidates(at: site), at: site)
    }

    /// What a name or a text that is written becomes.
    static func choose(_ candidates: [Candidate], at site: CompletionSite) -> LineEditor.Completion {
        choose(candidates, prefix: site.prefix) { candidate in
            if candidate.kind == .folder { return "" }
            if let quote = site.quote { return String(quote) }
            switch candidate.kind {
            case .function: return "("
            case .command: return " "
            case .option, .property: return site.call?.isAtKey == true && site.path.isEmpty ? " = " : ""
            default: return ""
            }
        }
    }

    /// As much as all candidates have in common, and with several of them the candidates.
    static func choose(
        _ candidates: [Candidate], prefix: String, ending: (Candidate) -> String
    ) -> LineEditor.Completion {
        var seen: Set<String> = []
        var matching = candidates.filter { $0.text.hasPrefix(prefix) && seen.insert($0.text).inserted }
        if matching.isEmpty, !prefix.isEmpty {
            // By what people call it: `"Ada` is the owner with that name.
            let word = prefix.lowercased()
            matching = candidates.filter { $0.label.lowercased().hasPrefix(word) && seen.insert($0.text).inserted }
            if matching.isEmpty {
                matching = candidates.filter { $0.label.lowercased().contains(word) && seen.insert($0.text).inserted }
            }
            if matching.count == 1 {
                return LineEditor.Completion(
                    insertion: matching[0].text + ending(matching[0]), replaces: prefix.count)
            }
            return LineEditor.Completion(candidates: matching.sorted { $0.text < $1.text })
        }
        matching.sort { $0.text < $1.text }
        guard let first = matching.first else { return LineEditor.Completion() }
        if matching.count == 1 {
            return LineEditor.Completion(insertion: String(first.text.dropFirst(prefix.count)) + ending(first))
        }
        var common = first.text
        for candidate in matching { common = common.commonPrefix(with: candidate.text) }
        return LineEditor.Completion(insertion: String(common.dropFirst(prefix.count)), candidates: matching)
    }
}

extension String {
    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
