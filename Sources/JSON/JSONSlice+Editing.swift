extension JSONSlice {
    /// This object with one more field at its end. A text that is no object stays as it is.
    public func adding(_ name: String, _ value: some Sequence<UInt8>) -> JSONSlice {
        guard isObject, let end = bytes.lastIndex(of: UInt8(ascii: "}")) else { return self }
        var whole = Array(bytes[..<end])
        let isEmpty = whole.dropFirst().allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        if !isEmpty { whole.append(UInt8(ascii: ",")) }
        whole.append(contentsOf: JSONValue.string(name).bytes)
        whole.append(UInt8(ascii: ":"))
        whole.append(contentsOf: value)
        whole.append(UInt8(ascii: "}"))
        return JSONSlice(whole)
    }

    /// This object without a field, each time that it is there.
    public func removing(_ name: String) -> JSONSlice {
        let wanted = Array(name.utf8)
        var isFirst = true
        var cut: Range<Int>?
        var takesCommaBefore = false
        bytes.withUnsafeBufferPointer { text in
            let scanner = JSONScanner(text: text)
            _ = scanner.eachField { key, value in
                if cut == nil, scanner.matches(key, wanted) {
                    cut = key.lowerBound..<value.upperBound
                    takesCommaBefore = !isFirst
                    return false
                }
                isFirst = false
                return true
            }
        }
        guard let cut else { return self }
        var start = bytes.startIndex + cut.lowerBound
        var end = bytes.startIndex + cut.upperBound
        let comma = UInt8(ascii: ",")
        if takesCommaBefore {
            guard let before = bytes[..<start].lastIndex(of: comma) else { return self }
            start = before
        } else if let after = bytes[end...].firstIndex(where: { $0 > 0x20 }), bytes[after] == comma {
            end = after + 1
        }
        return without(start..<end, inserting: []).removing(name)
    }

    /// This text with another in the place of one of its parts.
    public func replacing(_ part: JSONSlice, with other: JSONSlice) -> JSONSlice {
        without(part.bytes.startIndex..<part.bytes.endIndex, inserting: other.bytes)
    }

    private func without(_ range: Range<Int>, inserting other: ArraySlice<UInt8>) -> JSONSlice {
        var rest: [UInt8] = []
        rest.reserveCapacity(bytes.count - range.count + other.count)
        rest += bytes[..<range.lowerBound]
        rest += other
        rest += bytes[range.upperBound...]
        return JSONSlice(rest)
    }
}
