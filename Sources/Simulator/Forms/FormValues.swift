import JSON
import WebForms

/// The values that a submission has for one object type, and the fields that were dropped on the way.
struct FormValues {
    /// By the property's name, as records keep them.
    private(set) var values: [String: String] = [:]
    /// Fields that no record got: `{ name, objectTypeId, reason }` each.
    private(set) var ignored: [JSONValue] = []

    /// - Parameter fields: Those of the object type, as they were submitted.
    init(_ fields: [JSONValue], _ type: PortalObjectType, _ form: WebForm, _ schema: Schema) {
        let validator = PropertyValidator(type: type, schema: schema, portalID: Portal.id, version: .numbered("v3"))
        for (name, value) in Self.joined(fields, type, form, schema) where !value.isEmpty {
            guard let property = schema.property(name, of: type) else {
                drop(name, type.id, "\(type.name) have no property of this name")
                continue
            }
            guard property.formField || form.field(type.id, name) != nil else {
                drop(name, type.id, "the property cannot be used in forms")
                continue
            }
            do throws(APIError) {
                let one = JSONValue.object([.init(name, .string(value))])
                values.merge(try validator.normalized(one, current: [:])) { $1 }
            } catch {
                drop(name, type.id, error.errors.first?.message ?? error.message)
            }
        }
    }

    /// Fields of object types that submissions do not reach.
    static func unreached(_ fields: [JSONValue], reached: [PortalObjectType]) -> [JSONValue] {
        fields.compactMap { field in
            guard let name = field["name"]?.string, let id = field["objectTypeId"]?.string,
                !reached.contains(where: { $0.id == id })
            else { return nil }
            return entry(name, id, "submissions change contacts and companies alone")
        }
    }

    /// The submission as a whole changed no record: its values were ignored too.
    mutating func dropAll(_ type: PortalObjectType, because reason: String) {
        for name in values.keys.sorted() { drop(name, type.id, reason) }
        values = [:]
    }

    private mutating func drop(_ name: String, _ typeID: String, _ reason: String) {
        ignored.append(Self.entry(name, typeID, reason))
    }

    private static func entry(_ name: String, _ typeID: String, _ reason: String) -> JSONValue {
        ["name": .string(name), "objectTypeId": .string(typeID), "reason": .string(reason)]
    }

    // MARK: Several choices

    /// Whether a field holds several choices: its value joins them with `;`, and each may come as an entry of its own.
    static func isMultiple(_ name: String, _ typeID: String, _ form: WebForm, _ schema: Schema) -> Bool {
        if form.field(typeID, name)?.takesSeveral == true { return true }
        return schema.type(named: typeID).flatMap { schema.property(name, of: $0) }?.isMultiple == true
    }

    /// One value for each name, in the order in which the names came; of several where one is meant, the last.
    private static func joined(
        _ fields: [JSONValue], _ type: PortalObjectType, _ form: WebForm, _ schema: Schema
    ) -> [(name: String, value: String)] {
        var list: [(name: String, value: String)] = []
        for field in fields where field["objectTypeId"]?.string == type.id {
            guard let name = field["name"]?.string, let value = field["value"]?.string, !value.isEmpty else { continue }
            guard let place = list.firstIndex(where: { $0.name == name }) else {
                list.append((name, value))
                continue
            }
            list[place].value = isMultiple(name, type.id, form, schema) ? "\(list[place].value);\(value)" : value
        }
        return list
    }

    /// Submitted fields as HubSpot reads them back: an entry for each choice.
    static func entries(_ fields: [JSONValue], _ form: WebForm, _ schema: Schema) -> [JSONValue] {
        fields.flatMap { field -> [JSONValue] in
            guard let name = field["name"]?.string, let typeID = field["objectTypeId"]?.string,
                let value = field["value"]?.string, value.contains(";"), isMultiple(name, typeID, form, schema)
            else { return [field] }
            return value.split(separator: ";").map { field.setting("value", to: .string(String($0))) }
        }
    }
}
