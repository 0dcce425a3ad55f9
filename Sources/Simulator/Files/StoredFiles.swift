import Foundation
import GRDB
import JSON
import Wire

/// The portal's files and folders. Paths begin with `/`; the root has no folder of its own.
struct StoredFiles {
    static let tables = PortalTables.files

    let db: Database
    /// Milliseconds since 1970.
    let now: Int64
    let publicURL: String

    // MARK: Folders

    func folder(_ id: Int64) throws -> Row? {
        try Row.fetchOne(db, sql: "SELECT * FROM folders WHERE id = ? AND archived_at IS NULL", arguments: [id])
    }

    func folder(path: String) throws -> Row? {
        try Row.fetchOne(db, sql: "SELECT * FROM folders WHERE path = ? AND archived_at IS NULL", arguments: [path])
    }

    /// The folder at a path such as `/library/2026`, made where it is missing; nil for the root.
    func makeFolder(path: String) throws -> Int64? {
        var parent: Int64?
        var path = path.split(separator: "/").map(String.init)
        var whole = ""
        while !path.isEmpty {
            let name = path.removeFirst()
            whole += "/\(name)"
            parent = try folder(path: whole)?["id"] ?? insertFolder(name, parent: parent, path: whole)
        }
        return parent
    }

    func insertFolder(_ name: String, parent: Int64?, path: String) throws -> Int64 {
        try db.execute(
            sql: "INSERT INTO folders (parent, name, path, created, updated) VALUES (?, ?, ?, ?, ?)",
            arguments: [parent, name, path, now, now])
        return db.lastInsertedRowID
    }

    func folderJSON(_ row: Row) -> JSONValue {
        var json: JSONValue = [
            "id": .string(String(row["id"] as Int64)), "createdAt": .string(Timestamp.iso(row["created"])),
            "updatedAt": .string(Timestamp.iso(row["updated"])), "archived": .bool(row["archived_at"] != nil),
            "name": .string(row["name"]), "path": .string(row["path"]),
        ]
        if let parent: Int64 = row["parent"] { json = json.setting("parentFolderId", to: .string(String(parent))) }
        return json
    }

    // MARK: Files

    /// Without the content.
    static let columns =
        "id, folder, name, extension, path, access, created, updated, archived_at, expires_at, length(content) AS size"

    func file(_ id: Int64) throws -> Row? {
        try Row.fetchOne(
            db, sql: "SELECT \(Self.columns) FROM files WHERE id = ? AND archived_at IS NULL AND \(Self.isAlive)",
            arguments: [id, now])
    }

    /// A file that is to be kept.
    struct New {
        /// Without its extension, and that.
        var name: (stem: String, fileExtension: String)
        var folder: (id: Int64?, path: String)
        var access: String
        /// Whether a file of the same path makes room.
        var overwrites = false
        /// Milliseconds since 1970.
        var expires: Int64?
        var contentType: String?
        var content: [UInt8]
    }

    /// Its id.
    func keep(_ file: New) throws -> Int64 {
        let (stem, fileExtension) = file.name
        let path = try freePath("\(file.folder.path)/\(stem)", fileExtension, overwrite: file.overwrites)
        let name = path.split(separator: "/").last.map(String.init) ?? stem
        try db.execute(
            sql: """
                INSERT INTO files
                    (folder, name, extension, path, access, created, updated, expires_at, content_type, content)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                file.folder.id, fileExtension.isEmpty ? name : String(name.dropLast(fileExtension.count + 1)),
                fileExtension, path, file.access, now, now, file.expires,
                file.contentType ?? "application/octet-stream", Data(file.content),
            ])
        return db.lastInsertedRowID
    }

    /// The path, with a number where it is taken; with `overwrite`, the file there makes room.
    func freePath(_ base: String, _ fileExtension: String, overwrite: Bool) throws -> String {
        let suffix = fileExtension.isEmpty ? "" : ".\(fileExtension)"
        var path = base + suffix
        if overwrite {
            try db.execute(
                sql: "UPDATE files SET archived_at = ? WHERE path = ? AND archived_at IS NULL", arguments: [now, path])
            return path
        }
        var number = 0
        while try Int.fetchOne(
            db, sql: "SELECT 1 FROM files WHERE path = ? AND archived_at IS NULL", arguments: [path]) != nil
        {
            number += 1
            path = "\(base)-\(number)\(suffix)"
        }
        return path
    }

    static let isAlive = "(expires_at IS NULL OR expires_at > ?)"

    /// The content of a file that anyone may see, and its type.
    func content(path: String) throws -> Row? {
        try Row.fetchOne(
            db,
            sql: """
                SELECT content, content_type FROM files
                WHERE path = ? AND archived_at IS NULL AND \(Self.isAlive) AND access LIKE 'PUBLIC%' ORDER BY id DESC
                """, arguments: [path, now])
    }

    func url(_ path: String) -> String {
        let encoded = path.split(separator: "/").map { PercentEncoding.encode(String($0)) }.joined(separator: "/")
        return "\(publicURL)/hubfs/\(Portal.id)/\(encoded)"
    }

    func fileJSON(_ row: Row) -> JSONValue {
        let fileExtension: String = row["extension"]
        let path: String = row["path"]
        var json: JSONValue = [
            "id": .string(String(row["id"] as Int64)), "createdAt": .string(Timestamp.iso(row["created"])),
            "updatedAt": .string(Timestamp.iso(row["updated"])), "archived": .bool(row["archived_at"] != nil),
            "name": .string(row["name"]), "path": .string(path), "size": .integer(row["size"] as Int64),
            "type": .string(Self.kind(fileExtension)), "extension": .string(fileExtension),
            "defaultHostingUrl": .string(url(path)), "url": .string(url(path)), "isUsableInContent": true,
            "access": .string(row["access"]),
        ]
        if let folder: Int64 = row["folder"] { json = json.setting("parentFolderId", to: .string(String(folder))) }
        if let expiry: Int64 = row["expires_at"] { json = json.setting("expiresAt", to: .integer(expiry)) }
        return json
    }

    private static func kind(_ fileExtension: String) -> String {
        switch fileExtension.lowercased() {
        case "png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "ico", "tiff": "IMG"
        case "pdf", "doc", "docx", "txt", "csv", "xls", "xlsx", "ppt", "pptx", "rtf", "odt": "DOCUMENT"
        case "mp4", "mov", "avi", "webm", "mkv": "MOVIE"
        case "mp3", "wav", "ogg", "m4a", "flac": "AUDIO"
        default: "OTHER"
        }
    }
}
