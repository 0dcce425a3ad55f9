import Testing

@testable import JSON

@Suite("JSONSlice") struct JSONSliceTests {
    @Test(arguments: [
        (#"{"a":1,"b":"x"}"#, "b", #""x""#), (#" { "a" : [1,{"b":2}] , "b" : {"c":"}"} } "#, "b", #"{"c":"}"}"#),
        (#"{"x":"\"b\":1","b":null}"#, "b", "null"), (#"{"b":[]}"#, "b", "[]"),
        (#"{"a":"\\","b":-1.5e3}"#, "b", "-1.5e3"),
    ])
    func `finds the field of an object`(text: String, name: String, value: String) {
        #expect(JSONSlice(text).field(name)?.text == value)
    }

    @Test(arguments: [
        "", "{", "[", "\"", "{\"b\"", "{\"b\":", "{\"b\":}", "{\"b\":\"", "[1,", "null",
        "{\"a\":1 \"b\":2}", "\\",
        "{\"b\":{", "{,}", "{\"\\",
    ])
    func `answers nil for text that breaks off or is no JSON`(text: String) {
        #expect(JSONSlice(text).field("b") == nil)
        #expect(JSONSlice(text).elements() == nil)
        #expect(JSONSlice(text).string == nil)
    }

    @Test func `cuts the elements of a list, whatever they hold`() {
        let list = JSONSlice(#"[ {"id":"1","n":"]"} , [1,2] ,"a,b", null,3 ]"#)
        #expect(list.elements()?.map(\.text) == [#"{"id":"1","n":"]"}"#, "[1,2]", #""a,b""#, "null", "3"])
        #expect(JSONSlice("[]").elements()?.isEmpty == true)
    }

    @Test(arguments: [
        (#""Zo\u00eb \ud83d\ude00""#, "Zoë 😀"), (#""a\nb\t\"\\\/""#, "a\nb\t\"\\/"), (#""\ud83d""#, "\u{FFFD}"),
        (#""é""#, "é"),
    ])
    func `reads a string's escapes`(text: String, value: String) {
        #expect(JSONSlice(text).string == value)
    }

    @Test func `adds a field at the end of an object`() {
        #expect(JSONSlice("{}").adding("new", "true".utf8).text == #"{"new":true}"#)
        #expect(JSONSlice(#"{"id":"1"}"#).adding("new", "false".utf8).text == #"{"id":"1","new":false}"#)
        #expect(JSONSlice("[1]").adding("new", "true".utf8).text == "[1]")
    }

    @Test func `reads ids that come as numbers or as strings`() {
        #expect(JSONSlice("900").idText == "900")
        #expect(JSONSlice("\"900\"").idText == "900")
        #expect(JSONSlice("null").idText == nil)
    }

    @Test func `works on a part of a larger buffer`() {
        let bytes = Array(#"....{"a":{"b":7}}...."#.utf8)
        #expect(JSONSlice(bytes[4..<17]).field("a")?.field("b")?.integer == 7)
    }
}
