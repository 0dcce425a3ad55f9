import Testing
import Wire

@Suite("A date of HTTP") struct HTTPDateTests {
    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Sun, 29 Nov 2026 03:04:05 GMT", 1_795_921_445),
    ]) func `is read`(text: String, seconds: Int) { #expect(HTTPDate(text)?.time == .seconds(seconds)) }

    @Test(arguments: [
        "", "now", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
    ]) func `that is another's is none`(text: String) { #expect(HTTPDate(text) == nil) }
}
