import Foundation
import Testing

@Suite("moonspot check") struct CheckCommandTests {
    @Test func `tells file, line and column of what it finds, and ends with 1`() async throws {
        try await Home.with { home in
            let wrong = try home.write("local ok = true\nhubspot.contacts.serach('x')\nprint(ok)\n", to: "wrong.lua")
            let broken = try home.write("local x = = 1\n", to: "broken.lua")
            let clean = try home.write("#!/usr/bin/env moonspot\nprint(hubspot.contacts.count())\n", to: "clean.lua")
            let result = try await home.run("check", wrong, broken, clean)
            let lines = result.output.split(separator: "\n").map(String.init)
            #expect(lines.count == 2)
            #expect(lines.first?.hasPrefix("\(wrong):2:18: ") == true, "\(result.output)")
            #expect(lines.first?.hasSuffix("did you mean 'search'?") == true)
            #expect(lines.last == "\(broken):1:11: unexpected symbol near '='")
            #expect(result.status == 1)
            let fine = try await home.run("check", clean)
            #expect(fine.output + fine.errors == "")
            #expect(fine.status == 0)
        }
    }

    @Test func `ends with 2 where a file cannot be read, and checks the others`() async throws {
        try await Home.with { home in
            let wrong = try home.write("return hubspot.nothing", to: "wrong.lua")
            let result = try await home.run("check", home.path("none.lua"), wrong)
            #expect(result.errors.contains("none.lua: No such file"))
            #expect(result.output.contains("wrong.lua:1:16:"))
            #expect(result.status == 2)
            #expect(try await home.run("check").status == 2)
        }
    }

    @Test func `finds locals that nothing reads with luacheck and without`() async throws {
        try await Home.with { home in
            let file = try home.write("local unread = 1\nprint(undefined_name)\n", to: "a.lua")
            let alone = try await home.run("check", file, environment: ["PATH": "/nowhere"])
            #expect(alone.output == "\(file):1:7: unused variable 'unread'\n")
            guard FileManager.default.isExecutableFile(atPath: "/usr/bin/luacheck") else { return }
            let both = try await home.run("check", file)
            #expect(both.output.contains("\(file):1:7: unused variable 'unread'\n"))
            #expect(both.output.contains("\(file):2:7: accessing undefined variable 'undefined_name'\n"))
            #expect(both.output.split(separator: "\n").count == 2)
        }
    }
}

@Suite("The report of an error") struct ErrorReportTests {
    @Test func `shows the script's line and its own frames`() async throws {
        try await Home.with { home in
            let script = try home.write(
                """
                local function ask(id)
                  return hubspot.contacts.get(id)
                end
                local contact = ask(999999)
                print(contact)
                """, to: "a.lua")
            let result = try await home.run("--simulator", script)
            #expect(result.status == 1)
            #expect(
                result.errors.contains("  2 |   return hubspot.contacts.get(id)\n    |                           ^\n"))
            #expect(!result.errors.contains("[C]"))
            // Lua shortens long paths at their beginning.
            #expect(result.errors.contains("/a.lua:2: in"))
            #expect(result.errors.contains("/a.lua:4: in main chunk"))
        }
    }

    @Test func `has a caret for wrong syntax and for Lua's own errors`() async throws {
        try await Home.with { home in
            let syntax = try await home.run(try home.write("local x = 1\nx = )\n", to: "a.lua"))
            #expect(syntax.errors.hasSuffix("  2 | x = )\n    |     ^\n"))
            let field = try await home.run("-e", "local t = {} print(t.foo.bar)")
            #expect(field.errors.contains("  1 | local t = {} print(t.foo.bar)\n    |                      ^\n"))
        }
    }

    @Test func `has no traceback where there is no credential`() async throws {
        try await Home.with { home in
            let script = try home.write("local function f() hubspot.contacts.get(1) end\nf()\n", to: "a.lua")
            let result = try await home.run(script)
            #expect(result.status == 3)
            #expect(result.errors.contains("unauthenticated"))
            #expect(!result.errors.contains("traceback"))
            let usage = try await home.run("--simulator", "-e", "hubspot.contacts.get()")
            #expect(usage.errors.contains("missing argument"))
            #expect(!usage.errors.contains("traceback"))
        }
    }
}
