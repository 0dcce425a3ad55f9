import JSON

extension HubSpotError {
    /// An error of a program's own, such as a ``CredentialSource`` throws.
    ///
    /// - Parameter message: What was tried, what happened, what to do next. It holds no secret.
    public init(_ kind: Kind, _ message: String) { self.init(kind, message, status: nil) }

    /// One of the things that HubSpot says is wrong.
    public struct Detail: Sendable, Hashable {
        /// HubSpot's sentence.
        public let message: String
        /// The property or the form's field that it is about, where HubSpot names one.
        public let field: String?
        /// HubSpot's word for it: `PROPERTY_DOESNT_EXIST`, `INVALID_EMAIL`.
        public let code: String?
    }

    /// HubSpot's complaints, one by one; empty where it says so in ``message`` alone.
    public var details: [Detail] {
        errors.compactMap { error in
            guard let message = error["message"]?.string else { return nil }
            let field = error["field"]?.string ?? error["context"]?["propertyName"]?.array?.first?.string
            return Detail(message: message, field: field, code: (error["code"] ?? error["errorType"])?.string)
        }
    }
}
