import Wire

/// Checks submitted values against the form's fields.
enum FormFieldRules {
    /// - Parameter skipping: `skipValidation` of the body: only values that can never be stored are refused.
    static func problems(
        _ fields: [ReceivedSubmission.Field], form: StoredForm, isPublic: Bool, skipping: Bool
    ) -> [APIError.Detail] {
        var problems: [APIError.Detail] = []
        for field in fields {
            guard let definition = form.field(field.name, field.objectTypeID) else {
                if field.name == "email", field.objectTypeID == "0-1", !EmailSyntax.isValid(field.value.trimmed) {
                    problems.append(problem(field, "Invalid email address", "INVALID_EMAIL"))
                } else if isPublic, !skipping {
                    problems.append(
                        problem(
                            field, "Field '\(field.name)' is not in the form definition", "FIELD_NOT_IN_FORM_DEFINITION"
                        ))
                }
                continue
            }
            if field.value.isEmpty { continue }
            if field.value.utf16.count > 65_536 {
                problems.append(problem(field, "The value is too long", "INPUT_TOO_LARGE"))
                continue
            }
            if let found = check(field, definition, skipping: skipping) { problems.append(found) }
        }
        guard !skipping else { return problems }
        for definition in form.fields
        where definition.required && definition.conditions.allSatisfy({ $0.holds(in: fields) }) {
            let isGiven = fields.contains {
                $0.name == definition.name && $0.objectTypeID == definition.objectTypeID && !$0.value.trimmed.isEmpty
            }
            if !isGiven {
                problems.append(
                    ReceivedSubmission.problem(
                        "fields.\(definition.name)", "Required field '\(definition.name)' is missing", "REQUIRED_FIELD")
                )
            }
        }
        return problems
    }

    private static func check(
        _ field: ReceivedSubmission.Field, _ definition: StoredForm.Field, skipping: Bool
    ) -> APIError.Detail? {
        let value = field.value
        switch definition.fieldType {
        case "email":
            guard EmailSyntax.isValid(value.trimmed) else {
                return problem(field, "Invalid email address", "INVALID_EMAIL")
            }
            let domain = value.trimmed.lowercased().split(separator: "@").last.map(String.init) ?? ""
            return definition.blockedDomains.contains(domain)
                ? problem(field, "Email domain '\(domain)' is blocked", "BLOCKED_EMAIL") : nil
        case "number":
            guard DecimalNumber.isNumber(value.trimmed), let number = Double(value.trimmed) else {
                return problem(field, "'\(value)' is not a valid number", "INVALID_NUMBER")
            }
            return outOfRange(number, definition)
                ? problem(field, "'\(value)' is outside the allowed range", "NUMBER_OUT_OF_RANGE") : nil
        case "datepicker":
            return Timestamp.parseLoosely(value) == nil
                ? problem(field, "'\(value)' is not a valid date in milliseconds", "INVALID_NUMBER") : nil
        case "phone", "mobile_phone":
            let digits = value.filter { $0.isNumber }.count
            let isPhone = value.allSatisfy { $0.isNumber || "+-(). /x".contains($0) }
            return isPhone && !outOfRange(Double(digits), definition) || skipping
                ? nil : problem(field, "'\(value)' is not a valid phone number", "INVALID_PHONE_NUMBER")
        case "single_checkbox":
            return ["true", "false"].contains(value.lowercased()) || skipping ? nil : notOffered(field, value)
        case _ where definition.options.isEmpty: return nil
        case "multiple_checkboxes":
            let wrong = value.split(separator: ";").map(\.trimmed).first { !definition.options.contains($0) }
            return skipping ? nil : wrong.map { notOffered(field, $0) }
        case "dropdown", "radio", "payment_link_radio":
            return definition.options.contains(value) || skipping ? nil : notOffered(field, value)
        default: return nil
        }
    }

    private static func outOfRange(_ number: Double, _ definition: StoredForm.Field) -> Bool {
        number < definition.minimum ?? -.infinity || number > definition.maximum ?? .infinity
    }

    private static func notOffered(_ field: ReceivedSubmission.Field, _ value: String) -> APIError.Detail {
        problem(field, "'\(value)' is not one of the options", "VALUE_NOT_IN_FIELD_DEFINITION")
    }

    private static func problem(_ field: ReceivedSubmission.Field, _ text: String, _ errorType: String)
        -> APIError.Detail
    {
        ReceivedSubmission.problem("fields.\(field.name)", text, errorType)
    }
}
