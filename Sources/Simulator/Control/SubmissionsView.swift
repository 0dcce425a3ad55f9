import GRDB
import JSON

/// What was submitted, as tests and the home page read it.
enum SubmissionsView {
    struct Entry: Sendable {
        var id: Int64
        var json: JSONValue
    }

    /// In the order in which they came.
    /// - Parameter count: Of the last ones; nil for all.
    static func entries(_ portal: Portal, after id: Int64 = 0, last count: Int? = nil) async throws -> [Entry] {
        try await portal.database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT form, submitted_at, fields, context, ignored, id FROM submissions
                    LEFT JOIN submission_outcomes ON submission = id WHERE id > ? ORDER BY id DESC LIMIT ?
                    """, arguments: [id, count ?? -1]
            ).reversed().map(entry)
        }
    }

    private static func entry(_ row: Row) throws -> Entry {
        let (fields, context): (String, String) = (row[2], row[3])
        let ignored: String? = row[4]
        return Entry(
            id: row[5],
            json: [
                "formGuid": .string(row[0]), "portalId": .integer(Portal.id), "submittedAt": .integer(row[1] as Int64),
                "fields": try JSONValue.parse(fields.utf8), "context": try JSONValue.parse(context.utf8),
                // Null until the submission is processed.
                "ignored": try ignored.map { try JSONValue.parse($0.utf8) } ?? .null,
            ])
    }
}
