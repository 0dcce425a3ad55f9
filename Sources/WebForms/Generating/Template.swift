/// A source text with gaps: `{{url}}`. What is put into a gap is not looked at again, so that a portal's text with two braces is text.
struct Template {
    let text: String

    init(_ bytes: [UInt8]) { text = String(decoding: bytes, as: UTF8.self) }

    /// A gap in an indented line, as `functions` is, takes lines that have their indent already.
    func filled(_ values: [String: String]) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}"),
            let value = values[String(rest[open.upperBound..<close.lowerBound])]
        {
            result += rest[..<open.lowerBound] + value
            rest = rest[close.upperBound...]
        }
        return result + rest
    }
}
