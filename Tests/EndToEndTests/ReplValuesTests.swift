import Foundation
import Testing

/// What a person sees of a value, in a terminal of their own.
@Suite("The console's values") struct ReplValuesTests {
    @Test(
        arguments: [
            ("(function() local t = {} for i = 1, 1500 do t[i] = i end return t end)()", "… 1,450 more"),
            ("(function() local t = {} for i = 1, 50000 do t[i] = 'text ' .. i end return t end)()", "… 49,950 more"),
            ("(function() local t = {} for i = 1, 3000 do t['key ' .. i] = { i } end return t end)()", "… 2,950 more"),
            ("(function() local t = {} for i = 1, 5000 do t = { t } end return t end)()", "{ … }"),
            ("('日本'):rep(100000)", "more bytes; :last shows all"), ("('x'):rep(1000000)", "… 990,000 more bytes"),
            ("{ ('👩‍👩‍👧'):rep(5000) }", "(90000 bytes)"), ("_G", "xpcall = <function>"),
        ], [1, 7, 100] as [UInt16])
    func `are drawn whatever their size and the terminal's`(value: (code: String, shown: String), columns: UInt16)
        async throws
    {
        try await withConsole(columns: columns, prompt: ">") { _, terminal in
            // A narrow terminal breaks what is typed and the prompt, so what comes is told by words of its own.
            terminal.enter("kept = 6 * 7")
            terminal.enter(value.code)
            try await terminal.expect(value.shown)
            terminal.enter("print('still ' .. 'here', kept)")
            try await terminal.expect("still here\t42")
        }
    }

    @Test func `tell the global that was probably meant, to a person only`() async throws {
        try await withConsole(prompt: ">") { _, terminal in
            terminal.enter("pirnt(1)")
            try await terminal.expect("(global 'pirnt')\nthere is no 'pirnt'; did you mean 'print'?\n")
            terminal.enter("hubspt")
            try await terminal.expect("\nnil\nthere is no 'hubspt'; did you mean 'hubspot'?\n")
            terminal.enter("local pirnt, wombat")
            terminal.enter("pirnt, wombat = nil, nil")
            terminal.enter("pirnt")
            let shown = try await terminal.expect("\nnil\nsimulator")
            #expect(!shown.contains("did you mean"))
        }
        try await Home.with { home in
            let result = try await home.run("-e", "pirnt")
            #expect(result.output == "nil\n" && result.errors.isEmpty, "\(result.errors)")
        }
    }

    @Test func `are shown where they are nil, and nothing where there is none`() async throws {
        try await withConsole(prompt: ">") { _, terminal in
            terminal.enter("nil")
            try await terminal.expect("\nnil\n")
            terminal.enter("rawget({}, 'x'), nil")
            try await terminal.expect("\nnil\tnil\n")
            terminal.enter("_ == nil")
            try await terminal.expect("\ntrue\n")
            terminal.enter("(function() end)()")
            terminal.enter("print('then ' .. 'this')")
            let between = try await terminal.expect("\nthen this\n")
            #expect(!between.contains("nil"))
        }
    }

    @Test func `stay in a local for the next lines`() async throws {
        try await withConsole(prompt: ">") { _, terminal in
            terminal.enter("local who <const>, n = 'Ada', 1")
            terminal.enter("local function greet() n = n + 1 return who .. n end")
            terminal.enter("greet(), greet(), n")
            try await terminal.expect("\nAda2\tAda3\t3\n")
            terminal.enter("local f <close> = setmetatable({}, { __close = function() print('closed ' .. 'it') end })")
            try await terminal.expect("closed it\n")
            try await terminal.expect("f: ended with the line")
        }
    }

    @Test func `say themselves what they are, and mark what comes again`() async throws {
        try await withConsole(prompt: ">") { _, terminal in
            terminal.enter("p = setmetatable({}, { __tostring = function() return 'Point' .. '(1)\\27[2J' end })")
            terminal.enter("p")
            try await terminal.expect("\nPoint(1)\\27[2J\n")
            terminal.enter("{ p, { p } }")
            try await terminal.expect("{ Point(1)\\27[2J, { Point(1)\\27[2J } }")
            terminal.enter("bad = setmetatable({}, { __tostring = function() error('oh' .. ' no', 0) end })")
            terminal.enter("bad, 1")
            try await terminal.expect("<its __tostring fails: oh no>\t1\n")
            terminal.enter("t = { 1, a = { 2 } } t.self = t t.again = t.a")
            terminal.enter("t")
            try await terminal.expect("{ 1, a = { 2 }, again = <see .a>, self = <cycle> }")
        }
    }

    @Test func `are shown whole by :last`() async throws {
        try await withConsole(prompt: ">") { _, terminal in
            terminal.enter("(function() local t = {} for i = 1, 60 do t[i] = 'element ' .. i end return t end)()")
            let cut = try await terminal.expect("… :last shows all of it")
            #expect(!cut.contains("\"element 60\""))
            terminal.enter(":last")
            try await terminal.expect("\"element 60\"")
        }
    }

    @Test func `outlast Ctrl-C in a search through the history`() async throws {
        try await withConsole(prompt: ">") { _, terminal in
            terminal.enter("kept = 'the ' .. 'variable'")
            try await terminal.expect("20000001>")
            for typed in ["\u{12}", "\u{12}kept", "\u{12}zzz", "\u{1b}[200~pasted"] {
                terminal.type(typed)
                terminal.type("\u{3}")
                try await terminal.expect("20000001>")
                terminal.enter("print('this is ' .. kept)")
                try await terminal.expect("this is the variable\n")
                try await terminal.expect("20000001>")
            }
            terminal.type("\u{4}")
            let status = try await terminal.end()
            #expect(status == 0)
        }
    }

    @Test func `take Ctrl-C as a character behind Ctrl-V, and as itself after it`() async throws {
        try await withConsole(prompt: ">") { _, terminal in
            terminal.type("\u{16}")
            // A Ctrl-C before the editor has read Ctrl-V would be the signal still.
            try await terminal.waits(signalsByKeys: false)
            terminal.type("\u{3}")
            try await terminal.expect("^C")
            try await terminal.waits(signalsByKeys: true)
            terminal.type("\u{3}")
            try await terminal.expect("20000001>")
            terminal.enter("print('still ' .. 'here')")
            try await terminal.expect("still here\n")
        }
    }

    @Test func `are printed whole by -e, tables that contain themselves too`() async throws {
        try await Home.with { home in
            let whole = try await home.run(
                "-e", "(function() local t = {} for i = 1, 1500 do t[i] = i end return t end)()")
            #expect(whole.output.contains("1500") && whole.status == 0)
            let globals = try await home.run("-e", "_G")
            #expect(globals.status == 0 && globals.output.contains("_G = <cycle>"), "\(globals.errors)")
            #expect(!globals.output.contains("…"))
            let json = try await home.run("--output", "json", "-e", "(function() local t = {} t.t = t return t end)()")
            #expect(json.status == 1 && json.errors.contains("a table that contains itself can be shown as text only"))
            let deep = try await home.run(
                "--output", "json", "-e", "(function() local t = {} for i = 1, 2000 do t = { t } end return t end)()")
            #expect(deep.status == 1 && deep.errors.contains("1000 levels"))
            let text = try await home.run("-e", "setmetatable({}, { __tostring = function() return 'a point' end })")
            #expect(text.output == "a point\n")
        }
    }

    @Test(arguments: [
        "task.map({ 3, 1, 2 }, function(x) return x end)",
        "task.all{ function() return 3 end, function() return 1 end, function() return 2 end }",
    ])
    func `of task.map and task.all are plain lists`(list: String) async throws {
        try await Home.with { home in
            let lines = try await home.run("--output", "jsonl", "-e", list)
            #expect(lines.output == "3\n1\n2\n")
            let shown = try await home.run("-e", list)
            #expect(shown.output == "{ 3, 1, 2 }\n")
            let encoded = try await home.run("-e", "json.encode(\(list)), (\(list)).n")
            #expect(encoded.output == "[3,1,2]\t3\n")
        }
    }
}
