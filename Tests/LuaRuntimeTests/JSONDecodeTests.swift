import LuaRuntime
import Testing

@Suite("json.decode") struct JSONDecodeTests {
    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", 9.2233720368547758e18), ("18446744073709551616", 1.8446744073709552e19),
            ("1.0", 1.0), ("1e2", 100.0), ("0.1", 0.1), ("5e-324", .number(.leastNonzeroMagnitude)),
            ("1e308", 1e308), ("1e-400", 0.0), (String(repeating: "9", count: 300), 1e300),
            ("1" + String(repeating: "0", count: 400) + "e-400", 1.0),
            ("0." + String(repeating: "0", count: 400) + "1e402", 10.0),
        ] as [(String, LuaValue)])
    func `keeps integers of 64 bits, and makes floats of all other numbers`(
        text: String, value: LuaValue
    ) async throws {
        #expect(try await json("return json.decode(...)", .string(text)) == [value])
    }

    @Test(arguments: [
        (#""a\u0000b""#, "a\0b"), (#""\u20ac\u00e9\/\\\"\b\f\n\r\t""#, "€é/\\\"\u{8}\u{c}\n\r\t"),
        (#""\ud83d\ude00""#, "😀"), (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"),
        (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\n""#, "\u{FFFD}\n"),
    ])
    func `takes the escapes out of a string, and makes a lone surrogate U+FFFD`(
        text: String, value: String
    ) async throws {
        #expect(try await json("return json.decode(...)", .string(text)) == [.string(value)])
    }

    @Test(arguments: [
        (#"{"a":null}"#, "next(v) == nil"), ("[null,1]", "v[1] == json.null() and v[2] == 1 and #v == 2"),
        ("null", "v == json.null()"), (#"{"a":1,"a":2}"#, "v.a == 2"), (#"{"a":1,"a":null}"#, "v.a == nil"),
        (#"{"a":null,"a":3}"#, "v.a == 3"), (#"{"a\"b":1}"#, #"v['a"b'] == 1"#), ("\u{FEFF}[1]", "v[1] == 1"),
        ("[]", "json.encode(v) == '[]'"), ("{}", "json.encode(v) == '{}'"),
        ("[1]", "table.remove(v) == 1 and json.encode(v) == '[]'"),
    ])
    func `keeps what Lua has no word of its own for`(text: String, holds: String) async throws {
        #expect(try await json("local v = json.decode(...) return \(holds)", .string(text)) == [true])
    }

    @Test(arguments: [
        ("", 1, "the text is empty"), (" ", 2, "the text is empty"), ("<html>\"", 1, "expected a value"),
        ("[1,]", 4, "expected a value"), ("[1", 3, "the text ends too early"), (#"{"a"}"#, 5, "expected a colon"),
        ("{a:1}", 2, "expected a key in quotes"), (#"{"a":1,}"#, 8, "expected a key in quotes"),
        ("1 2", 3, "the text goes on after its value"), ("[1]]", 4, "the text goes on after its value"),
        ("[1}", 3, "expected a comma or a closing bracket"), ("[01]", 2, "not a number as JSON has it"),
        ("[truex]", 2, "expected a value"), (#"["abc"#, 2, "the string does not end"),
        (#"["\q"]"#, 3, "no such escape in a string"),
        ("[\"a\u{1}\"]", 4, "a control character in a string must be escaped"),
        ("1e400", 1, "a number beyond the range of a float"),
        ("[0, -1e400]", 5, "a number beyond the range of a float"),
        ("[" + String(repeating: "9", count: 400) + "]", 2, "a number beyond the range of a float"),
        (String(repeating: "[", count: 100_000), 1_001, "more than 1,000 levels deep"),
    ])
    func `says at which byte a text is not JSON`(text: String, byte: Int, reason: String) async throws {
        let values = try await json("return pcall(json.decode, ...)", .string(text))
        #expect(values == [false, .string("invalid JSON at byte \(byte): \(reason)")])
    }

    @Test(
        arguments: [[0x22, 0x61, 0x80, 0x22], [0x22, 0x61, 0xED, 0xA0, 0x80, 0x22], [0x22, 0x61, 0xC3, 0x22]]
            as [[UInt8]])
    func `says at which byte a text is not UTF-8`(text: [UInt8]) async throws {
        let values = try await json("return pcall(json.decode, ...)", .bytes(text))
        #expect(values == [false, "invalid JSON at byte 3: not valid UTF-8"])
    }

    @Test func `takes 1,000 levels`() async throws {
        let text = String(repeating: #"{"a":["#, count: 500) + String(repeating: "]}", count: 500)
        #expect(try await json("return json.encode(json.decode(...))", .string(text)) == [.string(text)])
    }

    @Test func `is whole again inside a finalizer that runs amid it`() async throws {
        let values = try await json(
            """
            local hits, stop = 0, false
            local function trap()
              setmetatable({}, { __gc = function()
                if stop then return end
                assert(json.decode('{"q":[1,"\\\\n",{"z":2}]}').q[3].z == 2)
                assert(json.encode({ b = { 2 }, a = 1 }) == '{"a":1,"b":[2]}')
                hits = hits + 1
                trap()
              end })
            end
            for _ = 1, 20 do trap() end
            collectgarbage("incremental", 50, 400, 4)
            local parts = {}
            for i = 1, 2000 do parts[i] = ('{"id":%d,"s":"a\\\\n%d","t":{"u":[%d,"x"]}}'):format(i, i, i) end
            local text = "[" .. table.concat(parts, ",") .. "]"
            for _ = 1, 5 do
              local v = json.decode(text)
              for i = 1, 2000 do assert(v[i].id == i and v[i].s == "a\\n" .. i and v[i].t.u[1] == i) end
            end
            stop = true
            return hits > 5
            """)
        #expect(values == [true])
    }

    @Test func `beyond the memory limit is an error, after which it works as before`() async throws {
        let values = try await json(
            """
            local text = "[" .. ("1,"):rep(3000000) .. "1]"
            local ok, message = pcall(json.decode, text)
            return ok, message, json.decode("[[7]]")[1][1]
            """, memoryLimit: 24 << 20)
        #expect(values == [false, "not enough memory", 7])
    }
}
