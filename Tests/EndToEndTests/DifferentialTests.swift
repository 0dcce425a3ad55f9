import Foundation
import Testing

/// Programs that run under Debian's `lua5.4` and under moonspot, and have to print the same and end the same.
///
/// They lie in `Programs`, one file each. A line `-- arguments: a b` in one gives it arguments, a line `-- input: 1\n2` gives
/// it that on standard input, a line `-- environment: A=x B=y` sets variables.
@Suite("A Lua program", .enabled(if: Lua.interpreter != nil, "lua5.4 is not installed"))
struct DifferentialTests {
    @Test(arguments: Lua.programs)
    func `prints and ends as under lua5.4`(name: String) async throws {
        try await expectSame(name)
    }

    /// One of coroutines in coroutines, one of all the rest of the language. `MOONSPOT_SEEDS=1000` tries as many.
    @Test(
        arguments: ["generated", "generated_code"],
        1...(Int(ProcessInfo.processInfo.environment["MOONSPOT_SEEDS"] ?? "") ?? 16))
    func `that is made at random does so too`(name: String, seed: Int) async throws {
        try await expectSame(name, [String(seed)])
    }

    @Test(.enabled(if: Lua.has("lpeg"), "lua-lpeg is not installed"))
    func `may use lpeg`() async throws { try await expectSame("lpeg_module") }

    @Test(.enabled(if: Lua.has("cjson"), "lua-cjson is not installed"))
    func `may use lua-cjson`() async throws { try await expectSame("cjson_module") }

    @Test(.enabled(if: Lua.has("pl.List"), "lua-penlight is not installed"))
    func `may use penlight`() async throws { try await expectSame("penlight_module") }

    @Test(.enabled(if: Lua.has("lfs"), "lua-filesystem is not installed"))
    func `may use LuaFileSystem`() async throws { try await expectSame("lfs_module") }

    @Test(.enabled(if: Lua.has("posix"), "luaposix is not installed for Lua 5.4"))
    func `may use luaposix`() async throws { try await expectSame("posix_module") }

    private func expectSame(_ name: String, _ arguments: [String] = []) async throws {
        let interpreter = try #require(Lua.interpreter)
        var expected = try await Lua.run(interpreter, name, arguments)
        var found = try await Lua.run(Home.binary, name, arguments)
        if Lua.withoutTracebacks[name] != nil {
            expected = expected.withoutTracebacks
            found = found.withoutTracebacks
        }
        #expect(found.output == expected.output)
        #expect(found.errors == expected.errors)
        #expect(found.status == expected.status)
    }
}

/// The two interpreters and the programs for them.
private enum Lua {
    static let interpreter = ["/usr/bin/lua5.4", "/usr/local/bin/lua5.4"].first(
        where: FileManager.default.isExecutableFile)

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Programs")

    /// Those that need nothing but Lua; `generated` runs with seeds, what ends in `_module` with its module.
    static let programs = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".lua") }.map { String($0.dropLast(4)) }
        .filter { !$0.hasPrefix("generated") && !$0.hasSuffix("_module") }.sorted()

    /// Whether `lua5.4` finds the module.
    static func has(_ module: String) -> Bool {
        guard let interpreter else { return false }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: interpreter)
        process.arguments = ["-e", "require '\(module)'"]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// Where the tracebacks differ on purpose, and why.
    static let withoutTracebacks = [
        "uncaught_in_close": """
        lua5.4 adds the traceback to the message before the to-be-closed variables get it; in moonspot they get the error \
        as it was raised.
        """,
        "uncaught_tostring_raises": "What fails while an error is printed has no traceback in moonspot.",
    ]

    static func run(_ interpreter: String, _ name: String, _ arguments: [String]) async throws -> Child.Result {
        let source = try String(contentsOf: folder.appendingPathComponent(name + ".lua"), encoding: .utf8)
        let arguments = arguments + (line("arguments", of: source)?.split(separator: " ").map(String.init) ?? [])
        let input = line("input", of: source)?.replacingOccurrences(of: "\\n", with: "\n") ?? ""
        return try await Home.with { home in
            let enter = ["/bin/bash", "-c", #"cd "$0" && exec "$@""#, folder.path, interpreter, name + ".lua"]
            var variables = ["TMPDIR": home.folder.path]
            for word in line("environment", of: source)?.split(separator: " ") ?? [] {
                let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                if parts.count == 2 { variables[parts[0]] = parts[1] }
            }
            let environment = home.environment(variables)
            var result = try await Child(enter + arguments, environment: environment).finish(input: input)
            result.output = comparable(result.output)
            result.errors = comparable(result.errors)
            return result
        }
    }

    private static func line(_ name: String, of source: String) -> String? {
        source.split(separator: "\n").first { $0.hasPrefix("-- \(name): ") }.map {
            String($0.dropFirst(name.count + 5))
        }
    }

    /// What is not the program's doing: addresses, and the interpreter's own name before a message.
    ///
    /// Three differences are meant. moonspot shows the script's line below a message; it leaves out the frame of C that runs the
    /// script; and it has one more of those, which shows in how many levels a long traceback leaves out.
    private static func comparable(_ text: String) -> String {
        text.replacing(/0x[0-9a-f]{6,}/, with: "ADDRESS")
            .replacing(#/(?m)^(\S*lua5\.4|moonspot): /#, with: "INTERPRETER: ")
            .replacing(/\(skipping \d+ levels\)/, with: "(skipping levels)")
            .replacing(#/(?m)^ +\d* \| .*\n/#, with: "")
            .replacing("\n\t[C]: in ?", with: "")
    }
}

extension Child.Result {
    fileprivate var withoutTracebacks: Child.Result {
        func plain(_ text: String) -> String {
            text.split(separator: "\n", omittingEmptySubsequences: false)
                .filter { $0 != "stack traceback:" && !$0.hasPrefix("\t") }.joined(separator: "\n")
        }
        return Child.Result(status: status, output: plain(output), errors: plain(errors))
    }
}
