package import JSON

extension WebForm {
    /// The form as pages, scripts and Lua read it: one shape for all of them.
    package var document: JSONValue {
        .object([
            "id": .string(id), "name": .string(name), "language": .string(language), "captcha": .bool(hasCaptcha),
            "submitText": .string(submitText), "after": afterSubmit.document,
            "fields": .array(fields.map(\.document)),
            "texts": texts.isEmpty
                ? nil : .array(texts.map { .object(["group": .integer($0.group), "text": .string($0.text)]) }),
            "consent": consent.document,
        ])
    }
}

extension WebForm.AfterSubmit {
    fileprivate var document: JSONValue {
        switch self {
        case .message(let html): ["message": .string(PlainText.of(html))]
        case .redirect(let address): ["redirectUri": .string(address)]
        }
    }
}

extension WebForm.Field {
    var document: JSONValue {
        .object([
            "key": .string(key), "name": .string(name), "objectTypeId": .string(objectTypeID), "label": .string(label),
            "type": .string(type), "required": .bool(isRequired), "hidden": .bool(isHidden), "group": .integer(group),
            "options": options.isEmpty ? nil : .array(options.map(\.document)), "default": given(defaultValue),
            "placeholder": given(placeholder), "description": given(description),
            "several": takesSeveralFiles ? true : nil, "validation": validation, "dependent_on": dependency,
        ])
    }

    /// The first condition, with the others as its `alternatives`.
    private var dependency: JSONValue? {
        guard let first = conditions.first else { return nil }
        let others = conditions.dropFirst().map(\.document)
        return others.isEmpty ? first.document : first.document.setting("alternatives", to: .array(others))
    }

    private var validation: JSONValue? {
        let rules = JSONValue.object([
            "blockedEmailDomains": blockedDomains.isEmpty ? nil : .strings(blockedDomains),
            "useDefaultBlockList": blocksFreeProviders ? true : nil,
            "minDigits": digits.map { .integer($0.lowerBound) }, "maxDigits": digits.map { .integer($0.upperBound) },
            "min": range.flatMap { Self.number($0.lowerBound) }, "max": range.flatMap { Self.number($0.upperBound) },
        ])
        return rules.members?.isEmpty ?? true ? nil : rules
    }

    /// Nil for a range without an end.
    static func number(_ bound: Double) -> JSONValue? {
        guard bound.isFinite else { return nil }
        return Int64(exactly: bound).map { .integer($0) } ?? .number(bound.description)
    }
}

extension WebForm.Field.Option {
    fileprivate var document: JSONValue {
        .object(["label": .string(label), "value": .string(value), "description": given(description)])
    }
}

extension WebForm.Condition {
    fileprivate var document: JSONValue {
        .object([
            "key": .string(key), "name": .string(name), "objectTypeId": .string(objectTypeID),
            "operator": .string(`operator`), "values": .strings(values), "from": given(from), "to": given(to),
        ])
    }
}

extension WebForm.Consent {
    fileprivate var document: JSONValue {
        switch self {
        case .none: ["type": .string(type)]
        case .legitimateInterest(let basis, let subscriptions, let text):
            .object([
                "type": .string(type), "basis": .string(basis), "privacyText": given(text),
                "subscriptionTypeIds": .array(subscriptions.map { .integer($0) }),
            ])
        case .explicit(let texts), .implicit(let texts): Self.document(type, texts)
        }
    }

    private static func document(_ type: String, _ texts: WebForm.ConsentTexts) -> JSONValue {
        .object([
            "type": .string(type), "privacyText": given(texts.privacyText), "processText": given(texts.processText),
            "processLabel": given(texts.processLabel), "processFooter": given(texts.processFooter),
            "communicationText": given(texts.communicationText), "agreedText": .string(texts.agreedText),
            "communications": .array(
                texts.communications.map {
                    [
                        "subscriptionTypeId": .integer($0.subscriptionTypeID), "label": .string($0.label),
                        "required": .bool($0.isRequired),
                    ]
                }),
        ])
    }
}

/// A text; nil for an empty one, which the document leaves out.
private func given(_ text: String) -> JSONValue? { text.isEmpty ? nil : .string(text) }
