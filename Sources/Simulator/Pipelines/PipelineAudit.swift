import GRDB
import JSON
import Wire

/// The log of changes to pipelines and stages.
enum PipelineAudit {
    static let tables = PortalTables.pipelineAudits

    enum Action: String {
        case create = "CREATE", update = "UPDATE", delete = "DELETE"
    }

    static func note(_ action: Action, _ object: JSONValue, _ call: Call, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO pipeline_audits (type, identifier, action, at, object) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                try call.objectType().ordinal, object["id"]?.string ?? "", action.rawValue, call.now, object.text,
            ])
    }

    /// The changes to one pipeline or stage, newest first.
    static func list(_ identifier: String, _ call: Call, _ db: Database) throws -> SimulatorResponse {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT action, at, object FROM pipeline_audits WHERE type = ? AND identifier = ? ORDER BY id DESC
                """, arguments: [try call.objectType().ordinal, identifier])
        let results = try rows.map { row -> JSONValue in
            let action: String = row[0]
            let object: String = row[2]
            return [
                "portalId": .integer(Portal.id), "identifier": .string(identifier), "action": .string(action),
                "timestamp": .string(Timestamp.iso(row[1])), "fromUserId": 111,
                "message": .string("\(action.capitalizedFirst) \(identifier)"),
                "rawObject": try JSONValue.parse(object.utf8),
            ]
        }
        return SimulatorResponse(200, ["results": .array(results)])
    }
}
