import LuaRuntime
import Testing

@testable import Moonspot

private func list(_ elements: [LuaValue]) -> LuaValue { .table(LuaTable(list: elements, isArray: true)) }

private func answer(_ elements: [LuaValue]) -> LuaValue { .object([("results", list(elements))]) }

private func render(
    _ values: [LuaValue], _ format: OutputFormat = .text, _ reader: Renderer.Reader = .person, columns: Int? = 80,
    settings: ConsoleSettings = ConsoleSettings()
) async throws -> String {
    var renderer = Renderer(
        format: format, reader: reader, style: .plain, columns: columns,
        encode: { value, _ in Array(LuaText(columns: .max).text(value).utf8) })
    renderer.settings = settings
    return String(decoding: try await renderer.render(values), as: UTF8.self)
}

private let option: @Sendable (String, Int64) -> LuaValue = { value, order in
    .object([
        ("label", .string(value.prefix(1).uppercased() + value.dropFirst())), ("value", .string(value)),
        ("displayOrder", .integer(order)), ("hidden", false),
    ])
}

private let stage = LuaValue.object([
    ("id", "closedwon"), ("label", "Closed Won"), ("displayOrder", 1),
    ("metadata", .object([("probability", "1.0"), ("isClosed", "true")])),
])

private let definition = LuaValue.object([
    ("name", "lifecyclestage"), ("label", "Lifecycle Stage"), ("type", "enumeration"), ("fieldType", "radio"),
    ("groupName", "contactinformation"), ("options", list([option("lead", 0), option("customer", 1)])),
    ("calculated", false), ("modificationMetadata", .object([("readOnlyValue", true)])), ("description", ""),
])

/// One of each kind, the table that several of them make, and the one that shows it by itself.
private let samples: [(name: String, value: LuaValue, text: String)] = [
    (
        "definitions", answer([definition]),
        """
        name            label            type         fieldType  groupName
        lifecyclestage  Lifecycle Stage  enumeration  radio      contactinformation
        + 2 more columns: options, rules
        1 property

        """
    ),
    (
        "a definition", definition,
        """
        name       lifecyclestage
        label      Lifecycle Stage
        type       enumeration
        fieldType  radio
        groupName  contactinformation
        rules      read-only

        value     label     displayOrder  hidden
        lead      Lead                 0  false
        customer  Customer             1  false

        """
    ),
    (
        "options", list([option("lead", 0)]),
        """
        value  label  displayOrder  hidden
        lead   Lead              0  false

        """
    ),
    (
        "pipelines", answer([.object([("id", "default"), ("label", "Sales"), ("stages", list([stage]))])]),
        """
        id       label  stages
        default  Sales  Closed Won
        1 pipeline

        """
    ),
    (
        "a stage", stage,
        """
        id            closedwon
        label         Closed Won
        probability   1.0
        isClosed      true
        displayOrder  1

        """
    ),
    (
        "associations",
        answer([
            .object([
                ("toObjectId", 506),
                (
                    "associationTypes",
                    list([.object([("typeId", 1), ("label", "Primary")]), .object([("typeId", 279)])])
                ),
            ])
        ]),
        """
        toObjectId  labels   types
               506  Primary  1, 279
        1 association

        """
    ),
    (
        "forms",
        answer([
            .object([
                ("id", "11111111"), ("name", "Contact us"), ("formType", "hubspot"),
                (
                    "fieldGroups",
                    list([.object([("fields", list([.object([("name", "email")]), .object([("name", "phone")])]))])])
                ),
            ])
        ]),
        """
        id        name        fields        formType
        11111111  Contact us  email, phone  hubspot
        1 form

        """
    ),
    (
        "submissions",
        answer([
            .object([
                ("submittedAt", 1_795_922_378_553), ("conversionId", "c0"), ("pageUrl", ""),
                (
                    "values",
                    list([
                        .object([("name", "email"), ("value", "a@b.example")]),
                        .object([("name", "likes"), ("value", "soup")]),
                        .object([("name", "likes"), ("value", "tea")]),
                    ])
                ),
            ])
        ]),
        """
        submittedAt               email        likes     pageUrl  conversionId
        2026-11-29T03:19:38.553Z  a@b.example  soup;tea           c0
        1 submission

        """
    ),
]

@Suite("What HubSpot answers other than records") struct TableKindTests {
    @Test(arguments: samples.map(\.name)) func `has a table`(name: String) async throws {
        let sample = try #require(samples.first { $0.name == name })
        #expect(try await render([sample.value]) == sample.text)
    }

    @Test func `is a line for each element for programs`() async throws {
        let two = answer([definition, definition])
        #expect(try await render([two], .jsonl, .expression).split(separator: "\n").count == 2)
        let csv = try await render([two], .csv, .expression)
        #expect(csv.split(separator: "\n").count == 3)
        #expect(csv.hasPrefix("name,label,type,"))
    }

    @Test func `is told from a script's own table`() async throws {
        let own = LuaValue.object([("results", [1, 2])])
        #expect(
            try await render([own]) == "{ results = { 1, 2 } }\n")
        #expect(try await render([.object([("label", "x"), ("value", "y")])]) == "{ label = \"x\", value = \"y\" }\n")
    }
}

private func record(_ id: String, _ properties: [(String, LuaValue)], nulls: [String] = []) -> LuaValue {
    var table = LuaTable(fields: properties)
    table.nulls = nulls
    return .object([("id", .string(id)), ("properties", .table(table))], metatable: Rows.recordMetatable)
}

private func page(_ results: [LuaValue]) -> LuaValue {
    .object([("results", list(results))], metatable: Rows.pageMetatable)
}

@Suite("The columns of records") struct RecordColumnTests {
    private let long = record(
        "501", [("email", .string(String(repeating: "x", count: 60) + "@example.org")), ("firstname", "Ada")])

    @Test(arguments: [20, 30, 40, 60]) func `never leave out the email`(columns: Int) async throws {
        let lines = try await render([page([long])], columns: columns).split(separator: "\n")
        #expect(lines[0].hasPrefix("id   email"))
        #expect(lines[1].hasPrefix("501  xx"))
        #expect(lines.allSatisfy { $0.count <= columns })
    }

    @Test func `show what was fetched and is empty, and not what was not fetched`() async throws {
        let people = page([
            record("1", [("email", "a@b.example")], nulls: ["phone"]), record("2", [], nulls: ["email", "phone"]),
        ])
        #expect(
            try await render([people]) == """
                id  email        phone
                1   a@b.example
                2
                2 records

                """)
        #expect(try await render([people], .csv, .expression) == "id,email,phone\n1,a@b.example,\n2,,\n")
        #expect(
            try await render([record("1", [("email", "a@b.example")], nulls: ["phone"])]) == """
                id     1
                email  a@b.example
                phone  (empty)

                """)
    }

    @Test func `become lines where most do not fit and the rows are few`() async throws {
        let names = (10..<40).map { "property_\($0)" }
        let wide = record("1", names.map { ($0, "a value of some length") })
        let text = try await render([page([wide])])
        #expect(text.hasPrefix("─ 1 ─"))
        #expect(text.contains("\nproperty_39  a value of some length\n"))
        var settings = ConsoleSettings()
        settings.vertical = .off
        #expect(try await render([page([wide])], settings: settings).contains("more columns: "))
        settings.vertical = .on
        let narrow = page([record("1", [("email", "a@b.example")])])
        #expect(try await render([narrow], settings: settings).hasSuffix("\nid     1\nemail  a@b.example\n1 record\n"))
        let empty = page([record("1", [], nulls: ["fax"])])
        #expect(try await render([empty], settings: settings).hasSuffix("\nid   1\nfax  (empty)\n1 record\n"))
        settings.columns = ["email", "fax"]
        #expect(
            try await render([narrow], settings: settings).hasSuffix(
                "\nemail  a@b.example\nfax    (not fetched)\n1 record\n"))
    }

    @Test func `are chosen for one record, and for other kinds, whose columns have names of their own`() async throws {
        var settings = ConsoleSettings()
        settings.columns = ["fax", "email"]
        let one = record("1", [("email", "a@b.example"), ("firstname", "Ada")])
        #expect(try await render([one], settings: settings) == "fax    (not fetched)\nemail  a@b.example\n")
        settings.columns = ["probability", "id", "wombat"]
        #expect(
            try await render([list([stage])], settings: settings)
                == "probability  id         wombat\n1.0          closedwon\n")
        #expect(
            try await render([stage], settings: settings)
                == "probability  1.0\nid           closedwon\nwombat       (empty)\n")
    }

    @Test func `are those that were chosen, also for programs`() async throws {
        var settings = ConsoleSettings()
        settings.columns = ["firstname", "id", "zodiac"]
        let people = page([record("1", [("email", "a@b.example"), ("firstname", "Ada")])])
        #expect(
            try await render([people], settings: settings)
                == "firstname  id  zodiac\nAda        1   (not fetched)\n1 record\n")
        #expect(
            try await render([people], .csv, .expression, settings: settings) == "firstname,id,zodiac\nAda,1,\n")
    }

    @Test func `stand over as many rows as are wanted`() async throws {
        var settings = ConsoleSettings()
        settings.rows = 2
        let people = page((1...5).map { record("\($0)", []) })
        #expect(try await render([people], settings: settings).contains("\n2\n… 3 more rows; :last shows all\n"))
        #expect(try await !render([people], .text, .patientPerson, settings: settings).contains("more rows"))
    }
}

@Suite("The elements of an iterator") struct IteratorRenderingTests {
    private func values(more: Bool, passed: Int64 = 0) -> [LuaValue] {
        [
            .object(
                [
                    ("results", list([record("1", [("email", "a@b.example")])])), ("more", .boolean(more)),
                    ("passed", .integer(passed)),
                ],
                metatable: ValueList.rowsMetatable), .none, .none,
            .object(
                [("cancel", .opaque(type: "function", description: "function"))], metatable: ValueList.closingMetatable),
        ]
    }

    @Test func `are a table with the way to the rest`() async throws {
        #expect(
            try await render(values(more: true)) == """
                id  email
                1   a@b.example
                the first 1 record · the rest: :next, or for x in _ do … end

                """)
        #expect(
            try await render(values(more: true), .text, .expression).contains("the rest: --output jsonl prints all"))
        #expect(try await render(values(more: false)).hasSuffix("\n1 record\n"))
        #expect(
            try await render(values(more: true, passed: 10)).hasSuffix(
                "\nrecords 11 to 11 · the rest: :next, or for x in _ do … end\n"))
    }

    @Test func `are a line each, or one list, for programs`() async throws {
        #expect(try await render(values(more: false), .jsonl, .expression).split(separator: "\n").count == 1)
        #expect(try await render(values(more: false), .csv, .expression) == "id,email\n1,a@b.example\n")
        #expect(try await render(values(more: false), .json, .expression).contains("a@b.example"))
    }
}

@Suite("What became of a batch") struct BatchRenderingTests {
    private func refused(_ value: String, at index: Int64) -> LuaValue {
        let said =
            "\(value) was not one of the allowed options: [label: \"Lead\"\nvalue: \"lead\"\n, label: \"Customer\"\nvalue: \"customer\"\n]"
        return .object(
            [
                ("kind", "validation"), ("status", 400), ("message", "Property values were not valid: …"),
                ("index", .integer(index)),
                (
                    "errors",
                    list([
                        .object([
                            ("message", .string(said)),
                            ("context", .object([("propertyName", list(["lifecyclestage"]))])),
                        ])
                    ])
                ),
            ], metatable: LuaError.metatable)
    }

    @Test func `is its records, and a line for each reason`() async throws {
        let missing = LuaError("not_found", "no contact at list[7]", fields: ["status": 404, "index": 7]).luaValue
        let batch = LuaValue.object([
            ("results", list([record("1", [("email", "a@b.example")])])),
            ("errors", list((1...29).map { refused("leed", at: $0) } + [missing, refused("custmer", at: 31)])),
        ])
        #expect(
            try await render([batch]) == """
                id  email
                1   a@b.example
                1 record · 31 errors:
                29 × lifecyclestage: 'leed' is no option; did you mean 'lead'?  at 1, 2, 3, 4, 5, …
                1 × not_found (404): no contact at list[…]  at 7
                1 × lifecyclestage: 'custmer' is no option; did you mean 'customer'?  at 31

                """)
    }

    @Test func `is its records alone where all went well`() async throws {
        let batch = LuaValue.object([("results", list([record("1", [])])), ("errors", list([]))])
        #expect(try await render([batch]) == "id\n1\n1 record\n")
    }

    @Test(arguments: [(OutputFormat.jsonl, 2), (.csv, 3), (.json, 1), (.text, 5)])
    func `is a line for each record to programs, and what failed is told beside them`(
        format: OutputFormat, lines: Int
    ) async throws {
        let error = LuaValue.object(
            [("kind", "not_found"), ("status", 404), ("message", "no contact with id 7"), ("index", 2)],
            metatable: LuaError.metatable)
        let batch = LuaValue.object([
            ("results", list([record("1", []), record("2", [])])), ("errors", list([error])),
        ])
        let renderer = Renderer(
            format: format, reader: .expression, style: .plain, columns: nil,
            encode: { value, _ in Array(LuaText(columns: .max).text(value).utf8) })
        let output = String(decoding: try await renderer.render([batch]), as: UTF8.self)
        #expect(output.split(separator: "\n").count == lines, "\(output)")
        let told = "1 error:\n1 × not_found (404): no contact with id 7  at 2\n"
        #expect(renderer.remarks([batch], .plain) == (format == .jsonl || format == .csv ? told : ""))
        #expect(renderer.remarks([.object([("results", list([])), ("errors", list([]))])], .plain) == "")
    }
}

@Suite("The colours of a value") struct LuaColorsTests {
    @Test(arguments: [
        ("{ a = \"x \\\" 1\", b = 12 }", "{ a = [32m\"x \\\" 1\"[0m, b = [36m12[0m }"), ("nil", "[33mnil[0m"),
        ("-1.5e3", "[36m-1.5e3[0m"),
        ("{ n1 = true, [2] = <cycle> }", "{ n1 = [33mtrue[0m, [[36m2[0m] = [2m<cycle>[0m }"),
        ("{ … 3 more }", "{ [2m… 3 more [0m}"), ("json.array { \"a", "json.array { [32m\"a[0m"),
    ])
    func `tell strings, numbers and constants apart`(text: String, colored: String) {
        let found = LuaColors.colored(text, Style(isColored: true))
        #expect(found.replacing("\u{1B}", with: "") == colored)
        #expect(LuaColors.colored(text, .plain) == text)
    }
}
