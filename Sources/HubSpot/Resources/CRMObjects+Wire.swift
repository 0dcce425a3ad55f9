import HTTPTypes
import JSON

extension CRMObjects {
    /// What a call that writes was given: what a dry run answers in place of HubSpot.
    enum Given {
        case created(PropertyBag)
        case changed(RecordReference, PropertyBag)
        /// The caller answers for each element.
        case batch
    }

    struct Answer {
        var request: APIRequest
        var body: [UInt8]
        var isDryRun: Bool
    }

    /// Sends a call below the type's path.
    func send(
        _ method: HTTPRequest.Method, _ suffix: String, query: [(String, String)] = [], body: JSONValue? = nil,
        records: Int = 1, given: Given? = nil
    ) async throws(HubSpotError) -> Answer {
        let request = APIRequest(
            method, session.paths.objects(type.name) + suffix, query: query.map { (name: $0.0, value: $0.1) },
            body: body?.bytes, records: records, isBatch: suffix.hasPrefix("/batch/"))
        if let given, session.isDry(request) {
            try session.showDry(request)
            let record =
                switch given {
                case .created(let properties): Self.given(nil, properties)
                case .changed(let record, let properties): Self.given(record, properties)
                case .batch: JSONSlice("{}")
                }
            return Answer(request: request, body: Array(record.bytes), isDryRun: true)
        }
        return Answer(request: request, body: try await session.send(request).body, isDryRun: false)
    }

    /// As ``send(_:_:query:body:records:given:)`` for a call that answers with a JSON object.
    func call(
        _ method: HTTPRequest.Method, _ suffix: String, query: [(String, String)] = [], body: JSONValue? = nil,
        given: Given? = nil
    ) async throws(HubSpotError) -> JSONSlice {
        let answer = try await send(method, suffix, query: query, body: body, given: given)
        return try JSONSlice(answer: answer.body, to: answer.request)
    }

    /// What was given to a call that a dry run did not send, as a record.
    static func given(_ record: RecordReference?, _ properties: PropertyBag) -> JSONSlice {
        var all = properties
        if let record, let name = record.idProperty, all[name] == nil { all[name] = record.value }
        return JSONSlice(
            JSONValue.object([
                "id": record.flatMap { $0.idProperty == nil ? .string($0.value) : nil }, "properties": all.json,
                "dry_run": true,
            ]).bytes)
    }
}

extension JSONSlice {
    /// This page, fetched from `after` on.
    /// - Throws: kind `badResponse` where the next page begins there too, or nowhere: to follow it would never end.
    func checkedPage(after: String?) throws(HubSpotError) -> JSONSlice {
        guard let next = field("paging")?.field("next")?.field("after")?.idText else { return self }
        if next.isEmpty {
            throw HubSpotError(.badResponse, "HubSpot's page names an empty cursor as the beginning of the next one")
        }
        guard next == after else { return self }
        throw HubSpotError(.badResponse, "HubSpot's page after '\(next.prefix(80))' names itself as the next one")
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

    /// A body that must be a JSON object.
    init(object body: [UInt8]) throws(HubSpotError) {
        self.init(body)
        guard String(validating: body, as: UTF8.self) != nil else {
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

extension CRMObjects {
    func error(from entry: JSONSlice?, path: String) -> HubSpotError? {
        entry.flatMap { JSONValue(parsing: Array($0.bytes)) }.flatMap {
            HubSpotError(batchEntry: $0, request: "POST \(session.paths.objects(type.name))\(path)")
        }
    }
}
