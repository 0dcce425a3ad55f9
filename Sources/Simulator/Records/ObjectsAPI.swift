import GRDB
import JSON

/// `/crm/objects/{type}`: reading and changing single records of any type.
enum ObjectsAPI {
    static var routes: [Route] {
        [
            Route("GET", "crm/objects/{type}", reading, .read(list)),
            Route("POST", "crm/objects/{type}", writing, .write(create)),
            Route("GET", "crm/objects/{type}/{id}", reading, .read(get)),
            Route("PATCH", "crm/objects/{type}/{id}", writing, .write(update)),
            Route("DELETE", "crm/objects/{type}/{id}", writing, .write(archive)),
            Route("POST", "crm/objects/{type}/merge", writing, .write(MergeAPI.merge)),
            Route("POST", "crm/objects/{type}/gdpr-delete", writing, .write(MergeAPI.gdprDelete)),
        ]
    }

    static let reading = Route.Access.token { call throws(APIError) in try call.objectType().scopes(writing: false) }
    static let writing = Route.Access.token { call throws(APIError) in try call.objectType().scopes(writing: true) }

    /// The parts of a record that a read shows.
    struct View {
        var writer: RecordWriter
        var history: [String]
        var associations: [PortalObjectType]
        let publicURL: String

        init(_ call: Call, _ type: PortalObjectType) throws(APIError) {
            writer = RecordWriter(
                type: type, portalID: Portal.id,
                selection: PropertySelection(call.query.list("properties"), of: type, in: call.schema))
            history = call.query.list("propertiesWithHistory").filter { call.schema.property($0, of: type) != nil }
            associations = []
            publicURL = call.portal.publicURL
            for name in call.query.list("associations") { associations.append(try call.schema.type(name)) }
        }

        func write(_ record: StoredRecord, _ db: Database, to buffer: inout JSONWriter) throws {
            guard !history.isEmpty || !associations.isEmpty else {
                writer.write(record, to: &buffer)
                return
            }
            var extra = JSONWriter()
            if !history.isEmpty { try PropertyHistory.write(history, of: record, db, to: &extra) }
            try AssociationsView.write(associations, of: record, writer.type, publicURL: publicURL, db, to: &extra)
            writer.write(record, to: &buffer) { $0.raw(extra.bytes) }
        }
    }

    // MARK: Reading

    static func list(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let view = try View(call, type)
        let limit = try call.query.integer("limit", default: 10, in: 1...(view.history.isEmpty ? 100 : 50))
        let archived = call.query.flag("archived")
        let after = try Paging.after(call)
        var buffer = JSONWriter(capacity: limit * 512)
        buffer.raw("{\"results\":[")
        var isFirst = true
        let next = try call.records(db, of: type).page(after: after, limit: limit, archived: archived) { record in
            if !isFirst { buffer.raw(",") }
            isFirst = false
            try view.write(record, db, to: &buffer)
        }
        buffer.raw("]")
        if let next { Paging.write(after: String(next), call, to: &buffer) }
        buffer.raw("}")
        return SimulatorResponse(200, json: buffer.bytes)
    }

    static func get(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let view = try View(call, type)
        let record = try resolve(call, type, db, archived: call.query.flag("archived"))
        var buffer = JSONWriter(capacity: 1024)
        try view.write(record, db, to: &buffer)
        return SimulatorResponse(200, json: buffer.bytes)
    }

    /// The record that the path names, by id or by a property with unique values.
    static func resolve(_ call: Call, _ type: PortalObjectType, _ db: Database, archived: Bool = false) throws
        -> StoredRecord
    {
        let text = call.parameter("id")
        let store = call.records(db, of: type)
        if let property = call.query.first("idProperty"), !property.isEmpty, property != "hs_object_id" {
            try checkUnique(property, type, call.schema)
            guard let record = try store.find(property: property, value: text, archived: archived) else {
                throw APIError.recordNotFound
            }
            return record
        }
        guard let id = Int64(text) else { throw APIError.malformedID(text) }
        guard let record = try store.find(id: id, archived: archived) else { throw APIError.recordNotFound }
        return record
    }

    /// 400 where records cannot be told apart by this property.
    static func checkUnique(_ property: String, _ type: PortalObjectType, _ schema: Schema) throws(APIError) {
        guard schema.property(property, of: type)?.hasUniqueValue == true else {
            throw .validation("Property \(property) is not a unique property of \(type.id)")
        }
    }

    // MARK: Changing

    static func create(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let body = try call.object()
        let record = try Writes.create(body, type, call, db)
        var buffer = JSONWriter(capacity: 1024)
        RecordWriter(type: type, portalID: Portal.id, selection: .all).write(record, to: &buffer)
        return SimulatorResponse(201, json: buffer.bytes).located(String(record.id), call)
    }

    static func update(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let body = try call.object()
        guard let properties = body["properties"], !properties.isNull else { throw APIError.missing(["properties"]) }
        try Writes.checkNotEmpty(properties)
        let record = try resolve(call, type, db)
        let (updated, shown) = try Writes.update(record, properties, type, call, db)
        var buffer = JSONWriter(capacity: 1024)
        RecordWriter(type: type, portalID: Portal.id, selection: .names(shown)).write(updated, to: &buffer)
        return SimulatorResponse(200, json: buffer.bytes)
    }

    static func archive(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let text = call.parameter("id")
        guard let id = Int64(text) else { throw APIError.malformedID(text) }
        let store = call.records(db, of: type)
        if let record = try store.find(id: id, followingMerges: false) { try store.archive(record) }
        return SimulatorResponse(204)
    }
}
