package import JSON

extension WebForm {
    /// Nil where the document is no form's definition.
    package init?(_ definition: JSONValue) {
        guard let groups = definition["fieldGroups"]?.array else { return nil }
        let configuration = definition["configuration"]
        let after = configuration?["postSubmitAction"]
        let target = after?["value"]?.string ?? ""
        self.init(
            id: definition["id"]?.string ?? "", name: definition["name"]?.string ?? "",
            language: configuration?["language"]?.string ?? "en",
            fields: Field.merged(
                groups.enumerated().flatMap { place, group in
                    (group["fields"]?.array ?? []).flatMap { Field.all(of: $0, group: place, condition: nil) }
                }),
            texts: groups.enumerated().compactMap { place, group in
                let text = PlainText.of(group["richText"]?.string ?? "")
                return text.isEmpty ? nil : Text(group: place, text: text)
            }, consent: Consent(definition["legalConsentOptions"]),
            hasCaptcha: configuration?["recaptchaEnabled"]?.bool ?? false,
            submitText: definition["displayOptions"]?["submitButtonText"]?.string.flatMap { $0.isEmpty ? nil : $0 }
                ?? "Send",
            afterSubmit: after?["type"]?.string == "redirect_url"
                ? .redirect(target) : .message(html: target))
    }

    package init?(_ definition: JSONSlice) {
        guard let document = JSONValue(parsing: definition.bytes) else { return nil }
        self.init(document)
    }
}

extension WebForm.Field {
    /// How many digits a phone number has, where the form says nothing else (source: the Forms v3 guide).
    private static let usualDigits = 7...20

    /// A field, and those that appear with some of its answers.
    fileprivate static func all(of document: JSONValue, group: Int, condition: WebForm.Condition?) -> [Self] {
        guard let name = document["name"]?.string else { return [] }
        let type = document["fieldType"]?.string ?? "single_line_text"
        let validation = document["validation"]
        let objectTypeID = document["objectTypeId"]?.string ?? "0-1"
        let defaults = document["defaultValues"]?.array?.compactMap(\.string) ?? []
        var field = Self(
            objectTypeID: objectTypeID, name: name, label: document["label"]?.string ?? name, type: type,
            isRequired: document["required"]?.bool ?? false, isHidden: document["hidden"]?.bool ?? false,
            options: (document["options"]?.array ?? []).compactMap(Option.init),
            defaultValue: document["defaultValue"]?.string ?? defaults.joined(separator: ";"),
            placeholder: document["placeholder"]?.string ?? "",
            description: PlainText.of(document["description"]?.string ?? ""),
            blockedDomains: validation?["blockedEmailDomains"]?.array?.compactMap(\.string) ?? [],
            blocksFreeProviders: validation?["useDefaultBlockList"]?.bool ?? false, digits: nil, range: nil,
            takesSeveralFiles: document["allowMultipleFiles"]?.bool ?? false,
            conditions: condition.map { [$0] } ?? [], group: group)
        let least = bound(validation, "min")
        let most = bound(validation, "max")
        if field.isPhone {
            let from = Int(least ?? Double(usualDigits.lowerBound))
            field.digits = from...max(from, Int(most ?? Double(usualDigits.upperBound)))
        } else if type == "number", least != nil || most != nil {
            let from = least ?? -.infinity
            field.range = from...max(from, most ?? .infinity)
        }
        let dependent = (document["dependentFields"]?.array ?? []).flatMap { link -> [Self] in
            guard let inner = link["dependentField"] else { return [] }
            let condition = WebForm.Condition(link["dependentCondition"], of: field)
            return all(of: inner, group: group, condition: condition)
        }
        return [field] + dependent
    }

    /// Each field once. One that depends on several others stands in the definition below each of them: it is drawn behind the
    /// last, and any of the answers makes it appear.
    fileprivate static func merged(_ all: [Self]) -> [Self] {
        var places: [String: Int] = [:]
        var conditions: [String: [WebForm.Condition]] = [:]
        var isAlwaysThere: Set<String> = []
        for (place, field) in all.enumerated() {
            if field.conditions.isEmpty, isAlwaysThere.insert(field.key).inserted { places[field.key] = place }
            if !isAlwaysThere.contains(field.key) { places[field.key] = place }
            conditions[field.key, default: []] += field.conditions.filter {
                conditions[field.key]?.contains($0) != true
            }
        }
        return all.enumerated().filter { places[$0.element.key] == $0.offset }.map { _, field in
            var field = field
            field.conditions = isAlwaysThere.contains(field.key) ? [] : conditions[field.key] ?? []
            return field
        }
    }

    /// HubSpot gives the limits of numbers and of phone numbers the same names; some definitions have short ones.
    private static func bound(_ validation: JSONValue?, _ end: String) -> Double? {
        for name in ["\(end)AllowedDigits", end] {
            guard case .number? = validation?[name], let bound = validation?[name]?.double, abs(bound) < 1e15
            else { continue }
            return bound
        }
        return nil
    }
}

extension WebForm.Field.Option {
    fileprivate init?(_ document: JSONValue) {
        guard let value = document["value"]?.string else { return nil }
        self.init(
            label: document["label"]?.string ?? value, value: value,
            description: PlainText.of(document["description"]?.string ?? ""))
    }
}

extension WebForm.Condition {
    fileprivate init(_ document: JSONValue?, of field: WebForm.Field) {
        // HubSpot writes every value as text; a number or true, as people write it in a definition, means the same.
        func text(_ name: String) -> String? { document?[name].flatMap(WebForm.Submission.text) }
        let values = document?["values"]?.array?.compactMap(WebForm.Submission.text) ?? []
        self.init(
            objectTypeID: field.objectTypeID, name: field.name, operator: text("operator") ?? "",
            values: values.isEmpty ? [text("value")].compactMap(\.self) : values, from: text("rangeStart") ?? "",
            to: text("rangeEnd") ?? "")
    }
}

extension WebForm.Consent {
    fileprivate init(_ document: JSONValue?) {
        func text(_ name: String) -> String { PlainText.of(document?[name]?.string ?? "") }
        func texts() -> WebForm.ConsentTexts {
            WebForm.ConsentTexts(
                privacyText: text("privacyText"), processText: text("consentToProcessText"),
                processLabel: text("consentToProcessCheckboxLabel"), processFooter: text("consentToProcessFooterText"),
                communicationText: text("communicationConsentText"),
                communications: (document?["communicationsCheckboxes"]?.array ?? []).compactMap { box in
                    guard let id = box["subscriptionTypeId"]?.integer else { return nil }
                    return WebForm.Communication(
                        subscriptionTypeID: id, label: PlainText.of(box["label"]?.string ?? ""),
                        isRequired: box["required"]?.bool ?? false)
                })
        }
        switch document?["type"]?.string {
        case "legitimate_interest":
            self = .legitimateInterest(
                basis: document?["lawfulBasis"]?.string ?? "other",
                subscriptionTypeIDs: (document?["subscriptionTypeIds"]?.array ?? []).compactMap(\.integer),
                text: text("privacyText"))
        case "explicit_consent_to_process": self = .explicit(texts())
        case "implicit_consent_to_process": self = .implicit(texts())
        default: self = .none
        }
    }
}
