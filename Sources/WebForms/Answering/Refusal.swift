package import JSON

extension WebForm {
    /// HubSpot's refusal of a submission, in HubSpot's own words: whatever answers in its place, a simulator or a rehearsal, takes
    /// them from here.
    package struct Refusal: Error, Sendable, Equatable {
        package var status: Int
        package var message: String
        package var category: String?
        /// Each an entry of the answer's `errors`.
        package var problems: [Problem] = []

        package init(status: Int, message: String, category: String? = nil) {
            self.status = status
            self.message = message
            self.category = category
        }

        /// The body of the answer.
        package func body(correlationID: String) -> JSONValue {
            .object([
                "status": "error", "message": .string(message), "correlationId": .string(correlationID),
                "errors": problems.isEmpty
                    ? nil
                    : .array(
                        problems.map { ["message": .string($0.answer), "errorType": .string($0.errorType)] }),
                "category": category.map { .string($0) },
            ])
        }
    }
}

extension WebForm.Refusal {
    /// Nil where the problems are none that HubSpot refuses a submission for.
    package init?(_ problems: [WebForm.Problem]) {
        let refused = problems.filter(\.isRefused)
        guard !refused.isEmpty else { return nil }
        self.init(refused: refused)
    }

    private init(refused problems: [WebForm.Problem]) {
        self.init(status: 400, message: "The request is not valid")
        self.problems = problems
    }

    /// The form has a captcha, so that nothing may be submitted by the API.
    package static func captcha(of form: String) -> Self { Self(refused: [.captcha(of: form)]) }

    /// The portal has no such form, or is another one.
    package static let unknownForm = Self(status: 404, message: "resource not found", category: "OBJECT_NOT_FOUND")

    /// The endpoint that asks for a token got none.
    package static let noCredentials = Self(
        status: 401,
        message:
            "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at "
            + "https://developers.hubspot.com/docs/methods/auth/oauth-overview", category: "INVALID_AUTHENTICATION")

    package static func mediaType(_ type: String) -> Self {
        Self(status: 415, message: "Content-Type \(type) is not supported: application/json expected")
    }

    /// The body is no JSON, or no JSON of the right shape.
    package static func input(_ reason: String, line: Int = 1, column: Int = 2) -> Self {
        Self(
            status: 400, message: "Invalid input JSON on line \(line), column \(column): \(reason)",
            category: "VALIDATION_ERROR")
    }

    package static func missing(_ members: [String]) -> Self {
        Self(
            status: 400,
            message:
                "Invalid input JSON on line 1, column 2. Some required fields were not set: [\(members.joined(separator: ", "))]",
            category: "VALIDATION_ERROR")
    }

    /// 429 of a window or of the day: `TEN_SECONDLY_ROLLING`, `SECONDLY`, `DAILY`.
    package static func rateLimit(of policy: String) -> String { "You have reached your \(policy.lowercased()) limit." }
}

extension WebForm {
    /// HubSpot's answer to a submission that it takes.
    package var acceptance: JSONValue {
        switch afterSubmit {
        case .redirect(let address): ["redirectUri": .string(address)]
        case .message(let html): ["inlineMessage": .string(html.hasPrefix("<") ? html : "<p>\(html)</p>")]
        }
    }
}
