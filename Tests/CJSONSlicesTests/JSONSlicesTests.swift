import CJSONSlices
import Testing

@Suite("A JSON text cut into the records of a list") struct JSONSlicesTests {
    /// Each element's own text, followed by what it has at each path (nil where it has nothing).
    private func cut(_ text: String, _ field: String, _ paths: String = "") throws(CutFailure) -> [[String?]]? {
        let result: Result<[[String?]]?, CutFailure> = Array(text.utf8).withUnsafeBytes { text in
            guard let cut = cjs_cut_new(text.baseAddress, text.count) else {
                return .failure(CutFailure(reason: "no memory"))
            }
            defer { cjs_cut_free(cut) }
            if let error = cjs_cut_error(cut) { return .failure(CutFailure(reason: String(cString: error))) }
            guard cjs_cut_list(cut, field, paths) else { return .success(nil) }
            return .success(
                (0..<cjs_cut_count(cut)).map { index in
                    let range = cjs_cut_element(cut, index)
                    let element = String(decoding: text[range.offset..<range.offset + range.length], as: UTF8.self)
                    return [element] + paths.split(separator: " ").indices.map { string(cjs_cut_text(cut, index, $0)) }
                })
        }
        return try result.get()
    }

    private struct CutFailure: Error, Equatable { var reason: String }

    private func string(_ text: cjs_text) -> String? {
        guard let bytes = text.bytes else { return nil }
        return UnsafeBufferPointer(start: bytes, count: text.length).withMemoryRebound(to: UInt8.self) {
            String(decoding: $0, as: UTF8.self)
        }
    }

    @Test func `gives each element's text and the strings at its paths`() throws {
        let answer = #"""
            {"status": "COMPLETE", "results": [ {"id": "1", "properties": {"email": "ada@example.com"}} ,
             {"objectWriteTraceId":"t-2","id":22}], "errors": []}
            """#
        let elements = try cut(answer, "results", "id properties.email objectWriteTraceId")
        #expect(
            elements == [
                [#"{"id": "1", "properties": {"email": "ada@example.com"}}"#, "1", "ada@example.com", nil],
                [#"{"objectWriteTraceId":"t-2","id":22}"#, "22", nil, "t-2"],
            ])
    }

    @Test func `reaches into lists by index`() throws {
        let answer = #"{"errors":[{"context":{"ids":["5","6"]}}]}"#
        let elements = try cut(answer, "errors", "context.ids.1 context.ids.2 context.ids.x context")
        #expect(elements == [[#"{"context":{"ids":["5","6"]}}"#, "6", nil, nil, nil]])
    }

    @Test func `takes the escapes out of keys and values, and makes a lone surrogate U+FFFD`() throws {
        let elements = try cut(#"{"r\u0065sults":[{"i\u0064":"\ud83d"},{"id":"\ud83d\ude00\n"}]}"#, "results", "id")
        #expect(elements?.map { $0[1] } == ["\u{FFFD}", "😀\n"])
    }

    @Test func `counts the last of doubled fields`() throws {
        #expect(try cut(#"{"results":[1],"results":[2, 3]}"#, "results") == [["2"], ["3"]])
    }

    @Test(arguments: [#"{"results":null}"#, #"{"results":{}}"#, "{}", "[1]", "1", "null"])
    func `finds no list where there is none`(text: String) throws {
        #expect(try cut(text, "results", "id") == nil)
    }

    @Test(arguments: [
        ("", "invalid JSON at byte 1: the text is empty"),
        ("<html>\"", "invalid JSON at byte 1: expected a value"),
        (#"{"results":[1,}"#, "invalid JSON at byte 15: a bracket that closes nothing"),
        (#"{"results":[{"id":"1"}"#, "invalid JSON at byte 23: the text ends too early"),
        (#"{"results":["x]}"#, "invalid JSON at byte 13: the string does not end"),
        (#"{"results" []}"#, "invalid JSON at byte 12: expected a colon"),
        (#"{"results":[01]}"#, "invalid JSON at byte 13: expected a value"),
        ("{} {}", "invalid JSON at byte 4: the text goes on after its value"),
        (String(repeating: "[", count: 1_001), "invalid JSON at byte 1001: more than 1,000 levels deep"),
    ])
    func `says where a text is not JSON`(text: String, reason: String) {
        #expect(throws: CutFailure(reason: reason)) { try cut(text, "results", "id") }
    }
}
