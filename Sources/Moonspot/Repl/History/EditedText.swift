import Glibc

/// A text in the person's own editor.
enum EditedText {
    /// - Returns: Nil where it was left as it was.
    static func edit(_ text: String, environment: ProcessEnvironment) async throws -> String? {
        let folder = environment["TMPDIR"] ?? "/tmp"
        let path = "\(folder)/moonspot-\(String(UInt64.random(in: .min ... .max), radix: 36)).lua"
        defer { unlink(path) }
        // 0600 and new: the text may tell of people.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandProblem("cannot write \(path): \(FileProblem.last().description)") }
        let isWritten = FileBytes.write(Array((text + "\n").utf8), to: descriptor)
        close(descriptor)
        guard isWritten else { throw CommandProblem("cannot write \(path): \(FileProblem.last().description)") }
        let editor = environment["VISUAL"] ?? environment["EDITOR"] ?? "vi"
        let status = await Foreground.shell("\(editor) \"$1\"", [path])
        guard status != Foreground.notFound else {
            throw CommandProblem("the editor '\(editor)' does not exist; set EDITOR to one that does")
        }
        guard status == 0 else {
            throw CommandProblem("the editor ended with status \(status), so nothing is run")
        }
        guard let bytes = try? FileBytes.read(path) else { throw CommandProblem("the editor has left no file") }
        var edited = Substring(String(decoding: bytes, as: UTF8.self))
        while edited.last?.isWhitespace == true { edited.removeLast() }
        return edited.isEmpty || edited == text ? nil : String(edited)
    }
}
