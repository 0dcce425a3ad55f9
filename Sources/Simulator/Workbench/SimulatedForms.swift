import GRDB
import JSON
import WebForms
import Workbench

/// The simulator's own portal as the workbench's page sees it.
struct SimulatedForms: WorkbenchPortal {
    let portal: Portal

    func facts() async throws(WorkbenchProblem) -> PortalFacts {
        PortalFacts(id: Portal.id, title: "portal \(Portal.id) of the simulator", isReal: false, formsHost: nil)
    }

    func forms() async throws(WorkbenchProblem) -> [FormName] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT guid, coalesce(json_extract(definition, '$.name'), guid) FROM forms WHERE archived = 0
                    ORDER BY position
                    """
            ).map { FormName(id: $0[0], name: $0[1]) }
        }
    }

    func form(_ id: String, isFresh: Bool) async throws(WorkbenchProblem) -> WebForm {
        let definition = try await read { db in
            try Self.definition("guid = ?", id.lowercased(), db) ?? Self.definition("name = ?", id, db)
                ?? Self.definition("name = ? COLLATE NOCASE", id, db)
        }
        guard let form = definition.flatMap({ JSONValue(parsing: $0.utf8) }).flatMap({ WebForm($0) }) else {
            throw WorkbenchProblem(404, "this portal has no form \(id)")
        }
        return form
    }

    /// Of the one form that is not archived and of which the condition holds.
    private static func definition(_ condition: String, _ value: String, _ db: Database) throws -> String? {
        let found = try String.fetchAll(
            db,
            sql: """
                SELECT definition FROM (SELECT guid, definition, json_extract(definition, '$.name') AS name FROM forms WHERE archived = 0)
                WHERE \(condition) LIMIT 2
                """, arguments: [value])
        return found.count == 1 ? found[0] : nil
    }

    func problems(in submission: WebForm.Submission, to form: WebForm) async -> [WebForm.Problem] {
        form.problems(in: submission, now: .milliseconds(portal.milliseconds()))
    }

    func upload(_ name: String, _ content: [UInt8]) async throws(WorkbenchProblem) -> String {
        let (portal, now) = (portal, portal.milliseconds())
        return try await change { db in
            let store = StoredFiles(db: db, now: now, publicURL: portal.publicURL)
            let folder = try store.makeFolder(path: "/workbench")
            let id = try store.keep(
                StoredFiles.New(
                    name: try FilesAPI.names(nil, original: name), folder: (folder, "/workbench"), access: "PRIVATE",
                    content: content))
            return try store.file(id).map { store.url($0["path"]) } ?? ""
        }
    }

    func contact(_ email: String, properties: [String]) async throws(WorkbenchProblem) -> JSONValue? {
        let now = portal.milliseconds()
        let (portal, schema) = (portal, portal.schema)
        return try await change { db in
            // As a call would see it: what is due by now is done.
            if portal.hasDueWork(at: now) { try portal.doDueWork(db, now: now) }
            guard let contacts = schema.type(named: "0-1") else { return nil }
            let store = RecordStore(db: db, type: contacts, schema: schema, now: now, searchLag: nil, ids: portal.ids)
            guard let record = try store.find(property: "email", value: email) else { return nil }
            let values = record.properties.values
            return [
                "id": .string(String(record.id)),
                "properties": .object(properties.map { .init($0, .optional(values[$0])) }),
            ]
        }
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(WorkbenchProblem) -> Value {
        do { return try await portal.database.read(body) } catch { throw Self.problem(error) }
    }

    private func change<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(WorkbenchProblem) -> Value {
        do { return try await portal.write(body) } catch { throw Self.problem(error) }
    }

    private static func problem(_ error: any Error) -> WorkbenchProblem {
        if let error = error as? APIError { return WorkbenchProblem(error.status, error.message) }
        return WorkbenchProblem(500, "the simulator's portal cannot be read: \(error)")
    }
}
