import Wire

extension WebForm.Field {
    /// What HubSpot asks of a value, in words: `required`, `7 to 20 digits`, `one of: soup, bread`, `when food is soup`.
    package var rules: [String] {
        var words = isRequired ? ["required"] : []
        if isHidden { words.append("hidden") }
        if !conditions.isEmpty { words.append("when \(conditions.map(\.words).joined(separator: ", or "))") }
        if let digits { words.append("\(digits.lowerBound) to \(digits.upperBound) digits") }
        if let range { words.append(FieldRules.words(range)) }
        if !blockedDomains.isEmpty { words.append("not of \(blockedDomains.joined(separator: ", "))") }
        if blocksFreeProviders { words.append("not of free providers") }
        if type == "single_checkbox" { words.append("true or false") }
        if type == "datepicker" { words.append("a day such as 2000-12-31") }
        if type == "file" { words.append("the address of \(takesSeveralFiles ? "files" : "a file") uploaded before") }
        if !options.isEmpty {
            words.append("\(takesSeveral ? "any" : "one") of: \(options.map(\.value).joined(separator: ", "))")
        }
        if !defaultValue.isEmpty { words.append("at first \(defaultValue)") }
        return words.map(\.onOneLine)
    }
}

extension WebForm.Condition {
    /// `food is soup`, `score is 5 or more`.
    var words: String {
        let wanted = values.joined(separator: " or ")
        return switch `operator`.lowercased() {
        case "eq", "set_eq", "set_any": "\(key) is \(wanted)"
        case "neq", "set_neq", "set_not_any":
            values.count > 1 ? "\(key) is neither \(values.joined(separator: " nor "))" : "\(key) is not \(wanted)"
        case "set_all": "\(key) is \(values.joined(separator: " and "))"
        case "is_not_empty": "\(key) is given"
        case "set_not_all": "\(key) is not all of \(values.joined(separator: " and "))"
        case "contains": "\(key) contains \(wanted)"
        case "doesnt_contain": "\(key) does not contain \(wanted)"
        case "str_starts_with": "\(key) begins with \(wanted)"
        case "str_ends_with": "\(key) ends with \(wanted)"
        case "lt": "\(key) is less than \(wanted)"
        case "lte": "\(key) is at most \(wanted)"
        case "gt": "\(key) is more than \(wanted)"
        case "gte": "\(key) is at least \(wanted)"
        case "between": "\(key) is \(from) to \(to)"
        case "not_between": "\(key) is not \(from) to \(to)"
        default: "\(key) \(`operator`) \(wanted)"
        }
    }
}

extension WebForm.Consent {
    /// What the visitor agrees to, a line each; none for a form that asks for nothing.
    package var words: [String] { stated + substitutes }

    private var stated: [String] {
        switch self {
        case .none: return []
        case .legitimateInterest(let basis, _, let text):
            return ["legitimate interest (\(basis))\(text.isEmpty ? "" : ": \(text)")".onOneLine]
        case .explicit(let texts):
            return ["to the processing, by a box (required): \(texts.agreedText)".onOneLine] + boxes(texts)
        case .implicit(let texts):
            return ["to the processing, by sending: \(texts.agreedText)".onOneLine] + boxes(texts)
        }
    }

    private func boxes(_ texts: WebForm.ConsentTexts) -> [String] {
        texts.communications.map { box in
            "to subscription type \(box.subscriptionTypeID)\(box.isRequired ? " (required)" : ""): \(box.label)"
                .onOneLine
        }
    }
}

extension String {
    /// With nothing that a terminal would carry out, nor an end of a line.
    package var onOneLine: String {
        guard unicodeScalars.contains(where: \.isUnseen) else { return self }
        var text = ""
        for scalar in unicodeScalars { text.unicodeScalars.append(scalar.isUnseen ? " " : scalar) }
        return text
    }
}
