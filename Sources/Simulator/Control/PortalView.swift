import GRDB
import JSON
import Wire

/// The portal as the home page shows it.
enum PortalView {
    static func json(_ portal: Portal) async throws -> JSONValue {
        let schema = portal.schema
        let (records, forms) = try await portal.database.read { db in (try self.records(schema, db), try self.forms(db))
        }
        let quota = portal.gate.quota
        let now = portal.milliseconds()
        return [
            "portalId": .integer(Portal.id), "timeZone": .string(portal.calendar.identifier),
            "now": .string(Timestamp.iso(now)), "url": .string(portal.publicURL),
            "oauth": ["clientId": .string(OAuthStore.clientID), "clientSecret": .string(OAuthStore.clientSecret)],
            "quota": [
                "burst": window(quota.burst), "search": window(quota.search),
                "associations": window(quota.associations),
                "forms": window(quota.forms), "daily": quota.daily.map { .integer($0) } ?? .null,
                "usedToday": .integer(portal.gate.usedToday(at: now * 1000)),
                "resetsAt": .string(Timestamp.iso(portal.calendar.nextMidnight(after: now))),
            ], "records": .array(records), "forms": .array(forms),
        ]
    }

    /// As options spell it: `190/10s`; null where there is no limit.
    private static func window(_ window: SimulatorQuota.Window?) -> JSONValue {
        guard let window else { return .null }
        let milliseconds = window.length.microseconds / 1000
        let length = milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
        return .string("\(window.limit)/\(length)")
    }

    private static func records(_ schema: Schema, _ db: Database) throws -> [JSONValue] {
        try schema.types.compactMap { type in
            let count = try SearchSideTables.count(of: type, above: .min, in: "records", db)
            guard count > 0 else { return nil }
            return ["name": .string(type.name), "objectTypeId": .string(type.id), "count": .integer(count)]
        }
    }

    private static func forms(_ db: Database) throws -> [JSONValue] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT guid, json_extract(definition, '$.name'), (SELECT count(*) FROM submissions WHERE form = guid)
                FROM forms WHERE archived = 0 ORDER BY position
                """
        ).map { ["id": .string($0[0]), "name": .string($0[1]), "submissions": .integer($0[2] as Int64)] }
    }
}
