import GRDB
import JSON
import Wire

/// `/crm/objects/{type}/batch/…`: up to 100 records in one call.
enum BatchAPI {
    static let maximumInputs = 100
    static let maximumHistoryInputs = 50

    static var routes: [Route] {
        [
            Route("POST", "crm/objects/{type}/batch/read", ObjectsAPI.reading, .read(read)),
            Route("POST", "crm/objects/{type}/batch/create", ObjectsAPI.writing, .write(create)),
            Route("POST", "crm/objects/{type}/batch/update", ObjectsAPI.writing, .write(update)),
            Route("POST", "crm/objects/{type}/batch/upsert", ObjectsAPI.writing, .write(upsert)),
            Route("POST", "crm/objects/{type}/batch/archive", ObjectsAPI.writing, .write(archive)),
        ]
    }

    // MARK: Inputs

    static func inputs(_ body: JSONValue, maximum: Int = maximumInputs) throws(APIError) -> [JSONValue] {
        let inputs = try body.requiredArray("inputs")
        guard inputs.count <= maximum else {
            throw maximum == maximumHistoryInputs
                ? .validation(
                    "The maximum number of inputs supported in a batch request for property histories is 50. "
                        + "Please reduce the number of items and try again") : tooMany(maximum)
        }
        for input in inputs where input.members == nil {
            throw .input("Cannot deserialize value from \(Call.token(input)) at \"inputs\"")
        }
        return inputs
    }

    static func tooMany(_ maximum: Int) -> APIError {
        .validation(
            "The maximum number of inputs supported in a batch is \(maximum). "
                + "Please reduce the number of items and try again")
    }

    static func ids(_ inputs: [JSONValue]) throws(APIError) -> [String] {
        var ids: [String] = []
        for input in inputs { ids.append(try input.requiredScalar("id")) }
        return ids
    }

    /// The same id, or address in any case, twice refuses the whole call.
    static func checkDuplicates(_ ids: [String], ignoringCase: Bool) throws(APIError) {
        var seen: Set<String> = []
        var doubles: [String] = []
        for id in ids where !seen.insert(ignoringCase ? id.lowercased() : id).inserted && !doubles.contains(id) {
            doubles.append(id)
        }
        if !doubles.isEmpty { throw duplicates(doubles) }
    }

    static func duplicates(_ ids: [String]) -> APIError {
        var error = APIError.validation(
            "Duplicate IDs found in batch input: [\(ids.joined(separator: ", "))]. IDs must be unique")
        error.context = [("ids", ids)]
        return error
    }

    static func notFound(_ type: PortalObjectType, _ ids: [String]) -> APIError {
        var error = APIError(
            404,
            "Could not get some \(type.upper) objects, they may be deleted or not exist. Check that ids are valid.",
            category: "OBJECT_NOT_FOUND")
        error.context = [("ids", ids)]
        return error
    }

    // MARK: Answers

    /// A batch's answer under construction.
    struct Answer {
        private var results = JSONWriter(capacity: 32_768)
        private(set) var errors: [JSONValue] = []

        mutating func add(_ record: StoredRecord, _ writer: RecordWriter, extra: (inout JSONWriter) -> Void = { _ in })
        {
            if !results.bytes.isEmpty { results.raw(",") }
            writer.write(record, to: &results, extra: extra)
        }

        mutating func add(_ error: APIError) { errors.append(error.batchEntry) }

        /// - Parameter status: Where nothing went wrong; else 207.
        func response(_ status: Int, _ call: Call) -> SimulatorResponse {
            var buffer = JSONWriter(capacity: results.bytes.count + 256)
            buffer.raw("{\"status\":\"COMPLETE\",\"results\":[")
            buffer.raw(results.bytes)
            buffer.raw("]")
            if !errors.isEmpty {
                buffer.raw(",\"numErrors\":")
                buffer.integer(Int64(errors.count))
                buffer.raw(",\"errors\":")
                buffer.value(.array(errors))
            }
            buffer.raw(",\"startedAt\":\"")
            buffer.raw(Timestamp.iso(call.now))
            buffer.raw("\",\"completedAt\":\"")
            buffer.raw(Timestamp.iso(call.portal.milliseconds()))
            buffer.raw("\"}")
            return SimulatorResponse(errors.isEmpty ? status : 207, json: buffer.bytes)
        }
    }

    // MARK: Calls

    static func read(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let body = try call.object()
        let history = try body.stringList("propertiesWithHistory").filter { call.schema.property($0, of: type) != nil }
        let ids = try ids(inputs(body, maximum: history.isEmpty ? maximumInputs : maximumHistoryInputs))
        let idProperty = try body.scalar("idProperty")
        let archived = call.query.flag("archived")
        let byID = idProperty == nil || idProperty == "" || idProperty == "hs_object_id"
        try checkDuplicates(ids, ignoringCase: !byID)
        if let idProperty, !byID { try ObjectsAPI.checkUnique(idProperty, type, call.schema) }
        let selection = PropertySelection(try body.stringList("properties"), of: type, in: call.schema)
        let writer = RecordWriter(type: type, portalID: Portal.id, selection: selection)
        let store = call.records(db, of: type)
        var answer = Answer()
        var missing: [String] = []
        var shown: Set<Int64> = []
        for id in ids {
            let record: StoredRecord?
            if let idProperty, !byID {
                record = try store.find(property: idProperty, value: id, archived: archived)
            } else {
                record = try Int64(id).flatMap { try store.find(id: $0, archived: archived) }
            }
            guard let record else {
                missing.append(id)
                continue
            }
            guard shown.insert(record.key).inserted else { continue }
            if history.isEmpty {
                answer.add(record, writer)
            } else {
                var extra = JSONWriter()
                try PropertyHistory.write(history, of: record, db, to: &extra)
                answer.add(record, writer) { $0.raw(extra.bytes) }
            }
        }
        if !missing.isEmpty { answer.add(notFound(type, missing)) }
        return answer.response(200, call)
    }

    static func create(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        try BatchTransaction.run(db) { try create(call, $0) }
    }

    private static func create(_ call: Call, _ batch: BatchTransaction) throws -> SimulatorResponse {
        let db = batch.db
        let type = try call.objectType()
        let inputs = try inputs(call.object())
        var traces: [String] = []
        for input in inputs { if let trace = try input.scalar("objectWriteTraceId") { traces.append(trace) } }
        // Only where every input can be told apart does HubSpot answer one by one; else it is all or nothing.
        let isPartial = traces.count == inputs.count && Set(traces).count == traces.count
        let writer = RecordWriter(type: type, portalID: Portal.id, selection: .all)
        var answer = Answer()
        var whole = call
        for (index, input) in inputs.enumerated() {
            guard isPartial else {
                let record = try Writes.create(input, type, whole, db)
                whole.unsettled.insert(record.key)
                answer.add(record, writer)
                continue
            }
            switch try batch.attempt({ try Writes.create(input, type, call, db) }) {
            case .success(let record): answer.add(record, writer) { trace(traces[index], &$0) }
            case .failure(let error): answer.add(traced(error, traces[index]))
            }
        }
        return answer.response(201, call)
    }

    static func update(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        try BatchTransaction.run(db) { try update(call, $0) }
    }

    private static func update(_ call: Call, _ batch: BatchTransaction) throws -> SimulatorResponse {
        let db = batch.db
        let type = try call.objectType()
        let inputs = try inputs(call.object())
        let ids = try ids(inputs)
        for input in inputs {
            guard let property = try input.scalar("idProperty"), !property.isEmpty else { continue }
            // Recorded for email and for hs_object_id, although both are unique.
            guard property != "email", property != "hs_object_id",
                call.schema.property(property, of: type)?.hasUniqueValue == true
            else { throw APIError.validation("Unable to perform update/upsert by non-unique \(type.id) property") }
        }
        try checkDuplicates(ids, ignoringCase: false)
        let store = call.records(db, of: type)
        var answer = Answer()
        var missing: [String] = []
        for (input, text) in zip(inputs, ids) {
            guard let properties = input["properties"], !properties.isNull else {
                throw APIError.missing(["properties"])
            }
            let record: StoredRecord?
            if let property = try input.scalar("idProperty"), !property.isEmpty {
                record = try store.find(property: property, value: text)
            } else {
                // An id that is no number changes nothing and raises nothing, and so does one that was merged away.
                guard let id = Int64(text) else { continue }
                record = try store.find(id: id, followingMerges: false)
                if record == nil, 0...PortalObjectType.largestID ~= id, try store.survivor(of: id) != nil { continue }
            }
            guard let record else {
                missing.append(text)
                continue
            }
            let trace = try input.scalar("objectWriteTraceId")
            let outcome = try batch.attempt {
                try Writes.checkNotEmpty(properties)
                return try Writes.update(record, properties, type, call, db)
            }
            switch outcome {
            case .success(let (updated, shown)):
                let writer = RecordWriter(type: type, portalID: Portal.id, selection: .names(shown))
                answer.add(updated, writer) { buffer in if let trace { Self.trace(trace, &buffer) } }
            case .failure(var error):
                error.context.append(("id", [text]))
                answer.add(trace.map { traced(error, $0) } ?? error)
            }
        }
        if !missing.isEmpty { answer.add(notFound(type, missing)) }
        return answer.response(200, call)
    }

    static func archive(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let ids = try ids(inputs(call.object()))
        let store = call.records(db, of: type)
        for id in ids {
            guard let number = Int64(id), let record = try store.find(id: number, followingMerges: false) else {
                continue
            }
            try store.archive(record)
        }
        return SimulatorResponse(204)
    }

    static func trace(_ trace: String, _ buffer: inout JSONWriter) {
        buffer.raw(",\"objectWriteTraceId\":")
        buffer.string(trace)
    }

    static func traced(_ error: APIError, _ trace: String) -> APIError {
        var error = error
        error.context.append(("objectWriteTraceId", [trace]))
        return error
    }
}

extension JSONValue {
    func without(_ key: String) -> JSONValue {
        guard let members else { return self }
        return .object(members.filter { $0.key != key })
    }
}

extension BatchAPI {
    /// A batch's answer made of documents.
    static func envelope(_ results: [JSONValue], _ errors: [JSONValue], _ call: Call) -> JSONValue {
        var body: JSONValue = ["status": "COMPLETE", "results": .array(results)]
        if !errors.isEmpty {
            body = body.setting("numErrors", to: .integer(errors.count)).setting("errors", to: .array(errors))
        }
        return body.setting("startedAt", to: .string(Timestamp.iso(call.now)))
            .setting("completedAt", to: .string(Timestamp.iso(call.portal.milliseconds())))
    }
}
