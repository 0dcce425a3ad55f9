import GRDB
import JSON

/// Associations v4: single links under the object, batches and labels under `/crm/associations`.
enum AssociationsAPI {
    static let maximumCreates = 2000
    static let maximumReads = 1000
    static let maximumArchives = 100

    static var routes: [Route] {
        let single = "crm/objects/{type}/{id}/associations"
        let batch = "crm/associations/{type}/{to}/batch"
        let labels = "crm/associations/{type}/{to}/labels"
        func route(
            _ method: String, _ pattern: String, _ access: Route.Access, _ work: Route.Work,
            _ lane: QuotaLane = .general
        ) -> Route {
            Route(method, pattern, lane: lane, access, work)
        }
        let reading = ObjectsAPI.reading
        let writing = ObjectsAPI.writing
        return [
            route("GET", "\(single)/{to}", reading, .read(list)),
            route("PUT", "\(single)/{to}/{toId}", writing, .write(link)),
            route("PUT", "\(single)/default/{to}/{toId}", writing, .write(linkByDefault)),
            route("DELETE", "\(single)/{to}/{toId}", writing, .write(unlink)),
            route("POST", "\(batch)/read", reading, .read(batchRead), .associations),
            route("POST", "\(batch)/create", writing, .write(batchCreate), .associations),
            route("POST", "\(batch)/associate/default", writing, .write(batchDefault), .associations),
            route("POST", "\(batch)/archive", writing, .write(batchArchive), .associations),
            route("POST", "\(batch)/labels/archive", writing, .write(batchLabelsArchive), .associations),
            route("GET", labels, reading, .read(AssociationLabelsAPI.list), .associations),
            route("POST", labels, writing, .write(AssociationLabelsAPI.create), .associations),
            route("PUT", labels, writing, .write(AssociationLabelsAPI.update), .associations),
            route("DELETE", "\(labels)/{label}", writing, .write(AssociationLabelsAPI.delete), .associations),
        ]
    }

    static func toType(_ call: Call) throws(APIError) -> PortalObjectType { try call.schema.type(call.parameter("to")) }

    private static func record(_ text: String, _ type: PortalObjectType, _ call: Call, _ db: Database) throws
        -> StoredRecord
    {
        guard let id = Int64(text) else { throw APIError.malformedID(text) }
        guard let record = try call.records(db, of: type).find(id: id) else { throw APIError.recordNotFound }
        return record
    }

    // MARK: Reading

    /// The linked records of one, each with the kinds of its links.
    private static func results(
        _ key: Int64, _ type: PortalObjectType, _ to: PortalObjectType, after: Int64, limit: Int, _ db: Database
    ) throws -> (results: [JSONValue], next: Int64?) {
        let own = try AssociationKinds.defined(from: type.id, to: to.id, db)
        var results: [JSONValue] = []
        var kinds: [JSONValue] = []
        var current: Int64?
        func close() {
            guard let current else { return }
            results.append([
                "toObjectId": .integer(PortalObjectType.id(ofKey: current)), "associationTypes": .array(kinds),
            ])
            kinds = []
        }
        for link in try AssociationStore(db: db).links(of: key, to: to) where link.toKey >= to.key(after) {
            if link.toKey != current {
                close()
                if results.count == limit { return (results, PortalObjectType.id(ofKey: link.toKey)) }
                current = link.toKey
            }
            let kind =
                link.category == "HUBSPOT_DEFINED"
                ? AssociationTypes.kind(link.typeID, from: type.id, to: to.id) : own.first { $0.id == link.typeID }
            kinds.append([
                "category": .string(link.category), "typeId": .integer(link.typeID), "label": .optional(kind?.label),
            ])
        }
        close()
        return (results, nil)
    }

    private static func list(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let to = try toType(call)
        let limit = try call.query.integer("limit", default: 500, in: 1...500)
        let after = call.query.first("after").flatMap { Int64($0) } ?? 0
        let record = try record(call.parameter("id"), type, call, db)
        let (results, next) = try results(record.key, type, to, after: after, limit: limit, db)
        var buffer = JSONWriter(capacity: 1024)
        buffer.raw("{\"results\":")
        buffer.value(.array(results))
        if let next { Paging.write(after: String(next), call, to: &buffer) }
        buffer.raw("}")
        return SimulatorResponse(200, json: buffer.bytes)
    }

    private static func batchRead(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let to = try toType(call)
        var answers: [JSONValue] = []
        var errors: [JSONValue] = []
        for input in try inputs(call, maximumReads) {
            let id = try input.requiredScalar("id")
            let after = try input.scalar("after").flatMap { Int64($0) } ?? 0
            let record = try Int64(id).flatMap { try call.records(db, of: type).find(id: $0) }
            let (found, next) =
                try record.map { try results($0.key, type, to, after: after, limit: 500, db) } ?? ([], nil)
            guard !found.isEmpty else {
                var error = APIError(
                    404, "No \(to.id) is associated with \(type.id) \(id).", category: "OBJECT_NOT_FOUND")
                error.subCategory = "crm.associations.NO_ASSOCIATIONS_FOUND"
                error.context = [
                    ("fromObjectId", [id]), ("fromObjectType", [type.singular]), ("toObjectType", [to.singular]),
                ]
                errors.append(error.batchEntry)
                continue
            }
            var answer: JSONValue = ["from": ["id": .string(id)], "to": .array(found)]
            if let next { answer = answer.setting("paging", to: ["next": ["after": .string(String(next))]]) }
            answers.append(answer)
        }
        return SimulatorResponse(errors.isEmpty ? 200 : 207, BatchAPI.envelope(answers, errors, call))
    }

    // MARK: Linking

    private static func inputs(_ call: Call, _ maximum: Int) throws -> [JSONValue] {
        let inputs = try call.object().requiredArray("inputs")
        guard inputs.count <= maximum else {
            throw BatchAPI.tooMany(maximum)
        }
        return inputs
    }

    /// Links with the kinds named, `[{associationCategory, associationTypeId}]`; the labels of the link.
    private static func link(
        _ from: StoredRecord, _ toID: Int64, kinds: [JSONValue], _ type: PortalObjectType, _ to: PortalObjectType,
        _ call: Call,
        _ db: Database
    ) throws -> [String] {
        guard !kinds.isEmpty else { throw AssociationLinks.invalid }
        var labels: [String] = []
        for kind in kinds {
            let category = try kind.requiredScalar("associationCategory")
            guard let id = kind["associationTypeId"]?.integer else { throw APIError.missing(["associationTypeId"]) }
            try AssociationLinks.link(from.key, type, toID, category: category, typeID: id, call, db, to: to)
            if let label = try AssociationKinds.kind(id, category: category, from: type.id, to: to.id, db)?.label {
                labels.append(label)
            }
        }
        return labels
    }

    private static func id(_ text: String) throws(APIError) -> Int64 {
        guard let id = Int64(text) else { throw .malformedID(text) }
        return id
    }

    private static func link(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let to = try toType(call)
        guard let kinds = try call.body.get().array else {
            throw APIError.input("Cannot deserialize value: a list is expected")
        }
        let from = try record(call.parameter("id"), type, call, db)
        let toID = try id(call.parameter("toId"))
        let labels = try link(from, toID, kinds: kinds, type, to, call, db)
        return SimulatorResponse(
            201,
            [
                "fromObjectTypeId": .string(type.id), "fromObjectId": .integer(from.id),
                "toObjectTypeId": .string(to.id),
                "toObjectId": .integer(toID), "labels": .strings(labels),
            ])
    }

    /// Links without a label; both directions for the answer.
    private static func linkByDefault(
        _ from: StoredRecord, _ toID: Int64, _ type: PortalObjectType, _ to: PortalObjectType, _ call: Call,
        _ db: Database
    ) throws -> [JSONValue] {
        guard let (kind, category) = try AssociationKinds.unlabelled(from: type.id, to: to.id, db) else {
            throw AssociationLinks.invalid
        }
        try AssociationLinks.link(from.key, type, toID, category: category, typeID: kind.id, call, db, to: to)
        func direction(_ a: Int64, _ b: Int64, _ id: Int64) -> JSONValue {
            [
                "from": ["id": .string(String(a))], "to": ["id": .string(String(b))],
                "associationSpec": ["associationCategory": .string(category), "associationTypeId": .integer(id)],
            ]
        }
        return [direction(from.id, toID, kind.id), direction(toID, from.id, kind.inverse)]
    }

    private static func linkByDefault(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let from = try record(call.parameter("id"), type, call, db)
        let results = try linkByDefault(from, id(call.parameter("toId")), type, toType(call), call, db)
        return SimulatorResponse(200, BatchAPI.envelope(results, [], call))
    }

    private static func unlink(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let to = try toType(call)
        let from = try record(call.parameter("id"), type, call, db)
        let toID = try id(call.parameter("toId"))
        if 0...PortalObjectType.largestID ~= toID { try AssociationStore(db: db).unlink(from.key, to.key(toID)) }
        return SimulatorResponse(204)
    }

    // MARK: Batches

    private static func ends(_ input: JSONValue) throws(APIError) -> (from: String, to: String) {
        guard let from = try input["from"]?.scalar("id") else { throw .missing(["from"]) }
        guard let to = try input["to"]?.scalar("id") else { throw .missing(["to"]) }
        return (from, to)
    }

    private static func batchCreate(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let to = try toType(call)
        var results: [JSONValue] = []
        var errors: [JSONValue] = []
        for input in try inputs(call, maximumCreates) {
            let ends = try ends(input)
            do {
                let toID = try id(ends.to)
                let from = try record(ends.from, type, call, db)
                let labels = try link(from, toID, kinds: input["types"]?.array ?? [], type, to, call, db)
                results.append([
                    "fromObjectTypeId": .string(type.id), "fromObjectId": .integer(from.id),
                    "toObjectTypeId": .string(to.id), "toObjectId": .integer(toID), "labels": .strings(labels),
                ])
            } catch var error as APIError {
                error.context.append(("fromObjectId", [ends.from]))
                error.context.append(("toObjectId", [ends.to]))
                errors.append(error.batchEntry)
            }
        }
        return SimulatorResponse(errors.isEmpty ? 201 : 207, BatchAPI.envelope(results, errors, call))
    }

    private static func batchDefault(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let to = try toType(call)
        var results: [JSONValue] = []
        for input in try inputs(call, maximumCreates) {
            let ends = try ends(input)
            results += try linkByDefault(record(ends.from, type, call, db), id(ends.to), type, to, call, db)
        }
        return SimulatorResponse(200, BatchAPI.envelope(results, [], call))
    }

    /// 204 under the numbered names; 200 with a batch's body under the dated ones.
    private static func archived(_ call: Call) -> SimulatorResponse {
        if case .dated = call.version { return SimulatorResponse(200, BatchAPI.envelope([], [], call)) }
        return SimulatorResponse(204)
    }

    private static func batchArchive(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let to = try toType(call)
        let inputs = try inputs(call, maximumCreates)
        let origins = Set(inputs.compactMap { try? $0["from"]?.scalar("id") })
        guard origins.count <= maximumArchives else {
            throw APIError.validation(
                "The maximum number of from objects supported in a batch is \(maximumArchives). "
                    + "Please reduce the number of items and try again")
        }
        for input in inputs {
            guard let from = try input["from"]?.scalar("id") else { throw APIError.missing(["from"]) }
            for end in try input.requiredArray("to") {
                let toID = try id(end.requiredScalar("id"))
                try AssociationStore(db: db).unlink(type.key(id(from)), to.key(toID))
            }
        }
        return archived(call)
    }

    private static func batchLabelsArchive(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let to = try toType(call)
        for input in try inputs(call, maximumCreates) {
            let ends = try ends(input)
            for kind in try input.requiredArray("types") {
                let category = try kind.requiredScalar("associationCategory")
                guard let typeID = kind["associationTypeId"]?.integer,
                    let known = try AssociationKinds.kind(typeID, category: category, from: type.id, to: to.id, db)
                else { throw AssociationLinks.invalid }
                try AssociationStore(db: db).unlink(
                    type.key(id(ends.from)), to.key(id(ends.to)), category: category, typeID: typeID,
                    inverse: known.inverse)
            }
        }
        return archived(call)
    }
}
