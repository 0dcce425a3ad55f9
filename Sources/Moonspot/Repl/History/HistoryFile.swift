import Glibc

/// The typed lines, one entry a line in a file that only its owner reads; a newline within an entry is written `\n`, a tab `\t`.
struct HistoryFile: Sendable {
    let path: String
    private static let kept = 2_000

    /// The texts of the entries, oldest first. A file that is not there has none.
    func load() -> [String] { entries().map(\.text) }

    /// The entries, oldest first.
    func entries() -> [HistoryEntry] {
        guard let bytes = try? FileBytes.read(path) else { return [] }
        var entries: [HistoryEntry] = []
        var places: [String: Int] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let entry = HistoryEntry(fileLine: line)
            if entry.text.isEmpty {
                if let place = places[entry.id] { entries[place].ending = entry.ending }
            } else {
                if !entry.id.isEmpty { places[entry.id] = entries.count }
                entries.append(entry)
            }
        }
        if entries.count > Self.kept * 2 { rewrite(Array(entries.suffix(Self.kept))) }
        return Array(entries.suffix(Self.kept))
    }

    /// The part of an entry that is kept; nil for one that begins with a space.
    static func kept(_ entry: String) -> String? {
        if entry.first == " " || entry.allSatisfy(\.isWhitespace) { return nil }
        return HistoryRedaction.redacted(entry)
    }

    /// Appends an entry that ``kept(_:)`` has passed. History is a comfort: where it cannot be written, the line runs
    /// all the same, and `false` tells.
    func append(_ entry: String) -> Bool { append(line: HistoryEntry(text: entry).fileLine) }

    /// Appends a line of the file: an entry, or how one ended.
    func append(line: String) -> Bool { write(line + "\n", flags: O_WRONLY | O_CREAT | O_APPEND) }

    private func rewrite(_ entries: [HistoryEntry]) {
        _ = write(entries.map { $0.fileLine + "\n" }.joined(), flags: O_WRONLY | O_CREAT | O_TRUNC)
    }

    private func write(_ text: String, flags: Int32) -> Bool {
        let descriptor = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        fchmod(descriptor, 0o600)  // neither the umask nor an older file decides
        return FileBytes.write(Array(text.utf8), to: descriptor)
    }

    static func encoded(_ entry: String) -> String {
        var result = ""
        for scalar in entry.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": break
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    static func decoded(_ line: String) -> String {
        var result = ""
        var isEscape = false
        for scalar in line.unicodeScalars {
            if isEscape {
                result.unicodeScalars.append(scalar == "n" ? "\n" : scalar == "t" ? "\t" : scalar)
                isEscape = false
            } else if scalar == "\\" {
                isEscape = true
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
