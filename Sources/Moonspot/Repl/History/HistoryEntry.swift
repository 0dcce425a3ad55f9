import JSON
import Words

/// A typed line, and how it went.
struct HistoryEntry: Sendable, Equatable {
    /// Tells it from others, over all consoles; empty for one of which nothing but the text is known.
    var id = ""
    /// May hold line breaks; secrets are blanked.
    var text: String
    /// Seconds since 1970.
    var begun: Int64?
    var profile: String?
    var ending: Ending?

    /// Nil for one that still runs, or whose process ended meanwhile.
    struct Ending: Sendable, Equatable {
        var duration: Duration
        /// Answers of HubSpot's that came meanwhile.
        var requests: Int
        var failed: Bool
    }

    /// Whether every word occurs in it, whatever its case; `failed` also finds those that did.
    func matches(_ words: [String]) -> Bool {
        let text = text.lowercased()
        let profile = profile?.lowercased()
        return words.allSatisfy { word in
            let word = word.lowercased()
            return text.contains(word) || profile == word || word == "failed" && ending?.failed == true
        }
    }
}

// A line of the file is the text, and behind a tab what is known of it as JSON. When the line has ended, a second one
// without text tells how, under the same id: several consoles write to one file.
extension HistoryEntry {
    /// A line of the history file, without its newline.
    var fileLine: String {
        let known = JSONValue.object([
            "id": id.isEmpty ? nil : .string(id), "at": begun.map { .integer($0) },
            "profile": profile.map { .string($0) },
            "ms": ending.map { .integer(Int64($0.duration.inSeconds * 1000)) },
            "requests": ending.map { .integer($0.requests) }, "failed": ending.map { .bool($0.failed) },
        ])
        let text = HistoryFile.encoded(text)
        return known.members?.isEmpty == false ? text + "\t" + known.text : text
    }

    /// The line that is written once it has ended.
    var endingLine: String {
        var ended = self
        (ended.text, ended.begun, ended.profile) = ("", nil, nil)
        return ended.fileLine
    }

    init(fileLine line: Substring) {
        guard let tab = line.lastIndex(of: "\t"), line[tab...].dropFirst().first == "{",
            let known = JSONValue(parsing: Array(line[tab...].dropFirst().utf8)), known.members != nil
        else {
            self.init(text: HistoryFile.decoded(String(line)))
            return
        }
        self.init(
            id: known["id"]?.string ?? "", text: HistoryFile.decoded(String(line[..<tab])),
            begun: known["at"]?.integer, profile: known["profile"]?.string)
        guard let milliseconds = known["ms"]?.integer else { return }
        ending = Ending(
            duration: .milliseconds(milliseconds), requests: Int(clamping: known["requests"]?.integer ?? 0),
            failed: known["failed"]?.bool ?? false)
    }
}
