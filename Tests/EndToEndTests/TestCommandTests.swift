import Foundation
import Testing

@Suite("moonspot test") struct TestCommandTests {
    private let source = """
        test("a fresh portal", function(t)
          t.equal(hubspot.contacts.find("ada@example.org"), nil)
          hubspot.contacts.create{ email = "ada@example.org" }
        end)
        test("another fresh portal", function(t)
          t.equal(hubspot.contacts.find("ada@example.org"), nil)
          t.raises(function() hubspot.contacts.get("ada@example.org") end, "not_found")
        end)
        describe("time", function()
          it("jumps", function(t)
            task.sleep(86400)
            expect(t.portal.stats().throttled).to_equal(0)
          end)
        end)
        """

    @Test func `runs each test on a simulator of its own, in virtual time`() async throws {
        try await Home.with { home in
            let file = try home.write(source, to: "a_test.lua")
            let result = try await home.run("test", file)
            #expect(result.status == 0, "\(result.errors)")
            #expect(
                result.output.hasPrefix(
                    "ok      a fresh portal\nok      another fresh portal\nok      time jumps\n3 tests passed ("),
                "\(result.output)")
        }
    }

    @Test func `says what failed and where, and ends with 1`() async throws {
        try await Home.with { home in
            let file = try home.write(
                """
                test("compares", function(t) t.equal({ 1 }, { 2 }) end)
                test("breaks", function(t)
                  local x
                  return x.y
                end)
                test("spawns", function(t) task.spawn(function() error("alone") end) end)
                test("is fine", function(t) t.portal.faults{ { path = "/crm/*", probability = 1, times = 1, action = { status = 500 } } }
                  t.truthy(hubspot.contacts.count()) end)
                """, to: "b_test.lua")
            let result = try await home.run("test", file, "--junit", home.path("report.xml"))
            #expect(result.status == 1)
            #expect(result.output.contains("b_test.lua:1: expected { 2 }, got { 1 }"), "\(result.output)")
            #expect(result.output.contains("b_test.lua:4: attempt to index a nil value (local 'x')"))
            #expect(result.output.contains("failed  spawns"))
            #expect(result.output.contains("ok      is fine"), "\(result.output) \(result.errors)")
            #expect(result.output.contains("1 test passed, 3 failed"))
            let xml = try home.read("report.xml")
            #expect(xml.contains("tests=\"4\" failures=\"3\""))
        }
    }

    @Test func `fails a test that ends the process, and goes on`() async throws {
        try await Home.with { home in
            let file = try home.write(
                """
                test("leaves", function(t) os.exit(0) end)
                test("catches it", function(t) t.raises(function() os.exit(3) end, "os.exit(3) was called") end)
                test("goes on", function(t) t.equal(1, 1) end)
                """, to: "exit_test.lua")
            let result = try await home.run("test", file)
            #expect(result.status == 1)
            #expect(result.output.contains("exit_test.lua:1: os.exit(0) was called"), "\(result.output)")
            #expect(result.output.contains("ok      catches it\nok      goes on\n"), "\(result.output)")
            let none = try await home.run("test", "--filter", "no such", file)
            #expect(none.status == 2)
            #expect(none.errors.contains("no test's name contains 'no such'"))
        }
    }

    @Test func `shows none of its own frames`() async throws {
        try await Home.with { home in
            let file = try home.write(
                "test('asks', function(t)\n  hubspot.contacts.get(7)\nend)\n", to: "frames_test.lua")
            let result = try await home.run("test", file)
            #expect(result.output.contains("frames_test.lua:2: in"), "\(result.output)")
            for frame in ["xpcall", "tail calls", "field 'get'", "stdlib/"] {
                #expect(!result.output.contains(frame), "\(result.output)")
            }
            let broken = try home.write("test(", to: "broken_test.lua")
            let syntax = try await home.run("test", broken)
            #expect(
                !syntax.output.contains("stdlib/") && syntax.output.contains("broken_test.lua:1:"), "\(syntax.output)")
        }
    }

    @Test func `reports as TAP`() async throws {
        try await Home.with { home in
            let file = try home.write(
                "test('one', function() end) test('two', function(t) t.skip('later') end)", to: "c_test.lua")
            let result = try await home.run("test", "--tap", file)
            #expect(result.output == "TAP version 14\nok 1 - one\nok 2 - two # SKIP later\n1..2\n")
            #expect(result.status == 0)
        }
    }

    @Test func `finds the modules beside the file, and tells files that hold no tests`() async throws {
        try await Home.with { home in
            try home.write("return { answer = 42 }", to: "lib.lua")
            let file = try home.write(
                "local lib = require('lib') test('it', function(t) t.equal(lib.answer, 42) end)", to: "d_test.lua")
            #expect(try await home.run("test", file).status == 0)
            let none = try await home.run("test", try home.write("return 1", to: "none.lua"))
            #expect(none.output.contains("no tests"))
            #expect(none.status == 1)
            let broken = try await home.run("test", try home.write("local x = = 1", to: "broken.lua"))
            #expect(broken.output.contains("broken.lua:1: unexpected symbol near '='"))
            #expect(broken.status == 1)
            #expect(try await home.run("test", home.path("nowhere.lua")).status == 2)
        }
    }

    @Test func `stops a test that does not end`() async throws {
        try await Home.with { home in
            let file = try home.write(
                "test('ends', function() end) test('does not', function() while true do end end)", to: "e_test.lua")
            let result = try await home.run("test", "--time-limit", "300ms", file)
            #expect(result.output.contains("ok      ends"))
            #expect(result.output.contains("stopped after"), "\(result.output) \(result.errors)")
            #expect(result.status == 1)
        }
    }
}

@Suite("moonspot init") struct InitCommandTests {
    @Test func `makes a project whose script runs, whose test passes and that is clean`() async throws {
        try await Home.with { home in
            let folder = home.path("my-project")
            let made = try await home.run("init", folder)
            #expect(made.status == 0, "\(made.errors)")
            for name in ["main.lua", "main_test.lua", ".luarc.json", "README.md"] {
                #expect(home.exists("my-project/\(name)"))
            }
            let script = try await home.run("--simulator", "\(folder)/main.lua")
            #expect(script.status == 0, "\(script.errors)")
            #expect(script.output.contains("\t"))
            let tests = try await home.run("test", "\(folder)/main_test.lua")
            #expect(tests.output.contains("2 tests passed"), "\(tests.output) \(tests.errors)")
            let check = try await home.run("check", "\(folder)/main.lua", "\(folder)/main_test.lua")
            #expect(check.output == "")
            let settings = try JSONSerialization.jsonObject(with: Data(try home.read("my-project/.luarc.json").utf8))
            let library = try #require(((settings as? [String: Any])?["workspace.library"] as? [String])?.first)
            let annotations = library.hasPrefix("/") ? library : "\(folder)/\(library)"
            #expect(FileManager.default.fileExists(atPath: annotations + "/hubspot.lua"))
        }
    }

    @Test func `overwrites nothing`() async throws {
        try await Home.with { home in
            try home.write("mine", to: "README.md")
            let result = try await home.run("init", home.folder.path)
            #expect(result.status == 0)
            #expect(result.output.contains("kept    \(home.path("README.md"))"))
            #expect(try home.read("README.md") == "mine")
            #expect(home.exists("main.lua"))
        }
    }
}
