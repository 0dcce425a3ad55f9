import Glibc

/// Why a file could not be read: the system's own words.
struct FileProblem: Error, CustomStringConvertible {
    var description: String

    static func last() -> FileProblem { FileProblem(description: String(cString: strerror(errno))) }
}

/// Whole files, without the weight of a framework: plain Lua starts at once.
enum FileBytes {
    static func read(_ path: String) throws(FileProblem) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last() }
        defer { close(descriptor) }
        return try read(descriptor: descriptor)
    }

    /// Reads to the end.
    static func read(descriptor: Int32) throws(FileProblem) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .last() }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
        }
    }

    /// Makes the folder and those above it; for its owner alone, unless a mode says otherwise.
    static func makeFolder(_ path: String, mode: mode_t = 0o700) throws(FileProblem) {
        if mkdir(path, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else { throw .last() }
        try makeFolder(String(path[..<slash]), mode: mode)
        if mkdir(path, mode) != 0 && errno != EEXIST { throw .last() }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// What a folder holds, sorted; nothing for one that cannot be read.
    static func names(in folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }
}

extension FileBytes {
    /// Puts a whole file in place of another, as ``FileReplacement`` has it.
    static func replace(_ path: String, with bytes: [UInt8], mode: mode_t) throws(FileProblem) {
        try FileReplacement(of: path, with: bytes, mode: mode).finish()
    }

    /// The folder that holds a file.
    static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    /// - Returns: False where not everything could be written; `errno` says why.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { return false }
            rest = rest.dropFirst(written)
        }
        return true
    }
}
