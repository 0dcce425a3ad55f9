import Bindings
import LuaRuntime

/// `??name`: where a binding is declared, or the lines of a Lua function.
struct SourceText: Sendable {
    var library: Library
    /// False for an untrusted script, which may not read files by way of a function that claims to come from one.
    var readsFiles: Bool

    /// Of a declared function; nil for any other name.
    static func binding(_ name: String) -> String? {
        let path = HelpText.path(name)
        return [path, "hubspot." + path].lazy.compactMap { MoonspotModules.reference.origin(of: $0) }.first
    }

    /// `csv.open(` as `csv.open`, and so `require("csv").open`.
    static func path(_ name: String) -> String {
        if let match = name.wholeMatch(of: /require\s*\(?\s*["']([\w.]+)["']\s*\)?((?:[.:]\w+)*)\s*\(?.*/) {
            return String(match.1) + match.2.replacing(":", with: ".")
        }
        return HelpText.path(name)
    }

    /// Of what has a name: a binding, a module.
    func text(named name: String) -> String? {
        if let text = Self.binding(name) { return text }
        if let chunk = library.chunk(name), library.names.contains(name) {
            return (["-- " + Escaping.visible(Self.shown(chunk.name))] + Self.visible(chunk.source)).joined(
                separator: "\n")
        }
        let path = HelpText.path(name)
        if [path, "hubspot." + path].contains(where: { MoonspotModules.reference.functionNames(of: $0) != nil }) {
            return "\(Escaping.visible(name)) is a module of moonspot's: ?\(Escaping.visible(name)) lists its functions"
        }
        return LuaManual.page(name)
    }

    private static func visible(_ source: [UInt8]) -> [String] {
        String(decoding: source, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map { Escaping.visible(String($0).replacing("\t", with: "    ")) }
    }

    /// The module of the library that a chunk is; nil for any other.
    func module(of chunk: String) -> String? {
        guard chunk.first == "@" else { return nil }
        return library.names.first { library.chunk($0)?.name == chunk }
    }

    /// The source that a chunk was compiled from; nil where it is not kept: a typed line, a function of C.
    func source(of chunk: String) -> String? {
        guard let first = chunk.first, first == "@" else { return nil }
        let path = String(chunk.dropFirst())
        if let module = library.module(at: path) { return String(decoding: module.source, as: UTF8.self) }
        guard readsFiles, let bytes = try? FileBytes.read(path) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What there is to say of a Lua function: its lines with where they stand, or why they are not there.
    func text(chunk: String, lines: ClosedRange<Int>?) -> String {
        guard let lines else { return "a function of Lua's own, in C: see https://www.lua.org/manual/5.4/" }
        guard let source = source(of: chunk) else {
            return
                "the source of this function is not kept: it was made at \(Escaping.visible(Self.shown(chunk))):\(lines.lowerBound)"
        }
        let all = source.split(separator: "\n", omittingEmptySubsequences: false)
        let first = min(lines.lowerBound, all.count), last = min(lines.upperBound, all.count)
        let shown = all[(first - 1)..<last].map { Escaping.visible(String($0).replacing("\t", with: "    ")) }
        return (["-- \(Escaping.visible(Self.shown(chunk))):\(first)"] + shown).joined(separator: "\n")
    }

    /// As Lua names a chunk in messages.
    private static func shown(_ chunk: String) -> String {
        chunk.first == "@" || chunk.first == "=" ? String(chunk.dropFirst()) : "[string]"
    }
}
