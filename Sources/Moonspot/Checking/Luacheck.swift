import Foundation

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
    func findings(_ bytes: [UInt8], name: String, folder: String) -> [Finding]? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.arguments = [
            "--formatter", "plain", "--no-color", "--std", "lua54", "--allow-defined", "--read-globals", "hubspot",
            "task", "json", "show", "help", "arg", "test", "describe", "it", "expect", "before_each", "after_each",
        ]
        if !Self.hasConfiguration(folder) {
            process.arguments?.append("--no-config")
            process.arguments?.append("--only")
            process.arguments?.append(contentsOf: Self.kinds)
        }
        process.arguments?.append(contentsOf: ["--filename", name, "-"])
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let writer = Thread {
            try? input.fileHandleForWriting.write(contentsOf: Data(bytes))
            try? input.fileHandleForWriting.close()
        }
        writer.start()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        // 0 and 1: nothing, or warnings. From 2 on it could not read the file, or did not understand its options.
        guard process.terminationReason == .exit, process.terminationStatus < 2 else { return nil }
        return Self.findings(text, name: name)
    }

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
