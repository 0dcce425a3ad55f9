import LuaRuntime
import Testing

/// Compiled Lua breaks the virtual machine's promises, so that no way may lead to it from an untrusted script.
@Suite("Bytecode in an untrusted script") struct BytecodeTests {
    /// A compiled chunk, with what may stand before one in a file.
    private static func compiled(_ before: [UInt8] = []) async throws -> [UInt8] {
        let values = try await lua("return string.dump(load('reached = true return 1'))")
        return before + (values.first?.asBytes ?? [])
    }

    private static let prefixes: [[UInt8]] = [
        [], Array("#!/usr/bin/env moonspot\n".utf8), [0xEF, 0xBB, 0xBF], [0xEF, 0xBB, 0xBF] + Array("# x\n".utf8),
    ]

    @Test(arguments: prefixes, [LuaChunk.Kind.script, .typed, .expression])
    func `is no chunk`(prefix: [UInt8], kind: LuaChunk.Kind) async throws {
        let bytes = try await Self.compiled(prefix)
        try await withRuntime({ $0.isUntrusted = true }) { runtime in
            let failure = await #expect(throws: LuaFailure.self) {
                try await runtime.run(LuaChunk(bytes: bytes, name: "@script.luac", kind: kind))
            }
            #expect(failure?.cause == .syntax)
            if kind == .script {
                #expect(failure?.message.hasPrefix("script.luac: compiled Lua is not loaded here") == true)
            }
            let left = try await runtime.run(LuaChunk("return reached", name: "=t"))
            #expect(left == [nil])
        }
    }

    @Test func `is a chunk of a trusted one`() async throws {
        for prefix in Self.prefixes {
            let bytes = try await Self.compiled(prefix)
            let values = try await withRuntime { try await $0.run(LuaChunk(bytes: bytes, name: "@s")) }
            #expect(values == [1])
        }
    }

    @Test(arguments: [
        "load(code)", "load(code, 'x')", "load(code, 'x', 'b')", "load(code, 'x', 'bt')", "load(code, 'x', nil, {})",
        "load(code, '=x', 'tb')",
        "load(function() local all = code code = nil return all end)",
        "load(function() local all = code code = nil return all end, 'x', 'b')",
        "load((function() local at = 0 return function() at = at + 1 return #code >= at and code:sub(at, at) or nil end end)(), 'x', 'bt')",
        "loadfile('code.luac')", "loadfile('code.luac', 'b')", "loadfile('code.luac', 'bt', {})",
        "loadfile('shebang.luac')",
    ])
    func `is loaded by no function`(call: String) async throws {
        #expect(try await outcome("local f, why = \(call) return f == nil and type(why) == 'string'") == [true, nil])
    }

    @Test(arguments: [
        "dofile('code.luac')", "dofile('shebang.luac')", "require('module')", "require('folder')", "string.dump(print)",
        "('').dump(print)",
    ])
    func `is run by no function`(call: String) async throws {
        #expect(try await outcome("return not pcall(function() \(call) end)") == [true, nil])
    }

    /// What the code answers with the bytes in `code` and in files beside it, and what a compiled chunk would leave.
    private func outcome(_ code: String) async throws -> [LuaValue] {
        let bytes = try await Self.compiled(), shebang = try await Self.compiled(Self.prefixes[1])
        return try await TemporaryFolder.with([
            "code.luac": bytes, "shebang.luac": shebang, "module.lua": bytes, "folder/init.lua": shebang,
        ]) { folder in
            try await withRuntime({
                $0.isUntrusted = true
                $0.scriptFolder = folder
            }) { runtime in
                let answer = try await runtime.run(
                    LuaChunk("code = ... \(code)", name: "=t"), arguments: [.bytes(bytes)])
                return answer + (try await runtime.run(LuaChunk("return reached", name: "=t")))
            }
        }
    }
}

@Suite("A script's folder") struct ModuleFolderTests {
    @Test(arguments: ["", " with spaces", ";odd?", "日本"])
    func `is where require looks first`(name: String) async throws {
        let files = [
            "lib\(name)/b.lua": Array("return { name = ... }".utf8), "lib\(name)/sub/init.lua": Array("return 2".utf8),
        ]
        try await TemporaryFolder.with(files) { folder in
            for isUntrusted in [false, true] {
                let values = try await lua("return require('b').name, (require('sub'))") {
                    $0.scriptFolder = folder + "/lib" + name
                    $0.isUntrusted = isUntrusted
                }
                #expect(values == ["b", 2])
            }
        }
    }

    @Test func `leads package.path once`() async throws {
        let values = try await withRuntime { runtime in
            let plain = try await runtime.run(LuaChunk("return package.path, package.cpath", name: "=t"))
            for _ in 1...2 { await runtime.setScriptFolder("/a/b") }
            let led = try await runtime.run(LuaChunk("return package.path, package.cpath", name: "=t"))
            #expect(led[0] == .string("/a/b/?.lua;/a/b/?/init.lua;" + (plain[0].asString ?? "")))
            #expect(led[1] == .string("/a/b/?.so;" + (plain[1].asString ?? "")))
            await runtime.setScriptFolder(".")
            return try await runtime.run(LuaChunk("return select(2, pcall(require, 'nowhere'))", name: "=t"))
        }
        #expect(values[0].asString?.contains("no file '/a/b/nowhere.lua'") == true)
    }
}
