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

        /// Reads a body as a page makes it; nil where `fields` is no list of objects with names and single values: HubSpot
        /// answers 400 to a list of choices. Members that it does not know are passed over.
        package init?(body: JSONValue, isSecure: Bool) {
            guard let list = body["fields"]?.array else { return nil }
            fields = []
            for entry in list {
                guard let name = entry["name"]?.string, entry["value"]?.array == nil, entry["value"]?.members == nil
                else { return nil }
                fields.append(
                    Value(
                        objectTypeID: entry["objectTypeId"]?.string ?? "0-1", name: name,
                        value: entry["value"].flatMap(Self.text) ?? ""))
            }
            context = Self.present(body["context"])
            submittedAt = body["submittedAt"].flatMap(Self.text)
            legalConsentOptions = Self.present(body["legalConsentOptions"])
            skipValidation = body["skipValidation"]?.bool
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

        private static func present(_ value: JSONValue?) -> JSONValue? { value?.isNull ?? true ? nil : value }

        /// A single value as text.
        static func text(_ value: JSONValue) -> String? {
            switch value {
            case .string(let text), .number(let text): text
            case .bool(let flag): flag ? "true" : "false"
            case .null, .array, .object, .raw: nil
            }
        }
    }

    /// A value that HubSpot would refuse or drop, found before it is sent. The `errorType`s are HubSpot's own (source: Submit
    /// data to a form).
    package struct Problem: Sendable, Equatable {
        /// As HubSpot's errors name it: a field's name, a part of the body such as `context.hutk`; nil where the whole form is
        /// meant.
        package var field: String?
        package var errorType: String
        package var message: String
        /// False where HubSpot accepts the submission all the same: it drops the value, or there is something to know.
        package var isRefused: Bool

        package init(field: String?, errorType: String, message: String, isRefused: Bool = true) {
            self.field = field
            self.errorType = errorType
            self.message = message
            self.isRefused = isRefused
        }
    }
}
