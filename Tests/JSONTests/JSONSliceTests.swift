import Testing

@testable import JSON

@Suite("JSONSlice") struct JSONSliceTests {
    @Test(arguments: [
        (#"{"a":1,"b":"x"}"#, "b", #""x""#), (#" { "a" : [1,{"b":2}] , "b" : {"c":"}"} } "#, "b", #"{"c":"}"}"#),
        (#"{"x":"\"b\":1","b":null}"#, "b", "null"), (#"{"b":[]}"#, "b", "[]"),
        (#"{"a":"\\","b":-1.5e3}"#, "b", "-1.5e3"), (#"{"b":1,"a":2,"b" : [3] ,"c":4}"#, "b", "[3]"),
        (#"{"b":1,"\u0062":2}"#, "b", "2"), (#"{"\u0062\u0062":1,"b":2}"#, "b", "2"), (#"{"é":1}"#, "é", "1"),
    ])
    func `finds the field of an object`(text: String, name: String, value: String) {
        #expect(JSONSlice(text).field(name)?.text == value)
        #expect(JSONSlice(text).withStructure { $0.field(name)?.slice.text } == value)
    }

    @Test(arguments: [
        "", "{", "[", "\"", "{\"b\"", "{\"b\":", "{\"b\":}", "{\"b\":\"", "[1,", "null",
        "{\"a\":1 \"b\":2}", "\\",
        "{\"b\":{", "{,}", "{\"\\", "{\"b\":1", "{\"b\":1,",
    ])
    func `answers nil for text that breaks off or is no JSON`(text: String) {
        #expect(JSONSlice(text).field("b") == nil)
        #expect(JSONSlice(text).withStructure { $0.field("b") == nil } ?? true)
        #expect(JSONSlice(text).elements() == nil)
        #expect(JSONSlice(text).string == nil)
    }

    @Test func `cuts the elements of a list, whatever they hold`() {
        let list = JSONSlice(#"[ {"id":"1","n":"]"} , [1,2] ,"a,b", null,3 ]"#)
        #expect(list.elements()?.map(\.text) == [#"{"id":"1","n":"]"}"#, "[1,2]", #""a,b""#, "null", "3"])
        #expect(JSONSlice("[]").elements()?.isEmpty == true)
    }

    @Test(arguments: [
        (#"{"results": [ {"id":"1","n":["]"]} , [1,2] ,"a,b", null,-3 ] }"#, 5, #"{"id":"1","n":["]"]}"#, "-3"),
        (#"{"results":[[[]]]}"#, 1, "[[]]", "[[]]"), (#"{"results":[{"a":1},{}]}"#, 2, #"{"a":1}"#, "{}"),
    ]) func `tells a list's ends by the text's structure`(text: String, count: Int, first: String, last: String) {
        let found = JSONSlice("....\(text)....").part(4, text.utf8.count).withStructure { root in
            root.field("results")?.elements.map { ($0.count, $0.first?.slice.text, $0.last?.slice.text) }
        }
        #expect(found??.0 == count && found??.1 == first && found??.2 == last)
    }

    @Test func `tells that a list is empty, or none`() {
        #expect(JSONSlice("[ ]").withStructure { $0.elements?.count } == 0)
        #expect(JSONSlice("{}").withStructure { $0.elements == nil } == true)
        #expect(JSONSlice("[1]").withStructure { $0.field("a") == nil } == true)
        #expect(JSONSlice("[1,]").withStructure { _ in true } == nil)
    }

    @Test func `removes a field as often as it is there`() {
        #expect(JSONSlice(#"{"a":1,"b":2,"a":3}"#).removing("a").text == #"{"b":2}"#)
        #expect(JSONSlice(#"{"a":1}"#).removing("a").text == "{}")
        #expect(JSONSlice(#"{"b":1}"#).removing("a").text == #"{"b":1}"#)
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

extension JSONSlice {
    /// A part of its text.
    fileprivate func part(_ start: Int, _ count: Int) -> JSONSlice { JSONSlice(bytes[start..<start + count]) }
}
