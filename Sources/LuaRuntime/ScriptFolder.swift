import Glibc

/// A folder whose files may be loaded, and none outside of it: symbolic links are resolved.
struct ScriptFolder: Sendable {
    private let root: String?

    init(_ path: String) { root = Self.resolve(path) }

    /// A module by its dotted name: `name.lua`, then `name/init.lua`.
    func module(_ name: String) -> LuaChunk? {
        let path = name.split(separator: ".", omittingEmptySubsequences: false).joined(separator: "/")
        return file(path + ".lua") ?? file(path + "/init.lua")
    }

    /// A file by its path, relative to the folder or below it.
    func file(_ path: String) -> LuaChunk? {
        guard let root, !path.contains("\0") else { return nil }
        guard let found = Self.resolve(path.hasPrefix("/") ? path : "\(root)/\(path)") else { return nil }
        guard found.hasPrefix(root == "/" ? "/" : root + "/"), let bytes = Self.read(found) else { return nil }
        return LuaChunk(bytes: bytes, name: "@" + path)
    }

    private static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(validatingCString: resolved)
    }

    private static func read(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count == 0 { return bytes }
            guard count > 0 else { return nil }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}
