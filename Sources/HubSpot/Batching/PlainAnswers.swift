extension JSONSlice {
    /// A record of a batch's answer as the plain call answers it.
    func asPlain(_ operation: BatchKind.Operation) -> JSONSlice {
        switch operation {
        case .read(let options, "email"?) where !options.properties.isEmpty && !options.properties.contains("email"):
            // Asked for in a batch only to tell the records apart.
            guard let properties = field("properties") else { return self }
            return replacing(properties, with: properties.removing("email"))
        case .upsert(let idProperty, isWhole: false, _):
            let record = removing("objectWriteTraceId")
            // An update answers what it changed, and not what it knew the record by.
            guard record.field("new")?.boolean == false, let properties = record.field("properties") else {
                return record
            }
            return record.replacing(properties, with: properties.removing(idProperty))
        case .read, .lookUp, .archive, .link: return self
        case .create, .update, .upsert: return removing("objectWriteTraceId")
        }
    }

    /// This object without a field.
    func removing(_ name: String) -> JSONSlice {
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
        return without(start..<end, inserting: [])
    }

    /// This text with another in the place of one of its parts.
    func replacing(_ part: JSONSlice, with other: JSONSlice) -> JSONSlice {
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

extension HubSpotError {
    /// True for HubSpot's answer to a batch: an error without a request was not HubSpot's; one of another request is a
    /// plain call's already.
    var isOfBatch: Bool { request.map { $0.isEmpty || $0.contains("/batch/") } ?? false }

    /// The error of a batch, or of one of its records, as the plain call has it.
    /// - Parameters:
    ///   - plainRequest: What that is called: `GET /crm/objects/2026-09/contacts/1`.
    ///   - wanted: What it looks for.
    func asPlain(_ plainRequest: @autoclosure () -> String, _ wanted: @autoclosure () -> LookedUp?) -> HubSpotError {
        guard isOfBatch else { return self }
        var plain = self
        plain.request = plainRequest()
        if kind == .notFound, status == 404 {
            plain.message = wanted().map { "no \($0)" } ?? "resource not found"
            plain.category = "OBJECT_NOT_FOUND"
            plain.errors = []
            plain.context = nil
        } else if case .object(var names)? = context {
            for name in ["objectWriteTraceId", "id", "ids", "fromObjectId", "toObjectId"] { names[name] = nil }
            plain.context = names.isEmpty ? nil : .object(names)
        }
        return plain
    }
}
