import Wire

/// The rules of one field's value (source: Submit data to a form).
struct FieldRules {
    var field: WebForm.Field
    /// `skipValidation` of the submission: only values that can never be stored are refused.
    var isSkipping = false

    /// Longest value that HubSpot takes, in UTF-16 (source: the Properties guide).
    private static let longestValue = 65_536

    /// The largest part of HubSpot's list of free providers.
    private static let freeProviders: Set = [
        "gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "gmx.de", "icloud.com",
    ]

    func problem(of value: String) -> WebForm.Problem? {
        guard !value.isEmpty else { return nil }
        if value.utf16.count > Self.longestValue {
            return problem(
                "INPUT_TOO_LARGE", "the value is longer than 65,536 characters", answered: "The value is too long")
        }
        switch field.type {
        case "email": return Self.addressProblem(value, of: field.name) ?? blockedProblem(value)
        case "number": return numberProblem(value)
        case "datepicker": return dateProblem(value)
        case _ where isSkipping: return nil
        case "phone", "mobile_phone": return phoneProblem(value)
        case "single_checkbox":
            return ["true", "false"].contains(value.lowercased())
                ? nil
                : problem(
                    "VALUE_NOT_IN_FIELD_DEFINITION", "'\(value)' is neither true nor false",
                    answered: Self.notOffered(value))
        default: return choiceProblem(value)
        }
    }

    static func addressProblem(_ value: String, of name: String) -> WebForm.Problem? {
        EmailAddress.isValid(EmailAddress.trimmed(value))
            ? nil
            : WebForm.Problem(
                field: name, errorType: "INVALID_EMAIL", message: "\(shown(value)) is not an email address",
                answered: "Invalid email address", isOfValue: true)
    }

    private func blockedProblem(_ value: String) -> WebForm.Problem? {
        let domain = EmailAddress.trimmed(value).lowercased().split(separator: "@").last.map(String.init) ?? ""
        let isBlocked =
            field.blockedDomains.contains { $0.lowercased() == domain }
            || field.blocksFreeProviders && Self.freeProviders.contains(domain)
        guard isBlocked else { return nil }
        return problem(
            "BLOCKED_EMAIL", "the form takes no addresses of \(domain)", answered: "Email domain '\(domain)' is blocked"
        )
    }

    private func numberProblem(_ value: String) -> WebForm.Problem? {
        let text = value.trimmed
        guard DecimalNumber.isNumber(text), let number = Double(text) else {
            return problem(
                "INVALID_NUMBER", "\(Self.shown(value)) is not a number", answered: "'\(value)' is not a valid number")
        }
        guard let range = field.range, !range.contains(number) else { return nil }
        return problem(
            "NUMBER_OUT_OF_RANGE", "\(text) is outside the field's limits (\(Self.words(range)))",
            answered: "'\(value)' is outside the allowed range")
    }

    private func phoneProblem(_ value: String) -> WebForm.Problem? {
        let answered = "'\(value)' is not a valid phone number"
        guard value.allSatisfy({ $0.isNumber || "+-(). /x".contains($0) }) else {
            return problem(
                "INVALID_PHONE_NUMBER", "\(Self.shown(value)) holds more than digits and + - ( ) . / x",
                answered: answered)
        }
        let count = value.count { $0.isNumber }
        guard let digits = field.digits, !digits.contains(count) else { return nil }
        return problem(
            "INVALID_PHONE_NUMBER",
            "'\(value)' has \(count) digits, and the field takes \(digits.lowerBound) to \(digits.upperBound)",
            answered: answered)
    }

    private func dateProblem(_ value: String) -> WebForm.Problem? {
        guard let time = Int64(value) ?? Timestamp.parse(value) else {
            return problem(
                "INVALID_NUMBER",
                "\(Self.shown(value)) is no day, such as 2000-12-31 or its milliseconds at midnight UTC",
                answered: "'\(value)' is not a valid date in milliseconds")
        }
        if time % Timestamp.millisecondsPerDay == 0 { return nil }
        let moment = Timestamp.years0To9999.contains(time) ? Timestamp.iso(time) : "no day"
        return problem(
            "INVALID_NUMBER", "\(value) is \(moment), and a date is its midnight in UTC: HubSpot drops the value",
            isRefused: false)
    }

    private func choiceProblem(_ value: String) -> WebForm.Problem? {
        guard !field.options.isEmpty else { return nil }
        let chosen = field.takesSeveral ? value.split(separator: ";").map { String($0).trimmed } : [value]
        let values = field.options.map(\.value)
        let wrong = chosen.filter { !values.contains($0) }
        guard !wrong.isEmpty else { return nil }
        // A visitor's word for an option, where its value is meant.
        let label = field.options.first { $0.label == wrong[0] }
        let hint = label.map { "; its value is '\($0.value)'" } ?? ""
        return problem(
            "VALUE_NOT_IN_FIELD_DEFINITION",
            "\(wrong.map(Self.shown).joined(separator: ", ")) is not one of: "
                + "\(values.joined(separator: ", "))\(hint)", answered: Self.notOffered(wrong[0]))
    }

    private func problem(
        _ type: String, _ message: String, isRefused: Bool = true, answered: String? = nil
    ) -> WebForm.Problem {
        WebForm.Problem(
            field: field.name, errorType: type, message: message, isRefused: isRefused, answered: answered,
            isOfValue: true)
    }

    private static func notOffered(_ value: String) -> String { "'\(value)' is not one of the options" }

    private static func shown(_ value: String) -> String {
        value.count > 60 ? "'\(value.prefix(60))…'" : "'\(value)'"
    }

    /// `0 to 100`, `at least 0`.
    static func words(_ range: ClosedRange<Double>) -> String {
        func text(_ bound: Double) -> String { Int64(exactly: bound).map { String($0) } ?? bound.description }
        switch (range.lowerBound.isFinite, range.upperBound.isFinite) {
        case (true, true): return "\(text(range.lowerBound)) to \(text(range.upperBound))"
        case (true, false): return "at least \(text(range.lowerBound))"
        case (false, true): return "at most \(text(range.upperBound))"
        case (false, false): return "any number"
        }
    }
}

extension String {
    /// Without white space at either end.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }

    var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
