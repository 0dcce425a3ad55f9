import Foundation
import Testing

@Suite("--untrusted") struct UntrustedTests {
    /// Compiled Lua in files of its own, with and without the line that names the interpreter.
    private func withBytecode(_ body: (Home) async throws -> Void) async throws {
        try await Home.with { home in
            let source = """
                local code = string.dump(load("print('re' .. 'ached')"))
                for name, text in pairs{ ["plain.luac"] = code, ["shebang.luac"] = "#!/usr/bin/env moonspot\\n" .. code } do
                  local file <close> = assert(io.open(... .. "/" .. name, "wb"))
                  file:write(text)
                end
                """
            let made = try await home.run("-e", source, home.folder.path)
            #expect(made.status == 0, "\(made.errors)")
            try await body(home)
        }
    }

    @Test(arguments: ["plain.luac", "shebang.luac"])
    func `runs no bytecode, from a file or standard input`(name: String) async throws {
        try await withBytecode { home in
            let file = home.path(name)
            for line in [
                #""$@" --untrusted \#(file)"#, #""$@" --untrusted run \#(file)"#, #""$@" --untrusted - < \#(file)"#,
                #""$@" --untrusted < \#(file)"#, #"cat \#(file) | "$@" --untrusted"#,
            ] {
                let result = try await home.shell(line)
                #expect(result.status == 1, "\(line)")
                #expect(!result.output.contains("reached"), "\(line)")
                #expect(result.errors.split(separator: "\n").count == 1, "\(line): \(result.errors)")
                #expect(result.errors.contains("compiled Lua is not loaded here"), "\(line): \(result.errors)")
            }
            let trusted = try await home.run(file)
            #expect(trusted.output == "reached\n")
        }
    }

    @Test(arguments: ["plain.luac", "shebang.luac"])
    func `runs none before the console or in it`(name: String) async throws {
        try await withBytecode { home in
            let terminal = try Terminal(home, ["--simulator", "--untrusted", "-i", home.path(name)])
            try await terminal.expect("compiled Lua is not loaded here")
            try await terminal.expect("20000001>")
            terminal.enter(":run \(home.path(name))")
            try await terminal.expect("compiled Lua is not loaded here")
            terminal.enter("print('not ' .. 'more')")
            let seen = try await terminal.expect("not more\n")
            #expect(!seen.contains("reached"))
        }
    }
}

@Suite("A script's own modules") struct OwnModulesTests {
    @Test(arguments: [[], ["--untrusted"]]) func `are found beside it, from wherever it runs`(options: [String])
        async throws
    {
        try await Home.with { home in
            for folder in ["project", "project/lib", "elsewhere"] {
                try FileManager.default.createDirectory(atPath: home.path(folder), withIntermediateDirectories: true)
            }
            try home.write("return { name = 'beside', sub = require 'lib.c' }", to: "project/b.lua")
            try home.write("return 'below'", to: "project/lib/c.lua")
            try home.write("return { name = 'the wrong one' }", to: "elsewhere/b.lua")
            try home.write("local b = require 'b' print(b.name, b.sub, require 'csv' ~= nil)", to: "project/a.lua")
            let words = options.joined(separator: " ")
            for line in [
                #"cd '\#(home.path("elsewhere"))' && "$@" \#(words) ../project/a.lua"#,
                #"cd '\#(home.path("project"))' && "$@" \#(words) a.lua"#,
                #"cd / && "$@" \#(words) '\#(home.path("project"))/a.lua'"#,
                #"cd '\#(home.path("project"))/lib' && "$@" \#(words) run ./../a.lua"#,
            ] {
                let result = try await home.shell(line)
                #expect(result.output == "beside\tbelow\ttrue\n", "\(line): \(result.errors)")
            }
        }
    }

    @Test func `are looked for where require's message says`() async throws {
        try await Home.with { home in
            try FileManager.default.createDirectory(atPath: home.path("project"), withIntermediateDirectories: true)
            let script = try home.write("require 'nowhere'", to: "project/a.lua")
            let result = try await home.run(script)
            #expect(result.status == 1)
            #expect(result.errors.contains("no file '\(home.path("project"))/nowhere.lua'"))
        }
    }
}
