import JSON

extension JSONSlice {
    /// Where the page behind this one begins, of a list that is part of an answer; nil behind the last. A whole answer is an
    /// ``AnswerPage``.
    /// - Throws: As ``cursor()`` does.
    func nextCursor() throws(HubSpotError) -> String? {
        try field("paging")?.field("next")?.field("after")?.cursor()
    }

    /// The beginning of a page that this names; nil for null.
    /// - Throws: kind `badResponse` where it is neither a text nor a number, or an empty text.
    func cursor() throws(HubSpotError) -> String? {
        if isNull { return nil }
        guard let text = idText else {
            throw HubSpotError(
                .badResponse, "HubSpot's page names no text as the beginning of the next one: \(self.text.prefix(60))")
        }
        if text.isEmpty {
            throw HubSpotError(.badResponse, "HubSpot's page names an empty cursor as the beginning of the next one")
        }
        return text
    }

    /// The answer to `request`, which must be a JSON object.
    init(answer body: [UInt8], to request: APIRequest) throws(HubSpotError) {
        do throws(HubSpotError) {
            try self.init(object: body)
        } catch {
            var error = error
            error.request = request.summary
            error.fateIsUnknown = (try? RequestRules(request).isWrite) ?? false
            throw error
        }
    }

    /// The answer to `request`, which must be a record.
    init(record body: [UInt8], to request: APIRequest) throws(HubSpotError) {
        try self.init(answer: body, to: request)
        guard hasID else { throw .recordWithoutID(request) }
    }

    /// Whether this is a record, which has an id.
    var hasID: Bool { recordID?.isEmpty == false }

    /// A body that must be a JSON object.
    init(object body: [UInt8]) throws(HubSpotError) {
        self.init(body)
        guard isUTF8 else {
            throw HubSpotError(.badResponse, "HubSpot's answer is not valid UTF-8")
        }
        while let first = bytes.first, first == 0x20 || (0x09...0x0D).contains(first) { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || (0x09...0x0D).contains(last) { bytes.removeLast() }
        guard bytes.first == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}") else {
            let start = String(decoding: bytes.prefix(60), as: UTF8.self)
            throw HubSpotError(
                .badResponse,
                bytes.isEmpty ? "HubSpot's answer has no body" : "HubSpot's answer is no JSON object: \(start)")
        }
    }
}

extension HubSpotError {
    /// HubSpot's answer lacks a record's id: the record is of no use, and a write may have been carried out.
    static func recordWithoutID(_ request: APIRequest) -> HubSpotError {
        HubSpotError(
            .badResponse, "HubSpot's answer holds no record with an id", request: request.summary,
            fateIsUnknown: (try? RequestRules(request).isWrite) ?? false)
    }

    /// One of the `errors` of a batch answer. It gets the status that the call for that record alone would have had.
    init?(batchEntry entry: JSONValue, request: String) {
        guard entry.members != nil else { return nil }
        let message = entry["message"]?.string ?? "HubSpot gives no reason"
        let category = entry["category"]?.string
        let existing = message.firstRange(of: "Existing ID: ").map { message[$0.upperBound...].prefix { $0.isNumber } }
        let (kind, status): (Kind, Int) =
            switch category {
            case "OBJECT_NOT_FOUND": (.notFound, 404)
            case "CONFLICT", "OBJECT_ALREADY_EXISTS": (.conflict, 409)
            case "MISSING_SCOPES": (.forbidden, 403)
            case "RATE_LIMITS": (.rateLimited, 429)
            default: existing == nil ? (.validation, 400) : (.conflict, 409)
            }
        self.init(
            kind, message, status: status, category: category, correlationID: entry["correlationId"]?.string,
            errors: entry["errors"]?.array ?? [], context: entry["context"], request: request,
            existingID: existing.flatMap { $0.isEmpty ? nil : String($0) })
        addDetails()
    }
}
