import Bindings
import Words

/// `:help`, `?name` and `help(…)`: a page, or the pages that hold some words.
struct HelpText: Sendable {
    var library: Library
    var columns: Int
    var style: Style
    /// The session, which knows what its credential opens; nil where that does not matter.
    var source: SessionSource?

    /// Pages that a search names; the rest is counted.
    private static let mostPages = 20

    /// - Parameter words: The name of a page, or words to look for; nil for what there is.
    func text(_ words: String?) -> String {
        let words = words?.split(whereSeparator: \.isWhitespace).joined(separator: " ") ?? ""
        guard !words.isEmpty else { return overview }
        if let page = page(words) { return page + "\n" }
        if let manual = LuaManual.page(words) {
            return Wrapping.lines(manual, columns: width).map { $0 + "\n" }.joined()
        }
        let found = found(words.split(separator: " ").map(String.init))
        if !found.isEmpty { return list(found, words) }
        let near = reference.names(near: words)
        let nearest = NearestName.nearest(to: words, among: library.names)
        let meant = near.isEmpty ? nearest.map { [$0] } ?? [] : near
        let hint = meant.isEmpty ? ";" : "; did you mean \(meant.joined(separator: " or "))?"
        return "no help on \(Escaping.visible(words))\(hint) :help lists what there is\n"
    }

    private var reference: LuaReference { MoonspotModules.reference }
    private var width: Int { min(columns, 100) }

    /// The page of that name: of a binding, whole or from below `hubspot`, or of a module or function of stdlib.
    func page(_ name: String) -> String? {
        if name.hasPrefix(":"), case .command(let command) = CommandTable.find(String(name.dropFirst())) {
            return page(on: command)
        }
        // Text behind the name may be pasted along: `hubspot.contacts.get(`.
        let path = Self.path(name)
        guard !path.contains(" ") else { return nil }
        for name in [path, "hubspot." + path] {
            guard let text = reference.help(for: name, width: width) else { continue }
            let openness = source?.openness(of: name).map { line in
                Wrapping.lines(line, columns: width).map { "\n" + style.dim($0) }.joined()
            }
            return text + (openness ?? "")
        }
        if let text = LuaDocumentation.page(path, library: library, width: width) { return text }
        return CommandTable.all.first { $0.name == name }.map { page(on: $0) }
    }

    /// The page on a Lua function by where it begins: of the library, or a script's own with the comment above it.
    func page(chunk: String, line: Int, _ sources: SourceText) -> String? {
        if let module = sources.module(of: chunk),
            let page = LuaDocumentation.page(atLine: line, of: module, library: library, width: width)
        {
            return page
        }
        return sources.source(of: chunk).flatMap { LuaSource.function(atLine: line, of: $0) }.map { line, comment in
            ([line] + comment).map { Escaping.visible($0) }.joined(separator: "\n")
        }
    }

    /// `hubspot.contacts:get(` as `hubspot.contacts.get`.
    static func path(_ name: String) -> String {
        name.prefix { $0 != "(" }.split(separator: ":", omittingEmptySubsequences: false).joined(separator: ".")
    }

    private func found(_ words: [String]) -> [HelpPage] {
        reference.pages(holding: words) + LuaDocumentation.pages(holding: words, library: library)
            + CommandTable.all.filter { command in
                let text = "\(command.line) \(command.summary) \(command.details)".lowercased()
                return words.allSatisfy { text.contains($0.lowercased()) }
            }.map { HelpPage(name: ":" + $0.name, summary: $0.summary) }
    }

    private func list(_ pages: [HelpPage], _ words: String) -> String {
        let most = pages.count <= Self.mostPages + 5 ? pages.count : Self.mostPages
        let rows = pages.prefix(most).map { [Escaping.visible($0.name), $0.summary] }
        let lines = AlignedColumns(rows).lines(alignment: [1: .loose], room: columns)
        let more = pages.count - rows.count
        let heading = "\(Counts.counted(pages.count, "page")) on \(Escaping.visible(words)); ?name shows one\n"
        return style.dim(heading) + lines.map { $0 + "\n" }.joined()
            + (more > 0 ? style.dim("… and \(more) more; further words find fewer\n") : "")
    }

    /// The page on a command: `:run`.
    private func page(on command: ConsoleCommand) -> String {
        let lines = [command.summary] + (command.details.isEmpty ? [] : [command.details])
        let text = lines.flatMap { Wrapping.lines($0, columns: width) }.joined(separator: "\n")
        return style.cyan(command.line) + "\n" + text
    }

    private var overview: String {
        let rows = CommandTable.all.map { (name: $0.line, text: $0.summary) }
        let commands = DefinitionList.lines(rows, columns: columns, styled: style.cyan)
        let modules = reference.help(for: "", width: width).map { ["", $0] } ?? []
        let words = [
            "Type Lua; an expression prints its value; _ is the last one, _1 to _9 those before it, _err the last error.",
            "Tab completes, Ctrl-R searches the history, Ctrl-C stops. Commands may be cut: :hi is :history.",
            "?NAME or help(f) tells what a function does, ??NAME shows its source.",
        ].flatMap { Wrapping.lines($0, columns: columns) }
        return (words + commands + modules).joined(separator: "\n") + "\n"
    }
}
