import LuaRuntime

/// The Lua modules that come with moonspot: out of the binary, or out of the folder that `MOONSPOT_STDLIB` names.
struct Library: Sendable {
    var folder: String?

    /// The source of the module; nil where there is none of that name.
    func chunk(_ name: String) -> LuaChunk? {
        guard name.utf8.allSatisfy({ $0 != 0x2F && $0 != 0 }), !name.isEmpty else { return nil }
        let path = name.split(separator: ".", omittingEmptySubsequences: false).joined(separator: "/")
        guard !path.split(separator: "/", omittingEmptySubsequences: false).contains("") else { return nil }
        if let folder {
            guard let bytes = try? FileBytes.read("\(folder)/\(path).lua") else { return nil }
            return LuaChunk(bytes: bytes, name: "@\(folder)/\(path).lua")
        }
        return Self.embedded[name].map { LuaChunk(bytes: $0(), name: "@stdlib/\(path).lua") }
    }

    /// The modules that there are, in order.
    var names: [String] { Self.embedded.keys.sorted() }

    /// Those that scripts are meant to require: the others are parts of these.
    var modules: [String] {
        ["atomic_file", "cli", "csv", "csv_columns", "dates", "inspect", "known_names", "log", "testing", "utf8_case"]
    }

    /// The module whose chunk is named `@` and that path; nil where it is none of the library's.
    func module(at path: String) -> LuaChunk? {
        let name = path.split(separator: "/").last.map { $0.hasSuffix(".lua") ? String($0.dropLast(4)) : String($0) }
        guard let name, let chunk = chunk(name), chunk.name == "@" + path else { return nil }
        return chunk
    }

    /// The files of `stdlib/` that the manifest embeds, by the name that `require` takes. A test holds this list
    /// against the folder.
    static let embedded: [String: @Sendable () -> [UInt8]] = [
        "atomic_file": { PackageResources.atomic_file_lua },
        "cli": { PackageResources.cli_lua },
        "csv": { PackageResources.csv_lua },
        "csv_columns": { PackageResources.csv_columns_lua },
        "csv_text": { PackageResources.csv_text_lua },
        "csv_writer": { PackageResources.csv_writer_lua },
        "dates": { PackageResources.dates_lua },
        "inspect": { PackageResources.inspect_lua },
        "known_names": { PackageResources.known_names_lua },
        "log": { PackageResources.log_lua },
        "testing": { PackageResources.testing_lua },
        "utf8_case": { PackageResources.utf8_case_lua },
        "utf8_case_data": { PackageResources.utf8_case_data_lua },
    ]
}
