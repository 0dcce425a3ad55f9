import JSON

/// A form's fields, read from its definition (source: the Forms v3 guide).
struct FormDefinition: Sendable {
    var fields: [Field]
    var hasCaptcha: Bool
    var consent: Consent

    struct Field: Sendable {
        var objectTypeID: String
        var name: String
        var label: String
        /// `email`, `phone`, `number`, `dropdown`, ...
        var type: String
        var isRequired: Bool
        /// The values that may be chosen; nil for a field without options.
        var options: Set<String>?
        var blockedDomains: [String]
        /// How many digits a phone number may have, or nil.
        var digits: ClosedRange<Int>?
        var range: ClosedRange<Double>?
        /// The answer to another field that makes this one appear; nil for a field that is always there.
        var condition: Condition?

        /// Whether several options may be chosen, joined with `;`.
        var takesSeveral: Bool { type == "multiple_checkboxes" }
    }

    struct Condition: Sendable {
        var name: String
        var `operator`: String
        var values: [String]

        /// Whether the field appears, given the other field's value. An operator that is not known here: no.
        func holds(for value: String?) -> Bool {
            let given = (value ?? "").split(separator: ";").map(String.init)
            switch `operator`.lowercased() {
            case "eq", "set_eq": return Set(given) == Set(values)
            case "neq", "set_neq": return Set(given) != Set(values)
            case "set_any": return given.contains { values.contains($0) }
            case "set_not_any": return !given.contains { values.contains($0) }
            case "set_all": return values.allSatisfy { given.contains($0) }
            case "is_not_empty": return !given.isEmpty
            case "contains": return values.contains { (value ?? "").contains($0) }
            case "str_starts_with", "starts_with": return values.contains { (value ?? "").hasPrefix($0) }
            case "str_ends_with", "ends_with": return values.contains { (value ?? "").hasSuffix($0) }
            default: return false
            }
        }
    }

    enum Consent: Sendable {
        case none
        case legitimateInterest
        /// The visitor ticks a box for the processing, and one for each subscription that is required.
        case explicit(requiredSubscriptions: [Int64])
        /// Sending the form is the consent.
        case implicit(requiredSubscriptions: [Int64])
    }

    /// Nil where the document is no form's definition.
    init?(_ document: JSONValue) {
        guard let groups = document["fieldGroups"]?.array else { return nil }
        fields = groups.flatMap { $0["fields"]?.array ?? [] }.flatMap { Self.fields(of: $0, condition: nil) }
        hasCaptcha = document["configuration"]?["recaptchaEnabled"]?.bool ?? false
        let legal = document["legalConsentOptions"]
        let required = (legal?["communicationsCheckboxes"]?.array ?? [])
            .filter { $0["required"]?.bool ?? false }.compactMap { $0["subscriptionTypeId"]?.integer }
        consent =
            switch legal?["type"]?.string {
            case "legitimate_interest": .legitimateInterest
            case "explicit_consent_to_process": .explicit(requiredSubscriptions: required)
            case "implicit_consent_to_process": .implicit(requiredSubscriptions: required)
            default: .none
            }
    }

    /// A field and those that appear with some of its answers.
    private static func fields(of document: JSONValue, condition: Condition?) -> [Field] {
        guard let name = document["name"]?.string else { return [] }
        let validation = document["validation"]
        let least = validation?["minAllowedDigits"]?.integer
        let most = validation?["maxAllowedDigits"]?.integer
        let isNumber = document["fieldType"]?.string == "number"
        var digits: ClosedRange<Int>?
        if !isNumber, let least, let most, least <= most { digits = Int(least)...Int(most) }
        let field = Field(
            objectTypeID: document["objectTypeId"]?.string ?? "0-1", name: name,
            label: document["label"]?.string ?? name, type: document["fieldType"]?.string ?? "single_line_text",
            isRequired: document["required"]?.bool ?? false,
            options: document["options"]?.array.map { Set($0.compactMap { $0["value"]?.string }) },
            blockedDomains: validation?["blockedEmailDomains"]?.array?.compactMap(\.string) ?? [], digits: digits,
            range: isNumber ? range(validation) : nil, condition: condition)
        let dependent = (document["dependentFields"]?.array ?? []).flatMap { link -> [Field] in
            guard let inner = link["dependentField"] else { return [] }
            let rule = link["dependentCondition"]
            let values = rule?["values"]?.array?.compactMap(\.string) ?? []
            let value = rule?["value"]?.string
            return fields(
                of: inner,
                condition: Condition(
                    name: name, operator: rule?["operator"]?.string ?? "",
                    values: values.isEmpty ? [value].compactMap(\.self) : values))
        }
        return [field] + dependent
    }

    private static func range(_ validation: JSONValue?) -> ClosedRange<Double>? {
        func bound(_ names: [String]) -> Double? {
            for name in names {
                if case .number? = validation?[name] { return validation?[name]?.double }
            }
            return nil
        }
        let least = bound(["minValue", "min", "minAllowedDigits"])
        let most = bound(["maxValue", "max", "maxAllowedDigits"])
        guard least != nil || most != nil else { return nil }
        let lower = least ?? -.infinity
        return lower...max(lower, most ?? .infinity)
    }
}
