import Foundation
import LuaRuntime
import Testing

@Suite("An untrusted script") struct UntrustedTests {
    private func untrusted(_ source: String) async throws -> [LuaValue] {
        try await lua(source) { $0.isUntrusted = true }
    }

    @Test(arguments: [
        "io", "debug.getinfo", "debug.getregistry", "debug.sethook", "os.execute", "os.exit", "os.remove", "os.rename",
        "os.tmpname", "os.getenv", "package.loadlib",
        "package.searchpath", "string.dump",
    ])
    func `lacks`(name: String) async throws {
        #expect(try await untrusted("return \(name)") == [nil])
    }

    @Test func `cannot load bytecode`() async throws {
        let code = try await lua("return string.dump(function() return 1 end)")
        let values = try await withRuntime({ $0.isUntrusted = true }) { runtime in
            try await runtime.run(
                LuaChunk(
                    "local code = ... return load(code), load(code, 'x', 'b'), (load('return 2', 'x', 't'))()",
                    name: "=t"),
                arguments: code)
        }
        #expect(values == [nil, nil, 2])
    }

    @Test func `cannot require C modules or files outside its folder`() async throws {
        let folder = try temporaryFolder(["inside.lua": "return 'inside'", "sub/init.lua": "return 'sub'"])
        let outside = try temporaryFolder(["secret.lua": "return 'secret'"])
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/link.lua", withDestinationPath: outside + "/secret.lua")
        let values = try await lua(
            """
            local function try(f, ...) local ok, value = pcall(f, ...) return ok and value end
            return require('inside'), require('sub'), try(require, 'link'), try(require, 'lpeg'),
              try(dofile, '\(outside)/secret.lua'), try(dofile, '../\(outside.split(separator: "/").last!)/secret.lua'),
              dofile('inside.lua'), loadfile('\(outside)/secret.lua')
            """
        ) {
            $0.isUntrusted = true
            $0.scriptFolder = folder
        }
        #expect(values.prefix(8) == ["inside", "sub", false, false, false, false, "inside", nil])
    }

    @Test func `reaches no metatable of strings`() async throws {
        #expect(try await untrusted("return getmetatable('')") == [false])
    }

    @Test func `reaches no metatable of tasks`() async throws {
        #expect(try await untrusted("return getmetatable(task.spawn(print)).__gc") == [nil])
    }

    @Test func `cannot change what the host's own Lua sees`() async throws {
        let values = try await untrusted(
            "pcall = nil error = nil setmetatable = nil return host.twice(function() return 1 end)")
        #expect(values == [1, 1])
    }

    @Test func `keeps debug.traceback`() async throws {
        #expect(try await untrusted("return type(debug.traceback()), require('debug') == debug") == ["string", true])
    }

    @Test func `keeps what is harmless`() async throws {
        let values = try await untrusted(
            "return type(os.time()), #string.rep('x', 3), utf8.char(228), math.max(1, 2), table.concat({ 1, 2 }, ',')")
        #expect(values == ["number", 3, "ä", 2, "1,2"])
    }

    private func temporaryFolder(_ files: [String: String]) throws -> String {
        let folder = NSTemporaryDirectory() + "moonspot-" + UUID().uuidString
        for (name, text) in files {
            let path = folder + "/" + name
            try FileManager.default.createDirectory(
                atPath: String(path[..<path.lastIndex(of: "/")!]), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }
        return folder
    }
}
