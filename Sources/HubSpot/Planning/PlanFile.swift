import Digests
import JSON

/// A plan as a file: JSON Lines, a header and then a line for each write.
package struct PlanFile: Sendable, Equatable {
    package struct Header: Sendable, Equatable {
        /// The account that the plan was made in, and whose record ids it names.
        package var portal: Int64
        /// The script that was planned; nil for what was typed.
        package var script: String?
        /// ISO 8601, in UTC.
        package var made: String
        /// Of all that stands behind the header's line, in hexadecimal, when the plan was made.
        package var sha256: String

        static let names = ["plan", "portal", "script", "made", "sha256"]

        var json: JSONValue {
            [
                "plan": .integer(PlanFile.version), "portal": .integer(portal), "script": .optional(script),
                "made": .string(made), "sha256": .string(sha256),
            ]
        }
    }

    static let version: Int64 = 1

    package var header: Header
    package var writes: [PlannedWrite]
    /// The line of the file that each of the writes stands in.
    package var places: [Int]
    /// Whether something was changed since the plan was made.
    package var isEdited = false

    /// A plan that is made now.
    package init(portal: Int64, script: String?, made: String, _ writes: [PlannedWrite]) {
        let lines = Self.lines(writes)
        header = Header(portal: portal, script: script, made: made, sha256: Self.digest(lines))
        self.writes = writes
        places = Array(2..<(writes.count + 2))
    }

    init(_ header: Header, _ writes: [PlannedWrite], _ places: [Int], isEdited: Bool) {
        self.header = header
        self.writes = writes
        self.places = places
        self.isEdited = isEdited
    }

    /// Tells one plan from all others, also once it is edited.
    package var identity: String { "\(header.sha256) \(header.made)" }

    package var bytes: [UInt8] { header.json.bytes + [0x0A] + Self.lines(writes) }

    private static func lines(_ writes: [PlannedWrite]) -> [UInt8] { writes.flatMap { $0.json.bytes + [0x0A] } }

    static func digest(_ bytes: some Sequence<UInt8>) -> String {
        Digest.sha256(bytes).hexadecimal
    }
}
