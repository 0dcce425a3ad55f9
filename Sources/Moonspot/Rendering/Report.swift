import HubSpot
import JSON
import Words

/// A command's findings, by name: a line for each to read, or one JSON document.
struct Report: Sendable {
    private struct Entry: Sendable {
        var name: String
        var text: String
        var json: JSONValue
    }

    private var entries: [Entry] = []

    /// - Throws: Where the command's answer is no list of rows and cannot be printed as CSV.
    static func check(_ format: OutputFormat, of command: String) throws(ConfigurationError) {
        guard format == .csv else { return }
        throw ConfigurationError("\(command) has no rows to print as CSV; use --output json or text")
    }

    mutating func add(_ name: String, _ text: String) {
        entries.append(Entry(name: name, text: text, json: .string(text)))
    }

    /// - Parameter otherwise: The text for people where there is none; in JSON that is null.
    mutating func add(_ name: String, _ text: String?, orElse otherwise: String) {
        entries.append(
            Entry(name: name, text: text ?? otherwise, json: text.map { .string($0) } ?? .raw(JSONSlice("null"))))
    }

    mutating func add(_ name: String, _ number: Int64?, orElse otherwise: String) {
        entries.append(
            Entry(
                name: name, text: number.map { String($0) } ?? otherwise,
                json: number.map { .integer($0) } ?? .raw(JSONSlice("null"))))
    }

    mutating func add(_ name: String, _ flag: Bool) {
        entries.append(Entry(name: name, text: flag ? "yes" : "no", json: .bool(flag)))
    }

    mutating func add(_ name: String, _ list: [String], orElse otherwise: String) {
        entries.append(
            Entry(name: name, text: list.isEmpty ? otherwise : list.joined(separator: ", "), json: .strings(list)))
    }

    /// - Parameter lines: For people, one below the other.
    mutating func add(_ name: String, lines: [String], _ json: JSONValue) {
        entries.append(Entry(name: name, text: lines.joined(separator: "\n"), json: json))
    }

    var document: JSONValue {
        .object(entries.map { JSONValue.Member($0.name.replacing(" ", with: "_"), $0.json) })
    }

    func write(as format: OutputFormat) {
        guard format == .text else {
            Output.standard.write(document.bytes + [0x0A])
            return
        }
        let width = (entries.map { DisplayWidth.of($0.name) }.max() ?? 0) + 2
        for entry in entries {
            let lines = entry.text.split(separator: "\n", omittingEmptySubsequences: false)
            for (offset, line) in lines.enumerated() {
                let name = offset == 0 ? entry.name : ""
                Output.standard.line(DisplayWidth.pad(name, to: width) + Escaping.visible(String(line)))
            }
        }
    }
}
