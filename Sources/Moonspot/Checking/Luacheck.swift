import Foundation
import Glibc
import Subprocess
import SystemPackage

/// luacheck, where it is installed: what it finds it says better than we.
struct Luacheck {
    private let path: String

    /// Nil where it is not on the path.
    init?(_ environment: ProcessEnvironment) {
        let folders = (environment["PATH"] ?? "").split(separator: ":")
        guard
            let path = folders.lazy.map({ "\($0)/luacheck" }).first(where: {
                FileManager.default.isExecutableFile(atPath: $0)
            })
        else { return nil }
        self.path = path
    }

    /// What is wrong beyond taste: names that are not defined, locals and values that nothing reads, code that nothing
    /// reaches. A project's own `.luacheckrc` decides where there is one.
    private static let kinds = ["113", "143", "211", "221", "231", "241", "314", "511", "531", "532"]

    /// - Returns: Nil where luacheck itself fails; then it is as if there were none.
    func findings(_ bytes: [UInt8], name: String, folder: String) async -> [Finding]? {
        var words = [
            "--formatter", "plain", "--no-color", "--std", "lua54", "--allow-defined", "--read-globals", "hubspot",
            "task", "json", "show", "help", "arg", "test", "describe", "it", "expect", "before_each", "after_each",
        ]
        if !Self.hasConfiguration(folder) { words += ["--no-config", "--only"] + Self.kinds }
        words += ["--filename", name, "-"]
        let configuration = Configuration(
            executable: .path(FilePath(path)), arguments: Arguments(words), workingDirectory: FilePath(folder))
        guard let input = Self.file(holding: bytes) else { return nil }
        let result = try? await run(
            configuration, input: .fileDescriptor(input, closeAfterSpawningProcess: true),
            output: .string(limit: Self.longestAnswer), error: .discarded)
        // 0 and 1: nothing, or warnings. From 2 on it could not read the file, or did not understand its options.
        guard let result, case .exited(let status) = result.terminationStatus, status < 2 else { return nil }
        return Self.findings(result.standardOutput, name: name)
    }

    /// A file without a name, at its beginning: unlike a pipe it needs nobody who writes while luacheck reads.
    private static func file(holding bytes: [UInt8]) -> FileDescriptor? {
        guard let file = tmpfile() else { return nil }
        defer { fclose(file) }
        guard FileBytes.write(bytes, to: fileno(file)), lseek(fileno(file), 0, SEEK_SET) == 0 else { return nil }
        let descriptor = fcntl(fileno(file), F_DUPFD_CLOEXEC, 3)
        return descriptor < 0 ? nil : FileDescriptor(rawValue: descriptor)
    }

    /// In bytes.
    private static let longestAnswer = 16 << 20

    /// Whether the folder or one above it has a `.luacheckrc`: luacheck looks there.
    private static func hasConfiguration(_ folder: String) -> Bool {
        var place = URL(fileURLWithPath: folder).standardizedFileURL
        while true {
            if FileManager.default.fileExists(atPath: place.appendingPathComponent(".luacheckrc").path) { return true }
            guard place.path != "/" else { return false }
            place.deleteLastPathComponent()
        }
    }

    /// The lines of its plain format: `NAME:LINE:COLUMN: message`.
    static func findings(_ text: String, name: String) -> [Finding] {
        text.split(separator: "\n").compactMap { line in
            guard line.hasPrefix(name + ":") else { return nil }
            let parts = line.dropFirst(name.count + 1).split(separator: ":", maxSplits: 2)
            guard parts.count == 3, let number = Int(parts[0]), let column = Int(parts[1]) else { return nil }
            return Finding(line: number, column: column, message: String(parts[2].drop { $0 == " " }))
        }
    }
}
