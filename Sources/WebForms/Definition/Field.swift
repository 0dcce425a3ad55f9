extension WebForm {
    /// A question of a form.
    package struct Field: Sendable, Equatable {
        /// `0-1` contact, `0-2` company.
        package var objectTypeID: String
        /// The property's internal name.
        package var name: String
        package var label: String
        /// HubSpot's: `email`, `phone`, `number`, `dropdown`, ...
        package var type: String
        package var isRequired: Bool
        /// It has a value, and the visitor does not see it.
        package var isHidden: Bool
        /// What may be chosen; empty for a field without a choice.
        package var options: [Option]
        /// What is in it at first; several choices are joined with `;`.
        package var defaultValue: String
        package var placeholder: String
        package var description: String
        /// Of an email: domains whose addresses are not taken.
        package var blockedDomains: [String]
        /// Of an email: neither are addresses of free providers.
        package var blocksFreeProviders: Bool
        /// Of a phone number: how many digits it may have.
        package var digits: ClosedRange<Int>?
        /// Of a number.
        package var range: ClosedRange<Double>?
        /// Of a file.
        package var takesSeveralFiles: Bool
        /// The answers to other fields that make this one appear, each by itself; empty for a field that is always there.
        package var conditions: [Condition]
        /// The place of its group among the form's.
        package var group: Int

        package struct Option: Sendable, Equatable {
            package var label: String
            package var value: String
            package var description: String
        }

        /// Its name beside fields of other types: `email`, `0-2/name`. The name of its input in a page.
        package var key: String { Self.key(objectTypeID, name) }

        package static func key(_ objectTypeID: String, _ name: String) -> String {
            objectTypeID == "0-1" ? name : "\(objectTypeID)/\(name)"
        }

        /// Whether several options may be chosen, joined with `;`.
        package var takesSeveral: Bool { type == "multiple_checkboxes" }

        package var isPhone: Bool { type == "phone" || type == "mobile_phone" }
    }
}
