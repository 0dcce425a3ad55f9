import Foundation
import Testing

@Suite("Running code") struct RunnerTests {
    @Test(arguments: [
        ("1 + 1", "2\n"),
        ("return 1, 'a', true", "1\ta\ttrue\n"),
        ("return nil", "nil\n"),
        ("local x = 1", ""),
        ("'a string stands bare'", "a string stands bare\n"),
        ("print('printed') return 'returned'", "printed\nreturned\n"),
        ("select('#', ...), ...", "2\ta b\tc\n"),
    ])
    func `prints the values that -e returns`(code: String, printed: String) async throws {
        try await Home.with { home in
            let result = try await home.run("-e", code, "a b", "c")
            #expect(result.output == printed)
            #expect(result.errors.isEmpty)
            #expect(result.status == 0)
        }
    }

    @Test(arguments: [
        ["-e", "print(1)", "-e", "print(2)"], ["-eprint(1)", "--simulator", "-i", "-e", "print(2)", "x"],
    ])
    func `refuses a second piece of code, which would hide the first`(words: [String]) async throws {
        try await Home.with { home in
            let result = try await home.start(words).finish()
            #expect(result.output.isEmpty)
            #expect(result.errors.contains("-e is given 2 times"), "\(result.errors)")
            #expect(result.status == 2)
        }
    }

    @Test func `prints values as JSON, JSON lines and CSV`() async throws {
        try await Home.with { home in
            let code = #"return { { email = "a@example.org", n = 1 }, { email = "b@example.org", n = 2 } }"#
            let json = try await home.run("--output", "json", "-e", code)
            let decoded = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
            #expect(decoded?.compactMap { $0["email"] as? String } == ["a@example.org", "b@example.org"])
            let lines = try await home.run("--output", "jsonl", "-e", code)
            #expect(lines.output.split(separator: "\n").count == 2)
            let table = try await home.run("--output", "csv", "-e", code)
            #expect(table.output.contains("a@example.org"))
            #expect(table.output.contains("b@example.org"))
        }
    }

    @Test func `gives a script its arguments and its name`() async throws {
        try await Home.with { home in
            let script = try home.write("print(arg[0], #arg, ...)", to: "script.lua")
            let result = try await home.run(script, "one", "--two", "-e")
            #expect(result.output == "\(script)\t3\tone\t--two\t-e\n")
            #expect(try await home.run("run", script, "x").output == "\(script)\t1\tx\n")
        }
    }

    @Test func `reads a script from standard input, named or not`() async throws {
        try await Home.with { home in
            let named = try await home.run("-", "x", input: "print('from input', ...)")
            #expect(named.output == "from input\tx\n", "\(named.errors)")
            let unnamed = try await home.run(input: "print('not a terminal')")
            #expect(unnamed.output == "not a terminal\n", "\(unnamed.errors)")
        }
    }

    @Test func `skips the line that names the interpreter`() async throws {
        try await Home.with { home in
            let script = try await home.writeProgram("#!/usr/bin/env moonspot\nprint('ran', ...)\n", to: "tool")
            let result = try await Child([script, "x"], environment: home.environment()).finish()
            #expect(result.output == "ran\tx\n", "\(result.errors)")
        }
    }

    @Test func `keeps what was asked for apart from everything else`() async throws {
        try await Home.with { home in
            let script = try home.write("print('asked for')\nerror('went wrong')\n", to: "script.lua")
            let result = try await home.run(script)
            #expect(result.output == "asked for\n")
            #expect(result.errors.contains("script.lua:2: went wrong"))
            #expect(result.status == 1)
        }
    }

    @Test func `names the script's file and line in an error of HubSpot's`() async throws {
        try await Home.with { home in
            let script = try home.write("local id = 999999999\nhubspot.contacts.get(id)\n", to: "script.lua")
            let result = try await home.run("--simulator", script)
            #expect(result.status == 1)
            #expect(result.errors.contains("script.lua:2"), "\(result.errors)")
            #expect(result.errors.contains("not_found") || result.errors.contains("not found"))
        }
    }

    @Test func `ends quietly when its reader has seen enough`() async throws {
        try await Home.with { home in
            let result = try await home.shell(
                #""$@" | head -n 1; echo "${PIPESTATUS[0]}" >&2"#, "-e", "while true do print('line') end")
            #expect(result.output == "line\n")
            // Nothing but the status that the shell printed.
            #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        }
    }

    @Test func `fails where standard output cannot be written`() async throws {
        try await Home.with { home in
            let result = try await home.shell(#""$@" > /dev/full"#, "-e", "print(('x'):rep(100000))")
            #expect(result.status == 1)
            #expect(!result.errors.isEmpty)
        }
    }

    @Test func `waits for the tasks that a script leaves`() async throws {
        try await Home.with { home in
            let code = "task.spawn(function() task.sleep(0.05) print('late') end) print('main ends')"
            let result = try await home.run("-e", code)
            #expect(result.output == "main ends\nlate\n")
        }
    }

    @Test func `finds the modules that it ships with, and the script's own beside it`() async throws {
        try await Home.with { home in
            try home.write("return { name = 'mine' }", to: "mine.lua")
            let script = try home.write(
                "for row in require('csv').read('a,b\\n1,2\\n', { header = true }):rows() do print(row.b) end",
                to: "s.lua")
            let result = try await home.run(script)
            #expect(result.output == "2\n", "\(result.errors)")
        }
    }
}
