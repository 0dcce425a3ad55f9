import GRDB
import JSON

/// `/files/{version}/folders`.
enum FoldersAPI {
    static var routes: [Route] {
        let access = Route.Access.token { _ throws(APIError) in ["files"] }
        return [
            Route("POST", "files/folders", access, .write(create)),
            Route("GET", "files/folders/search", access, .read(search)),
            Route("GET", "files/folders/{id}", access, .read(get)),
            Route("DELETE", "files/folders/{id}", access, .write(archive)),
        ]
    }

    /// A path of names between slashes, without controls and dots that lead elsewhere.
    static func check(path: String) throws(APIError) {
        let names = path.split(separator: "/")
        let isFine =
            path.utf8.count <= 1000
            && !names.contains { $0 == "." || $0 == ".." || $0.unicodeScalars.contains { $0.value < 0x20 } }
        guard isFine else { throw .validation("Folder path '\(path.prefix(100))' is not valid") }
    }

    private static func find(_ call: Call, _ db: Database) throws -> Row {
        guard let id = Int64(call.parameter("id")), let row = try FilesAPI.store(call, db).folder(id) else {
            throw APIError.recordNotFound
        }
        return row
    }

    private static func create(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let body = try call.object()
        let name = try body.requiredScalar("name")
        let store = FilesAPI.store(call, db)
        var parentPath = try body.scalar("parentPath") ?? ""
        if let text = try body.scalar("parentFolderId") {
            guard body["parentPath"]?.string == nil else {
                throw APIError.validation("Only one of parentFolderId and parentPath can be provided")
            }
            guard let id = Int64(text), let row = try store.folder(id) else { throw APIError.recordNotFound }
            parentPath = row["path"]
        }
        guard !name.isEmpty, !name.contains("/") else {
            throw APIError.validation("A folder's name must not be empty or hold slashes")
        }
        try check(path: "\(parentPath)/\(name)")
        let parent = try store.makeFolder(path: parentPath)
        let path = (try parent.flatMap { try store.folder($0) }?["path"] ?? "") + "/\(name)"
        if let row = try store.folder(path: path) { return SimulatorResponse(201, store.folderJSON(row)) }
        guard let row = try store.folder(store.insertFolder(name, parent: parent, path: path)) else {
            throw APIError.opaque
        }
        return SimulatorResponse(201, store.folderJSON(row))
    }

    private static func get(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        SimulatorResponse(200, FilesAPI.store(call, db).folderJSON(try find(call, db)))
    }

    private static func search(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let limit = try call.query.integer("limit", default: 10, in: 1...100)
        let rows = try Row.fetchAll(
            db, sql: "SELECT * FROM folders WHERE archived_at IS NULL AND id > ? ORDER BY id LIMIT ?",
            arguments: [try Paging.after(call), limit + 1])
        let page = rows.prefix(limit)
        let next = rows.count > limit ? page.last.map { String($0["id"] as Int64) } : nil
        return Paging.answer(page.map(FilesAPI.store(call, db).folderJSON), next: next, call)
    }

    private static func archive(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let row = try find(call, db)
        let path: String = row["path"]
        for table in ["folders", "files"] {
            try db.execute(
                sql: "UPDATE \(table) SET archived_at = ? WHERE path = ? OR substr(path, 1, ?) = ?",
                arguments: [call.now, path, path.count + 1, path + "/"])
        }
        return SimulatorResponse(204)
    }
}
