import Bindings
import HubSpot
import LuaRuntime

/// What is wrong with a script as far as that shows without running it.
struct ScriptCheck: Sendable {
    /// Compiles; runs nothing of the scripts.
    private let runtime: LuaRuntime
    private let names: NameCheck

    init() throws(LuaFailure) {
        runtime = try LuaRuntime(LuaRuntime.Options())
        let source = SessionSource(description: SessionDescription()) { () throws(HubSpotError) in
            throw HubSpotError.cancelled  // nothing is called
        }
        names = NameCheck(MoonspotModules.all(session: source))
    }

    /// - Parameter unusedLocals: Whether locals that nothing reads are told too: not where luacheck does.
    func findings(_ bytes: [UInt8], unusedLocals: Bool = true) async -> [Finding] {
        let source = Self.withoutFirstLine(bytes)
        let lines = SourceLines(source)
        if let problem = await syntaxProblem(source, lines) { return [problem] }
        let outline = LuaOutline(source)
        var findings = names.findings(outline, lines)
        if unusedLocals { findings += Self.unused(outline, lines) }
        return findings.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }

    func close() async { await runtime.close() }

    /// A first line for the shell becomes a comment of the same length.
    private static func withoutFirstLine(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.first == UInt8(ascii: "#") else { return bytes }
        let end = bytes.firstIndex(of: 0x0A) ?? bytes.count
        return Array(repeating: UInt8(ascii: "-"), count: end) + bytes[end...]
    }

    private static func unused(_ outline: LuaOutline, _ lines: SourceLines) -> [Finding] {
        outline.locals.filter { local in
            !local.isRead && !local.name.hasPrefix("_") && (local.kind == .variable || local.kind == .function)
        }.map { local in
            let (line, column) = lines.place(of: local.place)
            let noun = local.kind == .function ? "function" : "variable"
            return Finding(line: line, column: column, message: "unused \(noun) '\(local.name)'")
        }
    }

    // MARK: Syntax

    /// Lua's own message, and where it stands.
    private func syntaxProblem(_ source: [UInt8], _ lines: SourceLines) async -> Finding? {
        guard let message = await compileError(source) else { return nil }
        let parts = message.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let line = Int(parts[1]) else { return Finding(line: 1, column: 1, message: message) }
        let text = String(parts[2].drop { $0 == " " })
        var column = 1
        if let start = lines.start(of: line), let bytes = lines.bytes(line) {
            // The first word or symbol that no further text could mend.
            var tokens = LuaTokens(Array(source[..<(start + bytes.count)]), from: start)
            column = lines.place(of: start + bytes.count).column
            while tokens.next() != nil {
                let prefix = Array(source[..<tokens.previousEnd])
                if let early = await compileError(prefix), !early.hasSuffix("near <eof>") {
                    column = lines.place(of: tokens.previousBegin).column
                    break
                }
            }
        }
        return Finding(line: line, column: column, message: text)
    }

    private func compileError(_ source: [UInt8]) async -> String? {
        let chunk = LuaChunk(
            "local source = ... local _, problem = load(source, '=x', 't') return problem", name: "=check")
        guard let values = try? await runtime.run(chunk, arguments: [.bytes(source)]) else {
            return "x:1: cannot be read"
        }
        return values.first?.asString
    }
}
