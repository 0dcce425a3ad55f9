import GRDB
import JSON

/// The writes that single calls and batches share.
enum Writes {
    /// Makes a record out of `{properties, associations}`.
    static func create(_ input: JSONValue, _ type: PortalObjectType, _ call: Call, _ db: Database) throws
        -> StoredRecord
    {
        guard let properties = input["properties"], !properties.isNull else { throw APIError.missing(["properties"]) }
        let validator = call.validator(type)
        var values = try validator.normalized(properties, current: [:])
        if let rules = call.schema.pipelines(of: type) {
            values = rules.completed(values)
            try rules.check(values, changed: Set(values.keys))
        }
        try validator.checkRequired(values)
        let record = try call.records(db, of: type).insert(values, source: .api)
        if let associations = input["associations"], !associations.isNull {
            try link(associations, from: record, type, call, db)
        }
        return record
    }

    /// 400 for an update without any property.
    static func checkNotEmpty(_ properties: JSONValue) throws(APIError) {
        guard properties.members?.isEmpty != true else {
            throw .validation("No properties found to update, please provide at least one.")
        }
    }

    /// - Returns: The record, and the names that the answer shows.
    static func update(
        _ record: StoredRecord, _ properties: JSONValue, _ type: PortalObjectType, _ call: Call, _ db: Database
    ) throws -> (StoredRecord, [String]) {
        var record = record
        record.properties = record.properties.decoded
        let current = record.properties.values
        let changes = try call.validator(type).normalized(properties, current: current)
        try call.schema.pipelines(of: type)?.check(current.merging(changes) { $1 }, changed: Set(changes.keys))
        let updated = try call.records(db, of: type).update(record, changes, source: .api)
        return (updated, ComputedProperties.shown(after: changes.keys, of: type, all: updated.properties.values))
    }

    /// The `associations` of a create: `[{to:{id}, types:[{associationCategory, associationTypeId}]}]`.
    private static func link(
        _ associations: JSONValue, from record: StoredRecord, _ type: PortalObjectType, _ call: Call, _ db: Database
    ) throws {
        guard let list = associations.array else {
            throw APIError.input("Cannot deserialize value of field \"associations\"")
        }
        for association in list {
            guard let to = association["to"]?["id"]?.integer, let types = association["types"]?.array, !types.isEmpty
            else {
                throw APIError.validation("One or more associations are invalid")
            }
            for kind in types {
                let category = kind["associationCategory"]?.string ?? "HUBSPOT_DEFINED"
                guard let id = kind["associationTypeId"]?.integer else { throw APIError.missing(["associationTypeId"]) }
                try AssociationLinks.link(record.key, type, to, category: category, typeID: id, call, db)
            }
        }
    }
}
