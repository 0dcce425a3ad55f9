import LuaRuntime
import Words

/// A page that a search has found.
public struct HelpPage: Sendable, Equatable {
    public var name: String
    public var summary: String

    public init(name: String, summary: String) {
        self.name = name
        self.summary = summary
    }
}

extension LuaReference {
    /// The pages whose text holds all of the words, in any case; those whose name holds one come first.
    public func pages(holding words: [String]) -> [HelpPage] {
        let words = words.map { $0.lowercased() }.filter { !$0.isEmpty }
        guard !words.isEmpty else { return [] }
        let found = allPages.filter { page in
            let text = (help(for: page.name, width: .max) ?? "").lowercased()
            return words.allSatisfy { text.contains($0) }
        }
        func isNamed(_ page: HelpPage) -> Bool {
            let name = page.name.lowercased()
            return words.contains { name.contains($0) }
        }
        return found.filter(isNamed) + found.filter { !isNamed($0) }
    }

    /// The full names that are nearest to a word: of pages whose own name is near to it, or whose last part is.
    public func names(near word: String, atMost count: Int = 5) -> [String] {
        let all = allPages.map(\.name)
        if let nearest = NearestName.nearest(to: word, among: all) { return [nearest] }
        let last = Dictionary(grouping: all) { $0.split(separator: ".").last.map(String.init) ?? $0 }
        guard let nearest = NearestName.nearest(to: word, among: last.keys) else { return [] }
        return Array((last[nearest] ?? []).prefix(count))
    }

    /// Every module, function and constant once: those of types that are like others are left out.
    private var allPages: [HelpPage] {
        roots.flatMap { modules(below: $0) }.flatMap { module in
            [HelpPage(name: module.name, summary: module.summary)]
                + module.functions.map { HelpPage(name: "\(module.name).\($0.name)", summary: $0.summary) }
                + module.plainConstants.map { HelpPage(name: "\(module.name).\($0.name)", summary: $0.summary) }
        }
    }

    /// Where a function is declared, what it calls, and the Lua half of its body where it has one; nil for another name.
    public func origin(of name: String) -> String? {
        guard case .function(let function, let module)? = entry(name) else { return nil }
        var lines = [
            "\(module.name).\(function.signature) is a binding.", "declared in Sources/\(function.file)",
            function.source.map { "calls \($0)" } ?? "calls no endpoint of HubSpot's by itself",
        ]
        if case .lua(let body) = function.body, let source = module.prelude.flatMap({ Self.body(body, in: $0) }) {
            lines += ["its body is Lua:", "", source]
        }
        return lines.joined(separator: "\n")
    }

    /// The function of that name in a prelude: from its first line to the `end` that stands as far left.
    private static func body(_ name: String, in prelude: String) -> String? {
        let lines = prelude.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.firstIndex(where: { $0.hasPrefix("function bodies.\(name)(") }),
            let last = lines[first...].firstIndex(where: { $0 == "end" })
        else { return nil }
        return lines[first...last].joined(separator: "\n")
    }
}
