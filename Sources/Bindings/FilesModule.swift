import HubSpot
import LuaRuntime

extension LuaModule {
    /// `hubspot.files`: files that HubSpot keeps, such as those of a form's fields of type file.
    /// - Parameter readsFiles: False for an untrusted script, which may send bytes that it holds, and no file of the
    ///   machine's.
    static func files(_ source: SessionSource, readsFiles: Bool) -> LuaModule {
        let endpoints = Endpoints(source) { Files(session: $0) }
        let id = LuaParameter.required("id", .id, "The file's id.")
        let options = LuaShape(
            "hubspot.UploadOpts", "What HubSpot is to make of it.",
            fields: [
                .optional("fileName", .string, "The file's name, and the sign that the content itself is given."),
                .optional("folderPath", .string, "Where HubSpot keeps it: `/` if left out."),
                .optional(
                    "access", .choice(["PUBLIC_NOT_INDEXABLE", "PUBLIC_INDEXABLE", "PRIVATE"]),
                    "`PUBLIC_NOT_INDEXABLE` if left out: whoever has the URL."),
                .optional(
                    "options", NestedShapes.uploadOptions,
                    "HubSpot's further `options`: `{ overwrite, duplicateValidationStrategy }`."),
            ])
        return LuaModule(
            "hubspot.files", "Uploads files to HubSpot, whose URLs are what a form's field of type file takes.",
            functions: [
                LuaFunction(
                    "upload", "Uploads a file, and answers HubSpot's record of it with its `url`.",
                    details: "Given a path alone it reads that file, which an untrusted script may not do; with "
                        + "`opts.fileName` the first argument is the content itself. Is never repeated when its fate is "
                        + "unknown.",
                    parameters: [
                        .required("path_or_bytes", .any, "The path of a file, or with `opts.fileName` its content."),
                        .optional("opts", .shape(options), "What HubSpot is to make of it."),
                    ], returns: [LuaReturn(.table, "`{ id, name, url, access, size, … }`.")], raises: ["validation"],
                    source: "POST /files/{version}/files",
                    example: "hubspot.files.upload(\"a,b\\n1,2\\n\", { fileName = \"numbers.csv\" }).url",
                    body: .suspending { call in
                        let upload = try await call.upload(readsFiles: readsFiles)
                        return [.json(try await source.use(for: call) { try await Files(session: $0).upload(upload) })]
                    }),
                endpoints.function(
                    "get", "Fetches HubSpot's record of a file.", [id],
                    returns: LuaReturn(.table, "`{ id, name, url, access, size, … }`."), raises: ["not_found"],
                    source: "GET /files/{version}/files/{id}", example: "hubspot.files.get(4711).url"
                ) { call in
                    let id = try call.id("id")
                    return { try await $0.get(id) }
                },
                endpoints.action(
                    "delete", "Deletes a file.", [id, Shapes.confirmOptions],
                    source: "DELETE /files/{version}/files/{id}",
                    example: "hubspot.files.delete(4711)"
                ) { call in
                    let id = try call.id("id")
                    return { try await $0.delete(id) }
                },
            ])
    }
}

extension LuaCall {
    fileprivate func upload(readsFiles: Bool) async throws -> Files.Upload {
        let name = "path_or_bytes"
        let given: [UInt8]
        switch self[name] {
        case .string(let text): given = Array(text.utf8)
        case .bytes(let bytes): given = bytes
        default: throw bad(name, "string expected, got \(self[name].typeName)")
        }
        let folder = option("folderPath").asString ?? "/"
        guard folder.hasPrefix("/"), isPrintable(folder) else {
            throw bad("opts.folderPath", "a path that begins with '/' expected, got \(shown(folder))")
        }
        var upload = Files.Upload(name: "", content: given, folderPath: folder)
        if let access = option("access").asString { upload.access = access }
        upload.options = try jsonOption("options")
        if let fileName = option("fileName").asString {
            guard isPrintable(fileName), !fileName.contains("/"), !fileName.contains("\\") else {
                throw bad("opts.fileName", "a name without '/' expected, got \(shown(fileName))")
            }
            if readsFiles, given.count <= 1_000, let path = String(validating: given, as: UTF8.self), Files.exists(path)
            {
                throw bad(
                    name,
                    "with opts.fileName the content itself is expected, and '\(path)' names a file: read it first, or "
                        + "leave fileName out")
            }
            upload.name = fileName
            return upload
        }
        guard let path = String(validating: given, as: UTF8.self), isPrintable(path) else {
            throw bad(name, "a file's path expected; to upload the content itself name it: { fileName = \"…\" }")
        }
        guard readsFiles else {
            throw bad(
                name, "an untrusted script reads no files; give the content itself, and its name: { fileName = \"…\" }")
        }
        let content: [UInt8]
        do {
            content = try await Files.read(path: path)
        } catch {
            guard error.kind == .invalidArgument else { throw error }
            throw bad(name, "\(error.message); to upload the content itself name it: { fileName = \"…\" }")
        }
        upload.name = path.split(separator: "/").last.map(String.init) ?? path
        upload.content = content
        return upload
    }
}
