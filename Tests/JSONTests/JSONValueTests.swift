import JSON
import Testing

@Suite("A JSON tree") struct JSONValueTests {
    @Test(arguments: [
        #"{"b":1,"a":[true,null,"x"],"c":{}}"#, "[]", "1", #""text""#, "null", "[1.50,-0,1e400,12345678901234567890]",
        #"{"a":1,"a":2}"#,
    ]) func `is written as it was read`(text: String) throws {
        #expect(try JSONValue.parse(text.utf8).text == text)
    }

    @Test func `writes the same bytes for the same call, and leaves absent fields out`() {
        let json = JSONValue.object([
            "b": .string("ü\"\\\n\u{1}"), "absent": nil, "a": .array([.integer(-1), true]),
        ])
        #expect(String(decoding: json.bytes, as: UTF8.self) == #"{"b":"ü\"\\\n\u0001","a":[-1,true]}"#)
    }

    @Test func `is read past a mark, space and escapes`() throws {
        let text = "\u{FEFF} { \"k\\u0065y\" : [ \"\\ud83d\\ude00\\n\\/\" , \"\\ud83d\" , \"\" ] }\n"
        #expect(try JSONValue.parse(text.utf8) == ["key": ["😀\n/", "\u{FFFD}", ""]])
    }

    @Test func `holds the last of doubled keys, and numbers as they are written`() throws {
        let value = try JSONValue.parse(#"{"a":1,"a":2,"n":9007199254740993,"s":"7","x":1.5}"#.utf8)
        #expect(value["a"]?.integer == 2)
        #expect(value["n"]?.integer == 9_007_199_254_740_993)
        #expect(value["s"]?.integer == 7)
        #expect(value["x"]?.integer == nil)
        #expect(value["x"]?.double == 1.5)
        #expect(value["b"] == nil)
    }

    @Test(arguments: [
        ("", 1, 1, "the text is empty"), ("<html>\"", 1, 1, "expected a value"),
        ("{\n  \"results\": [1,}", 2, 17, "a bracket that closes nothing"),
        (#"{"a":["x]}"#, 1, 7, "the string does not end"), (#"{"a" []}"#, 1, 6, "expected a colon"),
        (#"{"a":[01]}"#, 1, 7, "expected a value"), ("{} {}", 1, 4, "the text goes on after its value"),
        (#"["a\qb"]"#, 1, 4, "a wrong escape in a string"),
        (String(repeating: "[", count: 1_001), 1, 1_001, "more than 1,000 levels deep"),
    ]) func `is not made of a text that is not JSON, and says where`(
        text: String, line: Int, column: Int, reason: String
    ) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(text.utf8) }
        #expect(error?.reason == reason)
        #expect(error?.line == line)
        #expect(error?.column == column)
        #expect(JSONValue(parsing: text.utf8) == nil)
    }

    @Test func `is not made of what is not UTF-8`() {
        #expect(JSONValue(parsing: [0x22, 0xFF, 0x22]) == nil)
    }

    @Test func `may be a thousand levels deep`() throws {
        let text = String(repeating: "[", count: 1_000) + String(repeating: "]", count: 1_000)
        #expect(try JSONValue.parse(text.utf8).text == text)
    }

    @Test func `is changed in place or at the end`() {
        let value: JSONValue = ["a": 1, "b": 2]
        #expect(value.setting("a", to: "x").text == #"{"a":"x","b":2}"#)
        #expect(value.setting("c", to: true).text == #"{"a":1,"b":2,"c":true}"#)
        #expect(JSONValue.object(["a": .raw(JSONSlice("[1, 2]")), "b": nil]).text == #"{"a":[1, 2]}"#)
    }
}
