import JSON

extension JSONSlice {
    /// A record of a batch's answer as the plain call answers it.
    func asPlain(_ verb: BatchKind.Verb) -> JSONSlice {
        switch verb {
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
        case .read, .archive, .link: return self
        case .create, .update, .upsert: return removing("objectWriteTraceId")
        }
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
        } else if let named = context?.members {
            let ids: Set = ["objectWriteTraceId", "id", "ids", "fromObjectId", "toObjectId"]
            let left = named.filter { !ids.contains($0.key) }
            plain.context = left.isEmpty ? nil : .object(left)
        }
        return plain
    }
}
