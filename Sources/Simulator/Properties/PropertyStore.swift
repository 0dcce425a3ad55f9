import GRDB
import JSON

/// The property definitions of one object type in the database.
struct PropertyStore {
    let db: Database
    let type: PortalObjectType

    func save(_ property: PropertyDefinition) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO property_definitions (type, name, definition) VALUES (?, ?, ?)",
            arguments: [type.ordinal, property.name, property.json.text])
    }

    /// Archived ones too, by name.
    func definitions() throws -> [PropertyDefinition] {
        try String.fetchAll(
            db, sql: "SELECT definition FROM property_definitions WHERE type = ? ORDER BY name",
            arguments: [type.ordinal]
        ).compactMap { PropertyDefinition(stored: try JSONValue.parse($0.utf8)) }
    }
}
