import GRDB
import JSON
import Wire

/// `/crm/schemas`: custom objects.
enum SchemasAPI {
    /// The number of types that an account may define (HubSpot's custom objects guide).
    static let maximumTypes = 10

    static var routes: [Route] {
        let one = "crm/schemas/{type}"
        return [
            Route("GET", "crm/schemas", access("read"), .read(list)),
            Route("POST", "crm/schemas", access("write"), .schema(create)),
            Route("GET", one, access("read"), .read(get)),
            Route("PATCH", one, access("write"), .schema(update)),
            Route("DELETE", one, access("write"), .schema(delete)),
            Route("POST", "\(one)/associations", access("write"), .schema(associate)),
            Route("DELETE", "\(one)/associations/{association}", access("write"), .schema(dissociate)),
        ]
    }

    private static func access(_ verb: String) -> Route.Access {
        .token { _ throws(APIError) in ["crm.schemas.custom.\(verb)"] }
    }

    // MARK: Showing

    private static func associations(_ id: String, _ call: Call, _ db: Database) throws -> JSONValue {
        let own = try AssociationKinds.stored(touching: id, db)
        let time = JSONValue.string(Timestamp.iso(People.firstDay))
        let hubspot = AssociationTypes.all.filter { ($0.from == id || $0.to == id) && $0.label == nil }
        return .array(
            (hubspot + own).map {
                [
                    "id": .string(String($0.id)), "fromObjectTypeId": .string($0.from),
                    "toObjectTypeId": .string($0.to),
                    "name": .string($0.name), "createdAt": time, "updatedAt": time,
                ]
            })
    }

    /// A definition with its properties and associations.
    private static func whole(_ object: CustomObject, _ type: PortalObjectType, _ call: Call, _ db: Database) throws
        -> JSONValue
    {
        let properties = try PropertyStore(db: db, type: type).definitions().filter { !$0.archived }
        return object.json.without("portalId").setting("properties", to: .array(properties.map(\.json)))
            .setting("associations", to: try associations(type.id, call, db))
    }

    private static func find(_ call: Call, _ db: Database, archived: Bool = false) throws -> SchemaStore.Entry {
        let name = call.parameter("type").lowercased()
        let entry = try SchemaStore(db: db).all().first { entry in
            let type = entry.object.objectType(ordinal: entry.ordinal)
            return entry.object.isArchived == archived
                && [type.id, type.name.lowercased(), type.singular.lowercased()].contains(name)
        }
        guard let entry else {
            throw APIError(
                404, "Unable to infer object type from: \(call.parameter("type"))", category: "OBJECT_NOT_FOUND")
        }
        return entry
    }

    private static func list(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let archived = call.query.flag("archived")
        let results = try SchemaStore(db: db).all().filter { $0.object.isArchived == archived }.map {
            try whole($0.object, $0.object.objectType(ordinal: $0.ordinal), call, db)
        }
        return SimulatorResponse(200, ["results": .array(results)])
    }

    private static func get(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        // HubSpot's own types have a schema too.
        if let type = call.schema.type(named: call.parameter("type")), !type.id.hasPrefix("2-") {
            let required: [String] = if case .allOf(let names) = type.requirement { names } else { [] }
            let label = type.singular.capitalizedFirst
            let own: JSONValue = [
                "id": .string(type.id), "objectTypeId": .string(type.id), "name": .string(type.upper),
                "fullyQualifiedName": .string(type.upper), "archived": false,
                "labels": ["singular": .string(label), "plural": .string(type.name.capitalizedFirst)],
                "requiredProperties": .strings(required), "searchableProperties": .strings(type.searched),
                "primaryDisplayProperty": .optional(type.defaults.first), "secondaryDisplayProperties": [],
            ]
            return SimulatorResponse(200, try whole(CustomObject(json: own), type, call, db))
        }
        let entry = try find(call, db)
        return SimulatorResponse(
            200, try whole(entry.object, entry.object.objectType(ordinal: entry.ordinal), call, db))
    }

    // MARK: Changing

    private static func create(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let body = try call.object()
        let missing = ["name", "labels", "requiredProperties", "properties", "associatedObjects"].filter {
            body[$0] == nil || body[$0]?.isNull == true
        }
        if !missing.isEmpty { throw APIError.missing(missing) }
        let store = SchemaStore(db: db)
        let name = try checkedName(body.requiredScalar("name"), store, call)
        let labels = try ["singular", "plural"].map { try body["labels"]?.scalar($0) ?? "" }
        guard labels.allSatisfy({ !$0.isEmpty }) else { throw APIError.missing(["labels.singular", "labels.plural"]) }
        guard try store.all().filter({ !$0.object.isArchived }).count < maximumTypes else {
            throw APIError.validation("At most \(maximumTypes) custom objects can be defined")
        }
        let ordinal = try store.nextOrdinal()
        let object = CustomObject(body, ordinal: ordinal, name: name, now: call.now)
        let type = object.objectType(ordinal: ordinal)
        try store.insert(object, ordinal: ordinal)
        try properties(body.requiredArray("properties"), of: type, call, db)
        try checkPointers(object, of: type, db)
        for other in try body.stringList("associatedObjects") + engagements {
            try define(from: type, to: other == type.id ? type : call.schema.type(other), name: nil, db)
        }
        return SimulatorResponse(201, try whole(object, type, call, db)).located(type.id, call)
    }

    /// Every custom object can be linked to these.
    private static let engagements = ["0-27", "0-46", "0-47", "0-48", "0-49"]

    private static func checkedName(_ name: String, _ store: SchemaStore, _ call: Call) throws -> String {
        guard PropertiesAPI.isName(name.lowercased()) else {
            throw APIError.validation(
                "Object name '\(name)' must begin with a letter and hold letters, digits and underscores only")
        }
        let taken = try store.all().contains { $0.object.name.lowercased() == name.lowercased() }
        guard !taken, call.schema.type(named: name) == nil else {
            var error = APIError(409, "The name '\(name)' is already taken by another object", category: "CONFLICT")
            error.subCategory = "ObjectTypeDefinition.NAME_TAKEN"
            throw error
        }
        return name
    }

    /// The properties that every type has, and those of the definition.
    private static func properties(_ list: [JSONValue], of type: PortalObjectType, _ call: Call, _ db: Database) throws
    {
        let group = "\(type.singular)information"
        try PropertyGroupsAPI.save(group, "\(type.singular.capitalizedFirst) information", 0, type, db)
        let store = PropertyStore(db: db, type: type)
        var schema = call.schema
        schema.add(type)
        for property in PropertyCatalogue.definitions(of: type) {
            var property = property
            (property.createdAt, property.updatedAt) = (call.now, call.now)
            try store.save(property)
            schema.add(property, to: type.ordinal)
        }
        for json in list {
            let grouped = json["groupName"]?.string == nil ? json.setting("groupName", to: .string(group)) : json
            schema.add(try PropertiesAPI.make(grouped, type, call, db, schema: schema), to: type.ordinal)
        }
    }

    /// 400 where the definition points to a property that does not exist.
    private static func checkPointers(_ object: CustomObject, of type: PortalObjectType, _ db: Database) throws {
        let known = Set(try PropertyStore(db: db, type: type).definitions().filter { !$0.archived }.map(\.name))
        guard let unknown = object.pointedTo.first(where: { !known.contains($0) }) else { return }
        throw APIError.validation("Property \"\(unknown)\" does not exist")
    }

    /// A kind of link in both directions; the ids of both.
    @discardableResult
    private static func define(
        from: PortalObjectType, to: PortalObjectType, name: String?, _ db: Database
    ) throws -> AssociationTypes.Kind {
        if let known = try AssociationKinds.unlabelled(from: from.id, to: to.id, db) { return known.kind }
        let forth = name ?? "\(from.singular)_to_\(to.singular)"
        let back = name ?? "\(to.singular)_to_\(from.singular)"
        return try AssociationKinds.insert(
            from: from.id, to: to.id, label: (nil, nil), name: (forth, back), isSymmetric: from.id == to.id, db)
    }

    private static func update(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        var entry = try find(call, db)
        entry.object.set(try call.object(), now: call.now)
        try checkPointers(entry.object, of: entry.object.objectType(ordinal: entry.ordinal), db)
        try SchemaStore(db: db).save(entry)
        return SimulatorResponse(200, entry.object.json)
    }

    private static func delete(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let store = SchemaStore(db: db)
        // `archived=true` removes an archived type for good.
        if call.query.flag("archived") {
            try store.erase(try find(call, db, archived: true))
            return SimulatorResponse(204)
        }
        var entry = try find(call, db)
        guard try !store.hasRecords(entry.ordinal) else {
            var error = APIError.validation("A custom object with records cannot be deleted")
            error.subCategory = "ObjectTypeDefinition.HAS_RECORDS"
            throw error
        }
        entry.object.json = entry.object.json.setting("archived", to: true)
            .setting("updatedAt", to: .string(Timestamp.iso(call.now)))
        try store.save(entry)
        return SimulatorResponse(204)
    }

    // MARK: Kinds of links

    private static func associate(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let body = try call.object()
        let from = try call.schema.type(body.requiredScalar("fromObjectTypeId"))
        let to = try call.schema.type(body.requiredScalar("toObjectTypeId"))
        guard try [from, to].contains(call.objectType()) else {
            throw APIError.validation("One end of the association must be \(call.parameter("type"))")
        }
        guard from.id.hasPrefix("2-") || to.id.hasPrefix("2-") else {
            throw APIError.validation("One end of the association must be a custom object")
        }
        let kind = try define(from: from, to: to, name: body.scalar("name"), db)
        let time = JSONValue.string(Timestamp.iso(call.now))
        return SimulatorResponse(
            201,
            [
                "id": .string(String(kind.id)), "fromObjectTypeId": .string(from.id), "toObjectTypeId": .string(to.id),
                "name": .string(kind.name), "createdAt": time, "updatedAt": time,
            ])
    }

    private static func dissociate(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let identifier = call.parameter("association")
        let kind = try AssociationKinds.stored(touching: type.id, db).first {
            String($0.id) == identifier || $0.name == identifier
        }
        guard let kind else { throw APIError.recordNotFound }
        try AssociationKinds.remove(kind, db)
        return SimulatorResponse(204)
    }
}
