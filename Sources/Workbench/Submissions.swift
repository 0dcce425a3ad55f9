import JSON
package import WebForms

/// A submission as it came over the wire.
package struct ArrivedSubmission: Sendable {
    /// Where it came from.
    package enum Sender: String, Sendable { case page, site }

    package var sender: Sender
    /// As it was asked for, with the host.
    package var address: String
    package var portalID: String
    package var formID: String
    /// By the endpoint that asks for a token.
    package var isSecure: Bool
    /// In the order in which they came, with what is secret in them.
    package var headers: [HeaderLine]
    package var body: [UInt8]

    package init(
        sender: Sender, address: String, portalID: String, formID: String, isSecure: Bool, headers: [HeaderLine],
        body: [UInt8]
    ) {
        self.sender = sender
        self.address = address
        self.portalID = portalID
        self.formID = formID
        self.isSecure = isSecure
        self.headers = headers
        self.body = body
    }
}

package struct SubmissionAnswer: Sendable {
    package var status: Int
    package var headers: [HeaderLine]
    package var body: [UInt8]

    package init(_ status: Int, _ headers: [HeaderLine] = [], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package init(_ refusal: WebForm.Refusal, correlationID: String) {
        self = .json(refusal.status, refusal.body(correlationID: correlationID), correlationID: correlationID)
    }

    static func json(_ status: Int, _ body: JSONValue, correlationID: String) -> SubmissionAnswer {
        SubmissionAnswer(
            status,
            [
                HeaderLine("Content-Type", "application/json;charset=utf-8"),
                HeaderLine("X-HubSpot-Correlation-Id", correlationID),
            ], body: body.bytes)
    }

    package var isAccepted: Bool { 200..<300 ~= status }
}

package struct HeaderLine: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
