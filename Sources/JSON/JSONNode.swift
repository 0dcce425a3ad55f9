import CJSON

extension JSONSlice {
    /// Looks into this text by its structure, which is found and checked in one pass: for a large text of which several parts
    /// are wanted.
    ///
    /// - Parameter body: Gets the text's value, and keeps nothing of it but slices. It reads no other text meanwhile.
    /// - Returns: Nil where the text is no JSON.
    public func withStructure<Value>(_ body: (JSONNode) -> Value) -> Value? {
        bytes.withUnsafeBufferPointer { text in
            let structure = cjson_read(text.baseAddress, text.count)
            guard structure.why == nil else { return nil }
            return body(JSONNode(text: text, structure: structure, bytes: bytes, token: 0))
        }
    }
}

/// A value in a text whose structure is known: to pass over it takes one step, however large it is.
public struct JSONNode {
    fileprivate let text: UnsafeBufferPointer<UInt8>
    fileprivate let structure: cjson_structure
    fileprivate let bytes: ArraySlice<UInt8>
    /// The one that it begins with.
    fileprivate let token: Int

    /// The value of a field of this object, of doubled names that of the last; nil where there is none or this is no object.
    public func field(_ name: String) -> JSONNode? {
        guard let close = end(ofKind: UInt8(ascii: "{")) else { return nil }
        let wanted = Array(name.utf8)
        let scanner = JSONScanner(text: text)
        var found: Int?
        var key = token + 1
        while key < close {
            // The colon lies between.
            let value = key + 2
            if scanner.matches(range(key), wanted) { found = value }
            key = behind(value) + 1
        }
        return found.map(node)
    }

    /// How many elements this list has, the first and the last; nil where this is no list.
    public var elements: (count: Int, first: JSONNode?, last: JSONNode?)? {
        guard let close = end(ofKind: UInt8(ascii: "[")) else { return nil }
        var (count, last) = (0, token + 1)
        var element = token + 1
        while element < close {
            (count, last) = (count + 1, element)
            element = behind(element) + 1
        }
        return count == 0 ? (0, nil, nil) : (count, node(token + 1), node(last))
    }

    /// The value's own text.
    public var slice: JSONSlice {
        let range = range(token)
        return JSONSlice(bytes[bytes.startIndex + range.lowerBound..<bytes.startIndex + range.upperBound])
    }

    /// The token of the bracket that closes this value, where a bracket of that kind opens it.
    private func end(ofKind kind: UInt8) -> Int? {
        text[Int(structure.tokens[token])] == kind ? Int(structure.partners[token]) : nil
    }

    private func node(_ token: Int) -> JSONNode {
        JSONNode(text: text, structure: structure, bytes: bytes, token: token)
    }

    private func isOpening(_ token: Int) -> Bool {
        // Both lie there in ASCII, and nothing else that begins a value.
        text[Int(structure.tokens[token])] & 0xDF == UInt8(ascii: "[")
    }

    /// The token behind the value that begins at one.
    private func behind(_ token: Int) -> Int { isOpening(token) ? Int(structure.partners[token]) + 1 : token + 1 }

    /// The place of the value that begins at a token.
    private func range(_ token: Int) -> Range<Int> {
        let start = Int(structure.tokens[token])
        if isOpening(token) { return start..<Int(structure.tokens[Int(structure.partners[token])]) + 1 }
        var end = Int(structure.tokens[token + 1])
        while end > start, text[end - 1] <= 0x20 { end -= 1 }
        return start..<end
    }
}
