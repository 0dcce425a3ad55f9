// WebForms: a portal's form as a visitor of a web site meets it. What it asks, what HubSpot refuses of the answers, the request
// that they make, and code that sends it.
//
// This target knows neither the client nor the simulator: no session, no network, no clock. A page and a console stand on it
// alike.

/// A form, read from its definition (source: the Forms v3 guide).
package struct WebForm: Sendable, Equatable {
    package var id: String
    package var name: String
    /// Of its words: `en`.
    package var language: String
    /// In the order in which they are drawn. One that depends on another stands behind it.
    package var fields: [Field]
    /// Words that stand among the fields.
    package var texts: [Text]
    package var consent: Consent
    /// HubSpot takes no submission by its API.
    package var hasCaptcha: Bool
    package var submitText: String
    package var afterSubmit: AfterSubmit

    package struct Text: Sendable, Equatable {
        /// Before the fields of that group.
        package var group: Int
        package var text: String
    }

    package enum AfterSubmit: Sendable, Equatable {
        /// Words that take the form's place.
        case message(String)
        /// The address of a page that follows.
        case redirect(String)
    }

    /// The field of that name; each type of object has names of its own.
    package func field(_ objectTypeID: String, _ name: String) -> Field? {
        fields.first { $0.name == name && $0.objectTypeID == objectTypeID }
    }

    /// The fields that a visitor with these answers sees: a field that depends on another is there where its condition
    /// holds, and where the other field is.
    package func shown(_ values: [Submission.Value]) -> [Field] {
        fields.filter { isShown($0, values) ?? true }
    }

    /// Whether a field is there; nil where its condition cannot be judged here.
    func isShown(_ field: Field, _ values: [Submission.Value]) -> Bool? {
        guard let condition = field.condition else { return true }
        let value = values.last { $0.name == condition.name && $0.objectTypeID == condition.objectTypeID }?.value ?? ""
        guard let holds = condition.holds(for: value) else { return nil }
        guard holds else { return false }
        guard let other = self.field(condition.objectTypeID, condition.name) else { return true }
        return isShown(other, values)
    }
}
