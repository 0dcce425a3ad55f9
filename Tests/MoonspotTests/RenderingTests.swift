import LuaRuntime
import Testing
import Words

@testable import Moonspot

private func record(_ id: String, _ properties: [(String, LuaValue)]) -> LuaValue {
    .object(
        [
            ("id", .string(id)), ("properties", .object(properties)), ("createdAt", "2026-01-02T03:04:05.678Z"),
            ("archived", false),
        ], metatable: Rows.recordMetatable)
}

private func page(_ results: [LuaValue], total: Int64? = nil, after: String? = nil) -> LuaValue {
    .object(
        [
            ("results", .table(LuaTable(list: results, isArray: true))),
            ("total", total.map(LuaValue.integer) ?? .none),
            ("paging", after.map { .object([("next", .object([("after", .string($0))]))]) } ?? .none),
        ], metatable: Rows.pageMetatable)
}

/// A renderer whose JSON is only good enough to be told apart.
private func render(
    _ values: [LuaValue], _ format: OutputFormat = .text, _ reader: Renderer.Reader = .person, columns: Int? = 60
) async throws -> String {
    let renderer = Renderer(
        format: format, reader: reader, style: .plain, columns: columns,
        encode: { value, pretty in
            Array((pretty ? "pretty:" : "json:").utf8) + Array(LuaText(columns: .max).text(value).utf8)
        })
    return String(decoding: try await renderer.render(values), as: UTF8.self)
}

@Suite("Rendering as text") struct TextRenderingTests {
    @Test func `prints a string bare, at the REPL with control characters shown`() async throws {
        #expect(try await render(["a \"b\"\n\tc\u{1b}[1m"]) == "a \"b\"\n\tc\\27[1m\n")
        #expect(try await render(["a \"b\""], .text, .expression) == "a \"b\"\n")
    }

    @Test func `prints nil as a value, and nothing where there is no value`() async throws {
        #expect(try await render([.none]) == "nil\n")
        #expect(try await render([.none, .none]) == "nil\tnil\n")
        #expect(try await render([]) == "")
        #expect(try await render([.none], .text, .expression) == "nil\n")
        #expect(try await render([], .text, .expression) == "")
    }

    @Test func `prints several scalars on one line`() async throws {
        #expect(try await render([1, .number(2), .none, true], .text, .expression) == "1\t2.0\tnil\ttrue\n")
    }

    @Test(arguments: [
        (0.1, "0.1"), (1e15, "1e+15"), (100.0, "100.0"), (-0.0, "-0.0"), (.infinity, "inf"), (-.infinity, "-inf"),
        (3.14159265358979, "3.1415926535898"), (1e100, "1e+100"),
    ])
    func `prints a float as Lua does`(number: Double, text: String) {
        #expect(LuaText.number(number) == text)
    }

    @Test func `prints a short table on one line and names in order`() async throws {
        let table = LuaValue.object([("b", 2), ("a", "x"), ("not a name", true), ("end", 1)])
        #expect(try await render([table]) == "{ a = \"x\", b = 2, [\"end\"] = 1, [\"not a name\"] = true }\n")
        #expect(try await render([[1, 2, ["x"]]]) == "{ 1, 2, { \"x\" } }\n")
        #expect(try await render([.table(LuaTable())]) == "{}\n")
        #expect(try await render([.table(LuaTable(isArray: true))]) == "json.array{}\n")
    }

    @Test func `breaks a long table over lines that fit`() async throws {
        let text = String(repeating: "x", count: 30)
        let table = LuaValue.object([("first", .string(text)), ("second", .object([("inner", .string(text))]))])
        #expect(
            try await render([table]) == """
                {
                  first = "\(text)",
                  second = { inner = "\(text)" },
                }

                """)
    }

    @Test func `counts what it leaves out`() async throws {
        let list = LuaValue.table(LuaTable(list: (1...60).map { .integer($0) }))
        #expect(try await render([list]).contains("… 10 more\n"))
        #expect(try await !render([list], .text, .expression, columns: nil).contains("…"))
        var cut = LuaTable(list: [1])
        cut.isTruncated = true
        #expect(try await render([.table(cut)]) == "{ 1, … more }\n… :last shows all of it\n")
        cut.omitted = 1_234
        #expect(try await render([.table(cut)]).hasPrefix("{ 1, … 1,234 more }\n"))
    }

    @Test func `cuts what is long at the REPL, and says how to see the rest`() async throws {
        let inner = LuaValue.object((10...40).map { ("key \($0)", .integer($0)) })
        let wide = LuaValue.object((10...40).map { ("field_\($0)", inner) })
        let text = try await render([wide])
        #expect(text.split(separator: "\n").count < 320)
        #expect(text.contains(" more\n"))
        #expect(text.hasSuffix("… :last shows all of it\n"))
        let whole = try await render([wide], .text, .patientPerson)
        #expect(whole.split(separator: "\n").count > 900)
        #expect(!whole.contains("…"))
        let string = LuaValue.string(String(repeating: "é", count: 50_000))
        #expect(try await render([string]).contains("… 80,000 more bytes; :last shows all"))
        #expect(try await render([[string]]).contains("\"… (100000 bytes)"))
        #expect(try await !render([string], .text, .patientPerson).contains("…"))
    }

    @Test(arguments: [1, 2, 5, 10, 80, .max])
    func `draws any value into any width`(columns: Int) async throws {
        var deep = LuaTable(list: [1])
        for _ in 0..<150 { deep = LuaTable(list: [.table(deep)], fields: [("日本", "👩‍👩‍👧")]) }
        let values: [LuaValue] = [
            .table(deep), .table(LuaTable(list: (1...3_000).map { .integer($0) })),
            .string(String(repeating: "日", count: 100_000)),
            [.string(String(repeating: "x", count: 1_000_000)), .bytes([0xFF, 0, 0x1B])],
            .object([("", ""), ("a\0b", .null)]),
            [record("1", [("日本", .string(String(repeating: "👍", count: 5_000)))])],
        ]
        for reader in [Renderer.Reader.person, .patientPerson, .expression] {
            for value in values { #expect(try await !render([value], .text, reader, columns: columns).isEmpty) }
        }
    }

    @Test func `never sends control characters that a value holds`() async throws {
        let hostile = "\u{1B}[2J\u{7}evil\u{9B}31m\u{202E}gpj\r\n9"
        let shown = "\\27[2J\\7evil\\u{9B}31m\\u{202E}gpj\\r\\n9"
        #expect(try await render([.string(hostile)]) == "\(shown)\n")
        let asRecord = try await render([record("1", [("firstname", .string(hostile))])])
        #expect(asRecord.contains(shown))
        let everything = asRecord + (try await render([page([record("1", [(hostile, .string(hostile))])])]))
        #expect(
            everything.unicodeScalars.allSatisfy {
                $0 == "\n" || $0.value >= 0x20 && $0.value != 0x7F && !(0x80...0x9F ~= $0.value)
            })
        #expect(Escaping.quoted("\u{1B}7") == "\"\\0277\"")
        #expect(Escaping.quoted([0x63, 0xE9, 0x64]) == "\"c\\xE9d\"")
    }

    @Test func `prints an error as one line`() async throws {
        let error = LuaError("not_found", "no contact has\nthe id 7").luaValue
        #expect(try await render([error]) == "not_found: no contact has\\nthe id 7\n")
        let answered = LuaError("not_found", "no contact with id 7", fields: ["status": 404, "request": "GET /x/7"])
            .luaValue
        #expect(try await render([answered]) == "not_found (404): no contact with id 7 (GET /x/7)\n")
    }
}

@Suite("Rendering records") struct RecordRenderingTests {
    @Test func `shows a record as two aligned columns without what HubSpot says twice`() async throws {
        let value = record(
            "101", [("email", "ada@example.org"), ("hs_object_id", "101"), ("createdate", "2026-01-02T03:04:05.678Z")])
        #expect(
            try await render([value]) == """
                id         101
                email      ada@example.org
                createdAt  2026-01-02T03:04:05.678Z

                """)
    }

    @Test func `shows a page as columns that fit the terminal, and what follows`() async throws {
        let people = [
            record("1", [("email", "ada@example.org"), ("firstname", "Ada"), ("zodiac", "sagittarius")]),
            record("22", [("email", "jun@example.org"), ("firstname", "田中"), ("zodiac", "")]),
        ]
        let text = try await render([page(people, total: 1234, after: "22")], columns: 40)
        #expect(
            text == """
                id  email            firstname
                1   ada@example.org  Ada
                22  jun@example.org  田中
                + 2 more columns: zodiac, createdAt
                2 of 1,234 · more: :next

                """)
        for line in text.split(separator: "\n") { #expect(DisplayWidth.of(String(line)) <= 40) }
    }

    @Test func `shows a list of records like a page without its footer`() async throws {
        let text = try await render([[record("1", [("email", "a@b.example")])]], columns: 80)
        #expect(text == "id  email        createdAt\n1   a@b.example  2026-01-02T03:04:05.678Z\n")
    }

    @Test func `says so where a page is empty`() async throws {
        #expect(try await render([page([])]) == "0 records\n")
    }
}

@Suite("Rendering for programs") struct MachineRenderingTests {
    @Test func `prints a JSON document for each value`() async throws {
        #expect(try await render([1, [2]], .json, .expression) == "pretty:1\npretty:{ 2 }\n")
    }

    @Test(arguments: [OutputFormat.json, .jsonl])
    func `refuses what has no JSON, and says where it is`(format: OutputFormat) async throws {
        let function = LuaValue.opaque(type: "function", description: "function: 0x1")
        let failure = await #expect(throws: LuaFailure.self) { try await render([function], format, .expression) }
        #expect(failure?.kind == "invalid_argument")
        #expect(failure?.message.contains("a function cannot be printed as JSON") == true)
        let nested = await #expect(throws: LuaFailure.self) {
            try await render([.object([("a", [1, .object([("f", function)])])])], format, .expression)
        }
        #expect(nested?.message.contains(".a[2].f") == true)
    }

    @Test func `prints a line for each element of a list or a page as JSON lines`() async throws {
        #expect(try await render([[1, 2]], .jsonl, .expression) == "json:1\njson:2\n")
        #expect(try await render([.object([("a", 1)])], .jsonl, .expression) == "json:{ a = 1 }\n")
        let text = try await render([page([record("1", []), record("2", [])])], .jsonl, .expression)
        #expect(text.split(separator: "\n").count == 2)
    }

    @Test func `writes CSV with a heading and quotes where they are needed`() async throws {
        let people = [
            record("1", [("email", "a@b.example"), ("note", "say \"hi\", you")]),
            record("2", [("email", "two\nlines")]),
        ]
        #expect(
            try await render([page(people)], .csv, .expression) == """
                id,email,note,createdAt
                1,a@b.example,"say ""hi"", you",2026-01-02T03:04:05.678Z
                2,"two
                lines",,2026-01-02T03:04:05.678Z

                """)
        #expect(try await render([[["a", 1], ["b", .none]]], .csv, .expression) == "a,1\nb,\n")
        #expect(try await render([["a", ""]], .csv, .expression) == "a\n\"\"\n")
    }
}

@Suite("Width on a terminal") struct DisplayWidthTests {
    @Test(arguments: [
        ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("😀", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("❤️", 2), ("한글", 4), ("ﾊ", 1),
        ("", 0), ("…", 1), ("—", 1),
    ])
    func `counts cells, not characters`(text: String, width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test func `cuts before a wide character that does not fit`() {
        #expect(DisplayWidth.cut("日本語", to: 4) == "日…")
        #expect(DisplayWidth.cut("日本語", to: 6) == "日本語")
        #expect(DisplayWidth.cut("abcdef", to: 3) == "ab…")
        #expect(DisplayWidth.pad("日", to: 4) == "日  ")
    }
}
