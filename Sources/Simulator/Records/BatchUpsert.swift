import GRDB
import JSON

extension BatchAPI {
    /// `batch/upsert`: updates the records that are there, and makes the others.
    static func upsert(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        try BatchTransaction.run(db) { try upsert(call, $0) }
    }

    private static func upsert(_ call: Call, _ batch: BatchTransaction) throws -> SimulatorResponse {
        let db = batch.db
        let type = try call.objectType()
        let inputs = try inputs(call.object())
        let ids = try ids(inputs)
        try checkDuplicates(ids, ignoringCase: true)
        let store = call.records(db, of: type)
        var answer = Answer()
        var whole = call
        var missing: [String] = []
        /// The inputs' ids by the records that they have led to.
        var reached: [Int64: String] = [:]
        for (input, value) in zip(inputs, ids) {
            guard let properties = input["properties"], !properties.isNull else {
                throw APIError.missing(["properties"])
            }
            let property = try key(input, type, call)
            let existing = try find(value, by: property, store)
            if let existing, let other = reached[existing.key] { throw duplicates([other, value]) }
            guard property != nil || existing != nil else {
                missing.append(value)
                continue
            }
            let trace = try input.scalar("objectWriteTraceId")
            let outcome = try batch.attempt {
                try write(value, property, properties, existing, type, trace == nil ? whole : call, db)
            }
            switch outcome {
            case .success(let (record, shown, isNew)):
                if isNew { whole.unsettled.insert(record.key) }
                reached[record.key] = value
                let writer = RecordWriter(type: type, portalID: Portal.id, selection: isNew ? .all : .names(shown))
                answer.add(record, writer) { buffer in
                    buffer.raw(isNew ? ",\"new\":true" : ",\"new\":false")
                    if let trace { Self.trace(trace, &buffer) }
                }
            case .failure(let error):
                // A value that is taken refuses the whole batch, whether the inputs can be told apart or not.
                if let conflict = conflict(error) { throw conflict }
                guard let trace else { throw error }
                answer.add(traced(error, trace))
            }
        }
        if !missing.isEmpty { answer.add(notFound(type, missing)) }
        return answer.response(200, call)
    }

    /// The property that an input's id is a value of; nil where it is a record's own id.
    private static func key(_ input: JSONValue, _ type: PortalObjectType, _ call: Call) throws(APIError) -> String? {
        guard let property = try input.scalar("idProperty"), !property.isEmpty else { return nil }
        guard property != "hs_object_id", call.schema.property(property, of: type)?.hasUniqueValue == true else {
            throw .validation("Unable to perform update/upsert by non-unique \(type.id) property")
        }
        return property
    }

    private static func find(_ value: String, by property: String?, _ store: RecordStore) throws -> StoredRecord? {
        guard let property else { return try Int64(value).flatMap { try store.find(id: $0) } }
        return try store.find(property: property, value: value)
    }

    /// A refusal because of a value that another record has, as 409; nil for other refusals.
    private static func conflict(_ error: APIError) -> APIError? {
        var error = error
        guard error.status == 409 || error.errors.contains(where: { $0.code == "CONFLICTING_UNIQUE_VALUE" })
        else { return nil }
        error.status = 409
        error.category = "CONFLICT"
        return error
    }

    /// Updates the record that holds the value, or makes one that does.
    private static func write(
        _ value: String, _ property: String?, _ properties: JSONValue, _ existing: StoredRecord?,
        _ type: PortalObjectType,
        _ call: Call,
        _ db: Database
    ) throws -> (StoredRecord, [String], Bool) {
        var given = properties
        if let property, given[property] == nil { given = given.setting(property, to: .string(value)) }
        guard var existing else { return (try Writes.create(["properties": given], type, call, db), [], true) }
        existing.properties = existing.properties.decoded
        if let property {
            // With a further address as the key, the primary one stays.
            let isPrimary =
                existing.properties.values[property].map { RecordStore.uniqueForm($0) } == RecordStore.uniqueForm(value)
            if !isPrimary { given = given.without(property) }
        }
        let (updated, shown) = try Writes.update(existing, given, type, call, db)
        return (updated, shown, false)
    }
}
