import GRDB
import JSON

/// `/crm/properties/{type}`: property definitions and their groups.
enum PropertiesAPI {
    static var routes: [Route] {
        [
            Route("GET", "crm/properties/{type}", reading, .plain(list)),
            Route("POST", "crm/properties/{type}", writing, .schema(create)),
            Route("GET", "crm/properties/{type}/{name}", reading, .plain(get)),
            Route("PATCH", "crm/properties/{type}/{name}", writing, .schema(update)),
            Route("DELETE", "crm/properties/{type}/{name}", writing, .schema(archive)),
            Route("POST", "crm/properties/{type}/batch/read", reading, .plain(batchRead)),
            Route("POST", "crm/properties/{type}/batch/create", writing, .schema(batchCreate)),
            Route("POST", "crm/properties/{type}/batch/archive", writing, .schema(batchArchive)),
        ] + PropertyGroupsAPI.routes
    }

    static let reading = Route.Access.token { call throws(APIError) in
        try call.objectType().schemaScopes(writing: false)
    }
    static let writing = Route.Access.token { call throws(APIError) in try call.objectType().schemaScopes(writing: true)
    }

    /// Properties that an object type may have with unique values (HubSpot's properties guide).
    static let maximumUnique = 10

    private static func notFound(_ name: String) -> APIError {
        var error = APIError(404, "Property \"\(name)\" does not exist", category: "OBJECT_NOT_FOUND")
        error.subCategory = "Properties.PROPERTY_DOESNT_EXIST"
        return error
    }

    private static func list(_ call: Call) throws -> SimulatorResponse {
        let type = try call.objectType()
        let archived = call.query.flag("archived")
        let all = call.schema.definitions(of: type).filter { $0.archived == archived }
        return SimulatorResponse(200, ["results": .array(all.map(\.json))])
    }

    private static func get(_ call: Call) throws -> SimulatorResponse {
        let property = call.schema.definition(call.parameter("name"), of: try call.objectType())
        guard let property, property.archived == call.query.flag("archived") else {
            throw notFound(call.parameter("name"))
        }
        return SimulatorResponse(200, property.json)
    }

    private static func create(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let property = try make(try call.object(), type, call, db, schema: call.schema)
        return SimulatorResponse(201, property.json).located(property.name, call)
    }

    /// Checks and stores a new definition.
    static func make(
        _ body: JSONValue, _ type: PortalObjectType, _ call: Call, _ db: Database, schema: Schema
    ) throws -> PropertyDefinition {
        let missing = ["name", "label", "type", "fieldType", "groupName"].filter { body[$0]?.string?.isEmpty != false }
        if !missing.isEmpty { throw APIError.missing(missing) }
        let name = (body["name"]?.string ?? "").lowercased()
        guard isName(name) else {
            throw APIError.validation(
                "Property name '\(name)' must begin with a letter and hold letters, digits and underscores only")
        }
        guard let kind = try kind(body) else { throw APIError.missing(["type"]) }
        let fieldType = body["fieldType"]?.string ?? ""
        guard PropertyDefinition.fieldTypes[kind]?.contains(fieldType) == true else {
            throw APIError.validation("fieldType '\(fieldType)' does not fit type '\(kind.rawValue)'")
        }
        if let old = schema.definition(name, of: type), !old.archived {
            var error = APIError(409, "A property named '\(name)' already exists.", category: "OBJECT_ALREADY_EXISTS")
            error.subCategory = "Properties.PROPERTY_WITH_NAME_EXISTS"
            throw error
        }
        var property = PropertyDefinition(
            name, body["label"]?.string ?? name, kind, fieldType, try group(body, type, db))
        property.hubspotDefined = false
        property.createdAt = call.now
        property.hasUniqueValue = body["hasUniqueValue"]?.bool ?? false
        if property.hasUniqueValue, schema.uniqueProperties(of: type).count >= maximumUnique {
            throw APIError.validation("At most \(maximumUnique) properties can have unique values")
        }
        try change(&property, body)
        if kind == .enumeration, property.options.isEmpty, body["externalOptions"]?.bool != true {
            throw APIError.validation("Property '\(name)' of type enumeration needs options")
        }
        try store(&property, type, call.now, db)
        return property
    }

    /// The type that a body names; nil where it names none.
    private static func kind(_ body: JSONValue) throws(APIError) -> PropertyDefinition.Kind? {
        guard let type = body["type"], !type.isNull else { return nil }
        guard let kind = type.string.flatMap(PropertyDefinition.Kind.init) else {
            throw APIError.input(
                "Enum type must be one of: [string, number, bool, enumeration, date, datetime, phone_number]")
        }
        return kind
    }

    /// Whether SQL and JSON take the name as it is.
    static func isName(_ name: String) -> Bool {
        name.utf8.count <= 100 && name.first.map { $0.isLetter && $0.isASCII } == true
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    private static func group(_ body: JSONValue, _ type: PortalObjectType, _ db: Database) throws -> String {
        let name = body["groupName"]?.string ?? ""
        guard try PropertyGroupsAPI.find(name, type, db) != nil else {
            throw APIError.validation("Property group '\(name)' does not exist")
        }
        return name
    }

    /// Sets the members that a body may change in an existing definition.
    private static func change(_ property: inout PropertyDefinition, _ body: JSONValue) throws {
        if let label = body["label"]?.string { property.label = label }
        if let description = body["description"]?.string { property.description = description }
        if let hidden = body["hidden"]?.bool { property.hidden = hidden }
        if let formField = body["formField"]?.bool { property.formField = formField }
        if let order = body["displayOrder"]?.integer { property.displayOrder = order }
        guard let options = body["options"]?.array else { return }
        property.options = PropertyDefinition.options(.array(options))
        guard property.options.count == options.count, Set(property.options.map(\.value)).count == options.count else {
            throw APIError.validation("Property options must have distinct values")
        }
    }

    private static func store(
        _ property: inout PropertyDefinition, _ type: PortalObjectType, _ now: Int64, _ db: Database
    )
        throws
    {
        property.updatedAt = now
        try PropertyStore(db: db, type: type).save(property)
    }

    private static func update(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        guard var property = call.schema.property(call.parameter("name"), of: type) else {
            throw notFound(call.parameter("name"))
        }
        guard !property.hubspotDefined else {
            throw APIError.validation(
                "Property '\(property.name)' is HubSpot's own: its definition is read-only (readOnlyDefinition)")
        }
        let body = try call.object()
        if let kind = try kind(body), kind != property.kind {
            throw APIError.validation(
                "The type of property '\(property.name)' cannot be changed from '\(property.kind.rawValue)' to "
                    + "'\(kind.rawValue)'")
        }
        if let fieldType = body["fieldType"]?.string {
            guard PropertyDefinition.fieldTypes[property.kind]?.contains(fieldType) == true else {
                throw APIError.validation("fieldType '\(fieldType)' does not fit type '\(property.kind.rawValue)'")
            }
            property.fieldType = fieldType
        }
        if body["groupName"] != nil { property.groupName = try group(body, type, db) }
        try change(&property, body)
        try store(&property, type, call.now, db)
        return SimulatorResponse(200, property.json)
    }

    private static func archive(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        try archive(call.parameter("name"), try call.objectType(), call, db)
        return SimulatorResponse(204)
    }

    private static func archive(_ name: String, _ type: PortalObjectType, _ call: Call, _ db: Database) throws {
        guard var property = call.schema.property(name, of: type) else { throw notFound(name) }
        guard !property.hubspotDefined else {
            var error = APIError.validation("Property '\(name)' is HubSpot's own and cannot be deleted")
            error.subCategory = "PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE"
            throw error
        }
        let forms = try String.fetchAll(db, sql: "SELECT definition FROM forms WHERE archived = 0")
        guard !forms.contains(where: { $0.contains("\"name\":\"\(name)\"") }) else {
            var error = APIError.validation("Property '\(name)' is in use")
            error.subCategory = "PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE"
            throw error
        }
        property.archived = true
        property.archivedAt = call.now
        try store(&property, type, call.now, db)
    }

    // MARK: Batches

    private static func inputs(_ call: Call) throws(APIError) -> [JSONValue] {
        let inputs = try call.object().requiredArray("inputs")
        guard inputs.count <= BatchAPI.maximumInputs else { throw BatchAPI.tooMany(BatchAPI.maximumInputs) }
        return inputs
    }

    private static func batchRead(_ call: Call) throws -> SimulatorResponse {
        let type = try call.objectType()
        var results: [JSONValue] = []
        var missing: [String] = []
        let archived = try call.object()["archived"]?.bool ?? false
        for input in try inputs(call) {
            let name = try input.requiredScalar("name")
            if let property = call.schema.definition(name, of: type), property.archived == archived {
                results.append(property.json)
            } else {
                missing.append(name)
            }
        }
        var errors: [JSONValue] = []
        for name in missing {
            var error = notFound(name)
            error.context = [("name", [name])]
            errors.append(error.batchEntry)
        }
        return SimulatorResponse(errors.isEmpty ? 200 : 207, BatchAPI.envelope(results, errors, call))
    }

    private static func batchCreate(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        var results: [JSONValue] = []
        var errors: [JSONValue] = []
        var schema = call.schema
        for input in try inputs(call) {
            do {
                let property = try make(input, type, call, db, schema: schema)
                schema.add(property, to: type.ordinal)
                results.append(property.json)
            } catch var error as APIError {
                error.context.append(("name", [input["name"]?.string ?? ""]))
                errors.append(error.batchEntry)
            }
        }
        return SimulatorResponse(errors.isEmpty ? 201 : 207, BatchAPI.envelope(results, errors, call))
    }

    private static func batchArchive(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        for input in try inputs(call) {
            let name = try input.requiredScalar("name")
            if call.schema.property(name, of: type) != nil { try archive(name, type, call, db) }
        }
        return SimulatorResponse(204)
    }
}
