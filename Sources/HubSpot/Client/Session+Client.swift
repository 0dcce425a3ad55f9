extension Session {
    /// Opens a session with a token. Nothing is sent before the first call.
    ///
    /// ```swift
    /// let session = try Session(token: "pat-na1-…")
    /// ```
    ///
    /// - Parameters:
    ///   - token: A private app's token or a service key. It is taken as a person pastes it: white space around it, a leading
    ///     `Bearer ` and quotes are dropped.
    ///   - baseURL: Where HubSpot's API is. A token goes over TLS, or to this machine.
    /// - Throws: kind `unauthenticated` for a text that cannot be a token. The message does not hold it.
    public convenience init(token: String, baseURL: BaseURL = .api) throws(HubSpotError) {
        self.init(SessionConfiguration(credential: FixedCredential(try AccessToken(token)), baseURL: baseURL))
    }

    /// Contacts, which an email address names too.
    public var contacts: Records { objects(.contacts) }
    /// Companies.
    public var companies: Records { objects(.companies) }
    /// Deals.
    public var deals: Records { objects(.deals) }
    /// Tickets.
    public var tickets: Records { objects(.tickets) }

    /// The records of any type, custom objects too.
    public func objects(_ type: ObjectType) -> Records { Records(objects: CRMObjects(type, session: self)) }

    /// Forms and what is sent to them.
    public var forms: Forms { Forms(session: self) }
}

extension ObjectType {
    /// Companies.
    public static let companies = ObjectType("companies")
    /// Deals.
    public static let deals = ObjectType("deals")
    /// Tickets.
    public static let tickets = ObjectType("tickets")
}
