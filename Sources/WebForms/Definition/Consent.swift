package import JSON

extension WebForm {
    /// What a form asks the visitor to agree to.
    package enum Consent: Sendable, Equatable {
        case none
        /// - Parameter basis: `lead`, `client` or `other`.
        case legitimateInterest(basis: String, subscriptionTypeIDs: [Int64], text: String)
        /// The visitor ticks a box for the processing, and one for each subscription that is required.
        case explicit(ConsentTexts)
        /// Sending the form is the consent to the processing.
        case implicit(ConsentTexts)

        /// HubSpot's name for it.
        package var type: String {
            switch self {
            case .none: "none"
            case .legitimateInterest: "legitimate_interest"
            case .explicit: "explicit_consent_to_process"
            case .implicit: "implicit_consent_to_process"
            }
        }

        /// What a submission states in other words than the form, since HubSpot takes none or the form has none.
        package var substitutes: [String] {
            var said: [String] = []
            switch self {
            case .none: break
            case .legitimateInterest(let basis, let subscriptions, let text):
                if !["lead", "client"].contains(basis.lowercased()) {
                    said.append(
                        "The form's legal basis is of another kind, and submissions know two: CUSTOMER stands for it.")
                }
                if subscriptions.count > 1 {
                    said.append(
                        "The form has \(subscriptions.count) subscription types, and a submission states one: \(subscriptions[0])."
                    )
                }
                if text.isEmpty {
                    said.append(
                        "The form has no text of its legal basis, and a submission must: “Legitimate interest” stands for it."
                    )
                }
            case .explicit(let texts), .implicit(let texts):
                if [texts.processText, texts.processLabel, texts.privacyText].allSatisfy(\.isEmpty) {
                    said.append(
                        "The form has no text of the consent to the processing, and a submission must: “I agree.” stands for it."
                    )
                }
                if texts.communications.contains(where: \.label.isEmpty) {
                    said.append(
                        "A subscription of the form has no text, and a submission must: “I agree.” stands for it.")
                }
            }
            return said
        }

        package var texts: ConsentTexts? {
            switch self {
            case .explicit(let texts), .implicit(let texts): texts
            case .none, .legitimateInterest: nil
            }
        }
    }

    package struct ConsentTexts: Sendable, Equatable {
        package var privacyText = ""
        package var processText = ""
        /// Of the box for the processing.
        package var processLabel = ""
        package var processFooter = ""
        package var communicationText = ""
        package var communications: [Communication] = []

        /// What is recorded as the text that the visitor agreed to.
        package var agreedText: String {
            [processText, processLabel, privacyText].first { !$0.isEmpty } ?? "I agree."
        }
    }

    /// A subscription that the visitor may agree to.
    package struct Communication: Sendable, Equatable {
        package var subscriptionTypeID: Int64
        package var label: String
        package var isRequired: Bool
    }

    /// `legalConsentOptions` of a submission, with what the visitor agreed to; nil for a form that asks for nothing.
    package func consentOptions(processing: Bool, communications: Set<Int64>) -> JSONValue? {
        switch consent {
        case .none: return nil
        case .legitimateInterest(let basis, let subscriptions, let text):
            return .object([
                "legitimateInterest": .object([
                    "value": true, "subscriptionTypeId": subscriptions.first.map { .integer($0) },
                    "legalBasis": basis.lowercased() == "lead" ? "LEAD" : "CUSTOMER",
                    "text": .string(text.isEmpty ? "Legitimate interest" : text),
                ])
            ])
        case .explicit(let texts), .implicit(let texts):
            let boxes = texts.communications.map { communication -> JSONValue in
                .object([
                    "value": .bool(communications.contains(communication.subscriptionTypeID)),
                    "subscriptionTypeId": .integer(communication.subscriptionTypeID),
                    "text": .string(communication.label.isEmpty ? "I agree." : communication.label),
                ])
            }
            return .object([
                "consent": .object([
                    "consentToProcess": .bool(processing), "text": .string(texts.agreedText),
                    "communications": .array(boxes),
                ])
            ])
        }
    }

    /// The same with everything agreed to.
    package var everythingAgreed: JSONValue? {
        consentOptions(
            processing: true, communications: Set((consent.texts?.communications ?? []).map(\.subscriptionTypeID)))
    }
}
