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
        /// Rich text that takes the form's place.
        case message(html: String)
        /// The address of a page that follows.
        case redirect(String)
    }

    /// The field of that name; each type of object has names of its own.
    package func field(_ objectTypeID: String, _ name: String) -> Field? {
        fields.first { $0.name == name && $0.objectTypeID == objectTypeID }
    }
}
