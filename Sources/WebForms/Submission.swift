package import JSON

extension WebForm {
    /// A visitor's answers, and the page: the body of a submission (source: Submit data to a form).
    package struct Submission: Sendable, Equatable {
        package var fields: [Value]
        /// `{ hutk, pageUri, pageName, pageId, ipAddress, sfdcCampaignId, goToWebinarWebinarKey }`.
        package var context: JSONValue?
        /// Milliseconds since 1970, at most about a month back.
        package var submittedAt: String?
        /// Exactly one of `consent` and `legitimateInterest`.
        package var legalConsentOptions: JSONValue?
        /// Deprecated by HubSpot; left out where nil.
        package var skipValidation: Bool?
        /// With a token and its own quota; else as any browser does, without one.
        package var isSecure: Bool

        package struct Value: Sendable, Equatable {
            /// `0-1` contact, `0-2` company; HubSpot takes a field without one for a contact's.
            package var objectTypeID: String
            package var name: String
            /// Several choices are joined with `;`.
            package var value: String

            package init(objectTypeID: String = "0-1", name: String, value: String) {
                self.objectTypeID = objectTypeID
                self.name = name
                self.value = value
            }
        }

        package init(
            fields: [Value], context: JSONValue? = nil, submittedAt: String? = nil,
            legalConsentOptions: JSONValue? = nil, skipValidation: Bool? = nil, isSecure: Bool = false
        ) {
            self.fields = fields
            self.context = context
            self.submittedAt = submittedAt
            self.legalConsentOptions = legalConsentOptions
            self.skipValidation = skipValidation
            self.isSecure = isSecure
        }

        /// As it is sent.
        package var body: JSONValue {
            .object([
                "submittedAt": submittedAt.map(JSONValue.string),
                "fields": .array(
                    fields.map {
                        [
                            "objectTypeId": .string($0.objectTypeID), "name": .string($0.name),
                            "value": .string($0.value),
                        ]
                    }), "context": context, "legalConsentOptions": legalConsentOptions,
                "skipValidation": skipValidation.map(JSONValue.bool),
            ])
        }

        /// A single value as text.
        static func text(_ value: JSONValue) -> String? {
            switch value {
            case .string(let text), .number(let text): text
            case .bool(let flag): flag ? "true" : "false"
            case .null, .array, .object, .raw: nil
            }
        }
    }
}
