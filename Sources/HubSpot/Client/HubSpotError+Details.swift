import JSON

extension HubSpotError {
    /// One of the things that HubSpot says is wrong.
    public struct Detail: Sendable, Hashable {
        public let message: String
        /// The property or the form's field that it is about, where HubSpot names one.
        public let field: String?
        /// HubSpot's word for it: `PROPERTY_DOESNT_EXIST`, `INVALID_EMAIL`.
        public let code: String?
    }

    /// What HubSpot says is wrong, one by one; empty where it says so in ``message`` alone.
    public var details: [Detail] {
        errors.compactMap { error in
            guard let message = error["message"]?.string else { return nil }
            let field = error["field"]?.string ?? error["context"]?["propertyName"]?.array?.first?.string
            return Detail(message: message, field: field, code: (error["code"] ?? error["errorType"])?.string)
        }
    }
}
