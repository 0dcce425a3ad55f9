import LuaRuntime
import Testing

@Suite("json.encode") struct JSONEncodeTests {
    @Test(arguments: [
        ("{}", "{}"), ("json.array({})", "[]"), ("{ 1, 2 }", "[1,2]"), ("{ [2] = 2, [1] = 1 }", "[1,2]"),
        ("{ [3] = 3, [1] = 1, [2] = 2 }", "[1,2,3]"), ("{ [1.0] = 'x' }", #"["x"]"#),
        ("{ b = 1, a = { d = true, c = false } }", #"{"a":{"c":false,"d":true},"b":1}"#),
        ("nil", "null"), ("{ json.null() }", "[null]"), ("math.mininteger", "-9223372036854775808"),
        ("1.0", "1.0"), ("-0.0", "-0.0"), ("0.1 + 0.2", "0.30000000000000004"), ("1e15", "1000000000000000.0"),
        ("1e16", "1e+16"), ("5e-324", "5e-324"), ("2.0^53", "9007199254740992.0"),
        (#"'a"\\/\n\1\127é😀\u{2028}'"#, "\"a\\\"\\\\/\\n\\u0001\u{7F}é😀\u{2028}\""),
        ("'a\\0b'", #""a\u0000b""#),
        ("setmetatable({}, { __index = error, __pairs = error, __len = error, __tostring = error })", "{}"),
    ])
    func `writes a value in one way`(value: String, text: String) async throws {
        #expect(try await json("return json.encode(\(value))") == [.string(text)])
    }

    @Test func `indents by two spaces where asked to`() async throws {
        let values = try await json("return json.encode({ b = { 1, {} }, a = { d = json.array({}), c = 1 } }, true)")
        #expect(
            values == [
                """
                {
                  "a": {
                    "c": 1,
                    "d": []
                  },
                  "b": [
                    1,
                    {}
                  ]
                }
                """
            ])
    }

    @Test(arguments: [
        ("{ fields = { 1, 2, { x = { 1, a = 2 } } } }", "$.fields[3].x: mixed keys: strings beside numbers"),
        ("{ 1, nil, 3 }", "$: a list with gaps: its keys are not exactly 1..n"),
        ("{ [0] = 1 }", "$: a list's keys begin at 1"),
        ("{ a = { [true] = 1 } }", "$.a: a key that is neither a string nor a whole number"),
        ("{ [1.5] = 1 }", "$: a key that is neither a string nor a whole number"),
        ("{ a = { ['b c'] = print } }", #"$.a["b c"]: a function has no JSON"#),
        ("{ coroutine.create(print) }", "$[1]: a thread has no JSON"), ("io.stdout", "$: a userdata has no JSON"),
        ("{ 0 / 0 }", "$[1]: not a number (nan) has no JSON"), ("{ x = -math.huge }", "$.x: infinity has no JSON"),
        ("{ x = { 'a\\xff' } }", "$.x[1]: not valid UTF-8 at byte 2"),
        ("{ x = { ['a\\xff'] = 1 } }", "$.x: a key is not valid UTF-8 at byte 2"),
        ("'\\xED\\xA0\\x80'", "$: not valid UTF-8 at byte 1"),
        (
            "(function() local c = { a = { b = {} } } c.a.b.c = c.a return c end)()",
            "$.a.b.c: a cycle: it is the same table as $.a"
        ),
    ])
    func `names the place of what has no JSON`(value: String, message: String) async throws {
        let values = try await json("return pcall(json.encode, \(value))")
        #expect(values == [false, .string("cannot encode \(message)")])
    }

    @Test func `takes 1,000 levels and no more`() async throws {
        let values = try await json(
            """
            local v = {}
            for _ = 1, 999 do v = { v } end
            local fits = pcall(json.encode, v)
            local ok, message = pcall(json.encode, { v })
            return fits, ok, message:match(": (.*)")
            """)
        #expect(values == [true, false, "more than 1,000 levels deep"])
    }

    @Test func `writes every float so that it reads back the same, as a float`() async throws {
        let values = try await json(
            """
            math.randomseed(7)
            for _ = 1, 20000 do
              local x = string.unpack("d", string.pack("I8", math.random(0)))
              if x == x and x ~= math.huge and x ~= -math.huge then
                local y = json.decode(json.encode(x))
                assert(x == y and math.type(y) == "float", json.encode(x))
              end
              local i = math.random(0)
              assert(json.decode(json.encode(i)) == i)
            end
            return true
            """)
        #expect(values == [true])
    }

    @Test func `counts its text against the memory limit`() async throws {
        let values = try await json(
            """
            local v = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 }
            for _ = 1, 12 do v = { v, v, v, v, v, v, v, v, v, v } end
            local ok, message = pcall(json.encode, v)
            return ok, message, json.encode({ 1 })
            """, memoryLimit: 64 << 20)
        #expect(values == [false, "not enough memory", "[1]"])
    }
}
