import HTTPTypes
package import JSON
import Wire

/// Files that HubSpot keeps (source: the Files guide). A form's field of type file takes the URL of one.
package struct Files: Sendable {
    package let session: Session

    package init(session: Session) { self.session = session }

    /// A file on its way to HubSpot.
    package struct Upload: Sendable {
        package var name: String
        package var content: [UInt8]
        /// Where it is kept; HubSpot makes the folder.
        package var folderPath: String
        /// `PRIVATE`, `PUBLIC_NOT_INDEXABLE` or `PUBLIC_INDEXABLE`.
        package var access: String
        /// HubSpot's `options` beside `access`: `overwrite`, `duplicateValidationStrategy`, ... as JSON, or nil.
        package var options: JSONSlice?

        package init(
            name: String, content: [UInt8], folderPath: String = "/", access: String = "PUBLIC_NOT_INDEXABLE",
            options: JSONSlice? = nil
        ) {
            self.name = name
            self.content = content
            self.folderPath = folderPath
            self.access = access
            self.options = options
        }
    }

    /// Sends a file and answers HubSpot's record of it: `{ id, name, url, access, size, ... }`. Is not repeated where
    /// its fate is unknown.
    package func upload(_ upload: Upload) async throws(HubSpotError) -> JSONSlice {
        let given = (upload.options?.fields() ?? []).filter { $0.name != "access" }
            .map { JSONValue.Member($0.name, .raw($0.value)) }
        var form = MultipartForm(avoiding: upload.content)
        form.add("fileName", upload.name)
        form.add("folderPath", upload.folderPath)
        form.add(
            "options",
            String(
                decoding: JSONValue.object([JSONValue.Member("access", .string(upload.access))] + given).bytes,
                as: UTF8.self))
        form.add("file", fileName: upload.name, upload.content)
        let request = APIRequest(
            .post, session.paths.files(), headers: [.contentType: form.contentType], body: form.body)
        if let response = try await session.request(request) {
            return try JSONSlice(answer: response.body, to: request)
        }
        return JSONSlice(
            JSONValue.object([
                "name": .string(upload.name), "size": .integer(Int64(upload.content.count)), "dry_run": true,
            ]).bytes)
    }

    /// Whether the session may upload files, as far as that is known beforehand.
    package func uploading() async -> Capability {
        // What a credential may do, not every kind of it tells.
        let scopes = try? await session.ownScopes()
        return session.capability(of: APIRequest(.post, session.paths.files()), scopes: scopes)
    }

    package func get(_ id: String) async throws(HubSpotError) -> JSONSlice {
        try await session.object(.get, session.paths.files(id))
    }

    package func delete(_ id: String) async throws(HubSpotError) {
        try await session.perform(.delete, session.paths.files(id))
    }
}
