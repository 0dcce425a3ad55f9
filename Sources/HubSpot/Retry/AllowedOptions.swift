import Words

/// HubSpot's refusal of a value that is no option: `x was not one of the allowed options: [label: "Lead"\nvalue: "lead"\n, …]`,
/// a text for each option in lines.
package struct AllowedOptions: Sendable {
    /// The value that was given.
    package let refused: String
    /// The options' values.
    package let options: [String]

    private static let opening = " was not one of the allowed options: ["
    /// So many are named.
    private static let shown = 12

    /// Nil for any other message.
    package init?(_ message: String) {
        guard let found = message.firstRange(of: Self.opening) else { return nil }
        let values = message[found.upperBound...].matches(of: /value: "((?:[^"\\]|\\.)*)"/).map { String($0.1) }
        guard !values.isEmpty else { return nil }
        refused = String(message[..<found.lowerBound])
        options = values
    }

    /// `; did you mean 'lead'?`, or nothing.
    package var hint: String { NearestName.hint(for: refused, among: options) }

    /// One line: the value, the options by their values, and the one that was probably meant.
    var line: String {
        let more = options.count > Self.shown ? ", and \(options.count - Self.shown) more" : ""
        let list = options.prefix(Self.shown).joined(separator: ", ")
        return "\(refused) was not one of the allowed options: \(list)\(more)\(hint)"
    }
}
