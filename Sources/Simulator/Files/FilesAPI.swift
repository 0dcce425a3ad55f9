import Foundation
import GRDB
import JSON
import Wire

/// `/files/{version}/files`: uploads and their details.
enum FilesAPI {
    static var routes: [Route] {
        let access = Route.Access.token { _ throws(APIError) in ["files"] }
        return [
            Route("POST", "files/files", access, body: .multipart, .write(upload)),
            Route("GET", "files/files/search", access, .read(search)),
            Route("GET", "files/files/{id}", access, .read(get)),
            Route("PUT", "files/files/{id}", access, body: .multipart, .write(replace)),
            Route("PATCH", "files/files/{id}", access, .write(update)),
            Route("DELETE", "files/files/{id}", access, .write(archive)),
            Route("DELETE", "files/files/{id}/gdpr-delete", access, .write(erase)),
            Route("GET", "files/files/{id}/signed-url", access, .read(signedURL)),
            Route("GET", "hubfs/{portal}/{path...}", lane: .free, .open, .read(content)),
        ]
    }

    private static let accesses: Set<String> = [
        "PUBLIC_INDEXABLE", "PUBLIC_NOT_INDEXABLE", "HIDDEN_INDEXABLE", "HIDDEN_NOT_INDEXABLE", "HIDDEN_PRIVATE",
        "PRIVATE", "HIDDEN_SENSITIVE", "SENSITIVE",
    ]

    static func store(_ call: Call, _ db: Database) -> StoredFiles {
        StoredFiles(db: db, now: call.now, publicURL: call.portal.publicURL)
    }

    // MARK: Upload

    /// `options`: access, duplicate rules and time to live.
    private struct Options {
        var access = ""
        var overwrite = false
        var strategy = "NONE"
        var inFolderOnly = false
        /// Milliseconds since 1970.
        var expires: Int64?

        init(_ text: String?, now: Int64) throws(APIError) {
            guard let text else { throw .missing(["options"]) }
            let json = try Call.parse(Array(text.utf8)).get()
            guard json.members != nil else { throw .input("Cannot deserialize value from \(Call.token(json))") }
            access = try json.requiredScalar("access")
            try FilesAPI.check(access: access)
            overwrite = json["overwrite"]?.bool ?? false
            strategy = try json.scalar("duplicateValidationStrategy") ?? "NONE"
            guard ["NONE", "REJECT", "RETURN_EXISTING"].contains(strategy) else {
                throw .input("Enum type must be one of: [NONE, REJECT, RETURN_EXISTING]")
            }
            let scope = try json.scalar("duplicateValidationScope") ?? "ENTIRE_PORTAL"
            guard scope == "ENTIRE_PORTAL" || scope == "EXACT_FOLDER" else {
                throw .input("Enum type must be one of: [ENTIRE_PORTAL, EXACT_FOLDER]")
            }
            inFolderOnly = scope == "EXACT_FOLDER"
            if let ttl = try json.scalar("ttl") {
                guard let length = Self.duration(ttl) else { throw .validation("ttl '\(ttl)' is no ISO 8601 duration") }
                expires = now + length
            }
        }

        /// `P3M`, `P2W`, `P1DT12H`: milliseconds; months count as 30 days.
        private static func duration(_ text: String) -> Int64? {
            guard text.hasPrefix("P") else { return nil }
            var total: Int64 = 0
            var digits = ""
            var isTime = false
            for character in text.dropFirst() {
                if character.isASCII, character.isNumber {
                    digits.append(character)
                    continue
                }
                if character == "T", digits.isEmpty, !isTime {
                    isTime = true
                    continue
                }
                let units: [Character: Int64] =
                    isTime
                    ? ["H": 3600, "M": 60, "S": 1] : ["Y": 31_536_000, "M": 2_592_000, "W": 604_800, "D": 86_400]
                guard let unit = units[character], digits.count <= 6, let amount = Int64(digits) else { return nil }
                total += amount * unit * 1000
                // A thousand years is as good as any longer time.
                guard total <= 1000 * 31_536_000_000 else { return nil }
                digits = ""
            }
            return digits.isEmpty && total > 0 ? total : nil
        }
    }

    private static func check(access: String) throws(APIError) {
        guard accesses.contains(access) else {
            throw .input("Enum type must be one of: [\(accesses.sorted().joined(separator: ", "))]")
        }
    }

    private static func multipart(_ call: Call) throws(APIError) -> Multipart {
        do throws(Multipart.Malformed) {
            return try Multipart(call.request.body, contentType: call.request.contentType)
        } catch {
            throw .validation(error.reason)
        }
    }

    private static func upload(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let form = try multipart(call)
        guard let file = form.first("file"), file.fileName != nil else { throw APIError.missing(["file"]) }
        let options = try Options(form.text("options"), now: call.now)
        let store = store(call, db)
        let (folder, folderPath) = try folder(form, store)
        let original = (file.fileName ?? "").split(separator: "/").last.map(String.init) ?? ""
        let (name, fileExtension) = try names(form.text("fileName"), original: original)
        let content = Array(file.content)
        if options.strategy != "NONE" {
            let twin = try Row.fetchOne(
                db,
                sql: """
                    SELECT \(StoredFiles.columns) FROM files WHERE archived_at IS NULL AND content = ?1
                    AND (?2 = 0 OR folder IS ?3) ORDER BY id LIMIT 1
                    """, arguments: [Data(content), options.inFolderOnly, folder])
            if let twin {
                guard options.strategy == "RETURN_EXISTING" else {
                    throw APIError(409, "A duplicate of this file exists: \(twin["id"] as Int64)", category: "CONFLICT")
                }
                return SimulatorResponse(200, store.fileJSON(twin))
            }
        }
        let id = try store.keep(
            StoredFiles.New(
                name: (name, fileExtension), folder: (folder, folderPath), access: options.access,
                overwrites: options.overwrite, expires: options.expires, contentType: file.contentType,
                content: content))
        guard let row = try store.file(id) else { throw APIError.opaque }
        return SimulatorResponse(201, store.fileJSON(row)).located(String(id), call)
    }

    /// Exactly one of `folderId` and `folderPath`.
    private static func folder(_ form: Multipart, _ store: StoredFiles) throws -> (id: Int64?, path: String) {
        switch (form.text("folderId"), form.text("folderPath")) {
        case (let text?, nil):
            guard let id = Int64(text), let row = try store.folder(id) else {
                throw APIError(404, "Folder \(text) does not exist", category: "OBJECT_NOT_FOUND")
            }
            return (id, row["path"])
        case (nil, let path?):
            try FoldersAPI.check(path: path)
            let id = try store.makeFolder(path: path)
            return (id, try id.flatMap { try store.folder($0) }?["path"] ?? "")
        case (nil, nil): throw APIError.validation("Either folderId or folderPath must be provided")
        case (_?, _?): throw APIError.validation("Only one of folderId and folderPath can be provided")
        }
    }

    /// The name without its extension, and the extension.
    static func names(_ wanted: String?, original: String) throws(APIError) -> (String, String) {
        func cut(_ name: String) -> (String, String) {
            guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return (name, "") }
            return (String(name[..<dot]), String(name[name.index(after: dot)...]).lowercased())
        }
        var (stem, suffix) = cut(original)
        if let wanted {
            let (wantedStem, wantedSuffix) = cut(wanted)
            // A name without an extension takes the uploaded file's.
            (stem, suffix) = (wantedStem, wantedSuffix.isEmpty ? suffix : wantedSuffix)
        }
        guard !stem.isEmpty, stem.utf8.count <= 255, suffix.utf8.count <= 32, !stem.contains("/"), stem != "..",
            !stem.unicodeScalars.contains(where: { $0.value < 0x20 })
        else { throw .validation("The file needs a name of at most 255 characters without slashes") }
        return (stem, suffix)
    }

    // MARK: Files that are there

    private static func find(_ call: Call, _ db: Database) throws -> Row {
        guard let id = Int64(call.parameter("id")), let row = try store(call, db).file(id) else {
            throw APIError.recordNotFound
        }
        return row
    }

    private static func get(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        SimulatorResponse(200, store(call, db).fileJSON(try find(call, db)))
    }

    private static func search(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let limit = try call.query.integer("limit", default: 10, in: 1...100)
        let after = try Paging.after(call)
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT \(StoredFiles.columns) FROM files WHERE archived_at IS NULL AND \(StoredFiles.isAlive) AND id > ?
                AND (? IS NULL OR instr(lower(name), ?)) AND (? IS NULL OR path = ?) AND (? IS NULL OR folder = ?)
                ORDER BY id LIMIT ?
                """,
            arguments: [
                call.now, after, call.query.first("name")?.lowercased(), call.query.first("name")?.lowercased(),
                call.query.first("path"), call.query.first("path"), call.query.first("parentFolderIds"),
                call.query.first("parentFolderIds"), limit + 1,
            ])
        let page = rows.prefix(limit)
        let next = rows.count > limit ? page.last.map { String($0["id"] as Int64) } : nil
        return Paging.answer(page.map(store(call, db).fileJSON), next: next, call)
    }

    private static func update(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let row = try find(call, db)
        let body = try call.object()
        let access = try body.scalar("access") ?? row["access"]
        try check(access: access)
        var (name, path): (String, String) = (row["name"], row["path"])
        if let wanted = try body.scalar("name") {
            let folder = path.split(separator: "/").dropLast().map { "/\($0)" }.joined()
            (name, _) = try names(wanted, original: "")
            path = try store(call, db).freePath("\(folder)/\(name)", row["extension"], overwrite: false)
        }
        try db.execute(
            sql: "UPDATE files SET access = ?, name = ?, path = ?, updated = ? WHERE id = ?",
            arguments: [access, name, path, call.now, row["id"] as Int64])
        return SimulatorResponse(200, store(call, db).fileJSON(try find(call, db)))
    }

    /// Puts another content in the place of a file's.
    private static func replace(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let row = try find(call, db)
        let form = try multipart(call)
        guard let file = form.first("file"), file.fileName != nil else { throw APIError.missing(["file"]) }
        var (access, expires): (String, Int64?) = (row["access"], row["expires_at"])
        if let text = form.text("options") {
            let options = try Options(text, now: call.now)
            (access, expires) = (options.access, options.expires)
        }
        try db.execute(
            sql: """
                UPDATE files SET access = ?, updated = ?, expires_at = ?, content_type = ?, content = ? WHERE id = ?
                """,
            arguments: [
                access, call.now, expires, file.contentType ?? "application/octet-stream", Data(Array(file.content)),
                row["id"] as Int64,
            ])
        return SimulatorResponse(200, store(call, db).fileJSON(try find(call, db)))
    }

    private static func archive(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let row = try find(call, db)
        try db.execute(
            sql: "UPDATE files SET archived_at = ? WHERE id = ?", arguments: [call.now, row["id"] as Int64])
        return SimulatorResponse(204)
    }

    private static func erase(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let row = try find(call, db)
        try db.execute(sql: "DELETE FROM files WHERE id = ?", arguments: [row["id"] as Int64])
        return SimulatorResponse(204)
    }

    private static func signedURL(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let seconds = try call.query.integer("expirationSeconds", default: 3600, in: 1...604_800)
        let file = store(call, db).fileJSON(try find(call, db))
        return SimulatorResponse(
            200,
            [
                "url": file["url"] ?? "", "name": file["name"] ?? "", "extension": file["extension"] ?? "",
                "type": file["type"] ?? "", "size": file["size"] ?? 0,
                "expiresAt": .string(Timestamp.iso(call.now + Int64(seconds) * 1000)),
            ])
    }

    /// The bytes at the file's address.
    private static func content(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        guard call.parameter("portal") == String(Portal.id),
            let row = try store(call, db).content(path: "/\(call.parameter("path"))")
        else { throw APIError.html(404) }
        var response = SimulatorResponse(200, json: Array(row["content"] as Data))
        response.contentType = row["content_type"]
        return response
    }
}
