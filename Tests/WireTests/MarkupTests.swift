import Testing
import Wire

@Suite("Text in a page") struct MarkupTests {
    @Test(arguments: [
        ("a < b & \"c\" > d", "a &lt; b &amp; &quot;c&quot; &gt; d"), ("two\nlines\t", "two&#10;lines&#9;"),
        ("\u{1b}[31m\u{9B}", "\u{FFFD}[31m\u{FFFD}"), ("it's", "it&#39;s"), ("a\u{202E}b\u{2028}", "a&#8238;b&#8232;"),
        ("Zoë 😀", "Zoë 😀"), ("", ""),
    ]) func `is no tag, and no end of an attribute`(text: String, escaped: String) {
        #expect(Markup.escaped(text) == escaped)
    }
}
