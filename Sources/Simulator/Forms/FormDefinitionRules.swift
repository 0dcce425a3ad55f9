import JSON

/// What a form's definition must hold (source: the Forms v3 guide): each word out of its list, and what a kind of field or of
/// consent needs.
enum FormDefinitionRules {
    private static let required = ["name", "fieldGroups", "configuration", "displayOptions", "legalConsentOptions"]
    private static let fieldTypes = [
        "email", "phone", "mobile_phone", "single_line_text", "multi_line_text", "number", "single_checkbox",
        "multiple_checkboxes", "dropdown", "radio", "datepicker", "file", "payment_link_radio",
    ]
    private static let choices: Set = ["multiple_checkboxes", "dropdown", "radio", "payment_link_radio"]
    private static let operators = [
        "eq", "neq", "contains", "doesnt_contain", "str_starts_with", "str_ends_with", "lt", "lte", "gt", "gte",
        "between",
        "not_between", "within_time", "within_time_reverse", "set_any", "set_not_any", "set_all", "set_not_all",
        "set_eq",
        "set_neq", "is_not_empty",
    ]
    private static let themes = ["default_style", "canvas", "linear", "round", "sharp", "legacy"]
    /// The members that each kind of consent needs.
    private static let consents: [(type: String, members: [String])] = [
        ("none", []), ("legitimate_interest", ["lawfulBasis", "subscriptionTypeIds", "privacyText"]),
        ("explicit_consent_to_process", ["privacyText", "communicationsCheckboxes"]),
        ("implicit_consent_to_process", ["privacyText", "communicationsCheckboxes"]),
    ]

    static func check(_ form: JSONValue) throws(APIError) {
        try form.require(required)
        guard let name = form["name"]?.string, !name.trimmed.isEmpty else {
            throw .validation("name: a text that is not empty expected")
        }
        for group in try form.requiredArray("fieldGroups") {
            try word(group, "groupType", ["default_group", "progressive", "queued"])
            try word(group, "richTextType", ["text", "image"])
            for field in group["fields"]?.array ?? [] { try check(field: field) }
        }
        if let action = form["configuration"]?["postSubmitAction"], !action.isNull {
            try word(action, "type", ["thank_you", "redirect_url"])
        }
        if let options = form["displayOptions"] { try word(options, "theme", themes) }
        if let consent = form["legalConsentOptions"] { try check(consent: consent) }
    }

    private static func check(field: JSONValue) throws(APIError) {
        let missing = ["objectTypeId", "name", "fieldType"].filter { field[$0]?.string == nil }
        if !missing.isEmpty { throw .missing(missing) }
        try word(field, "fieldType", fieldTypes)
        for flag in ["required", "hidden"] {
            guard let value = field[flag], !value.isNull, value.bool == nil else { continue }
            throw .input("Cannot deserialize value of type `boolean` from \(Call.token(value)) at \"\(flag)\"")
        }
        if choices.contains(field["fieldType"]?.string ?? "") { _ = try field.requiredArray("options") }
        for link in field["dependentFields"]?.array ?? [] {
            try link.require(["dependentCondition", "dependentField"])
            guard let condition = link["dependentCondition"], let inner = link["dependentField"] else { continue }
            try condition.require(["operator"])
            try word(condition, "operator", operators)
            try check(field: inner)
        }
    }

    private static func check(consent: JSONValue) throws(APIError) {
        try consent.require(["type"])
        try word(consent, "type", consents.map(\.type))
        try consent.require(consents.first { $0.type == consent["type"]?.string?.lowercased() }?.members ?? [])
        if consent["lawfulBasis"] != nil { try word(consent, "lawfulBasis", ["lead", "client", "other"]) }
        for box in consent["communicationsCheckboxes"]?.array ?? [] {
            try box.require(["subscriptionTypeId", "label"])
        }
    }

    /// - Throws: Where a member that is there is none of the words, in any case.
    private static func word(_ json: JSONValue, _ member: String, _ words: [String]) throws(APIError) {
        guard let value = json[member], !value.isNull else { return }
        guard let text = value.string, words.contains(text.lowercased()) else {
            throw .input("Enum type must be one of: [\(words.joined(separator: ", "))] at \"\(member)\"")
        }
    }
}
