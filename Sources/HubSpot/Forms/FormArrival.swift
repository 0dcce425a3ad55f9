import JSON
import WebForms
import Wire

/// What a submission has changed, told from a contact before it and after it. A pure function.
struct FormArrival {
    /// The submitted values of one object type.
    var sent: [FormSubmission.Field]
    /// The record before; nil where there was none.
    var before: JSONSlice?
    /// Nil where there is none even now.
    var after: JSONSlice?

    /// Names of the properties that have another value than before, by this submission.
    var changed: [String] {
        names.filter { value(before, $0) != value(after, $0) && (!Self.isOfHubSpot($0) || hasArrived($0)) }
    }

    /// Keys of the fields whose value is not there: HubSpot has accepted the submission, and dropped them.
    var dropped: [String] {
        names.filter {
            !hasArrived($0) && (value(after, $0) == value(before, $0) || Self.isOfHubSpot($0))
        }
    }

    private func hasArrived(_ name: String) -> Bool {
        let now = value(after, name)
        return sent.filter { $0.name == name }.contains { Self.matches($0.value, now) }
    }

    /// Whether HubSpot gives the property a value by itself when a form is submitted, whatever was sent.
    private static func isOfHubSpot(_ name: String) -> Bool {
        ["lifecyclestage", "createdate", "lastmodifieddate"].contains(name)
            || ["hs_", "num_", "first_conversion", "recent_conversion"].contains { name.hasPrefix($0) }
    }

    /// Each once, in the order in which they were sent; values that are empty change nothing.
    private var names: [String] {
        var seen: Set<String> = []
        return sent.filter { !$0.value.isEmpty }.map(\.name).filter { seen.insert($0).inserted }
    }

    private func value(_ record: JSONSlice?, _ name: String) -> String {
        record?.field("properties")?.field(name)?.idText ?? ""
    }

    /// Whether a property's text is what became of a submitted one: HubSpot trims, writes numbers and days its own way, and
    /// keeps choices in an order of its own.
    private static func matches(_ sent: String, _ now: String) -> Bool {
        let (sent, now) = (sent.withoutBlankEnds.lowercased(), now.withoutBlankEnds.lowercased())
        if sent == now { return true }
        if now.isEmpty { return false }
        if let number = DecimalNumber(sent), number == DecimalNumber(now) { return true }
        if let time = CalendarTime(sent), let other = CalendarTime(now), time == other { return true }
        return Set(sent.split(separator: ";")) == Set(now.split(separator: ";"))
    }
}
