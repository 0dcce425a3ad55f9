/// The answer that an error was made of.
package struct RefusingAnswer: Sendable, Equatable {
    package var status: Int
    package var body: [UInt8]
    /// Names in lower case.
    private var headers: [String: String] = [:]

    init(_ response: APIResponse) {
        status = response.status
        body = response.body
        for name in ["content-type", "x-hubspot-correlation-id", "retry-after"] {
            headers[name] = response.header(name)
        }
    }

    /// Of what kind it is, HubSpot's id of the call, and when to try again.
    /// - Parameter name: In lower case.
    package func header(_ name: String) -> String? { headers[name] }
}
