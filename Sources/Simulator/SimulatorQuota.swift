/// How many requests the simulated account allows. A lane that is nil is not limited.
public struct SimulatorQuota: Sendable, Equatable {
    /// At most `limit` requests in any rolling window of `length`.
    public struct Window: Sendable, Equatable {
        public var limit: Int
        public var length: Duration

        public init(_ limit: Int, per length: Duration) {
            self.limit = limit
            self.length = length
        }
    }

    /// Ordinary calls, for each token.
    public var burst: Window?
    /// Ordinary calls of an OAuth app, for the installing account.
    public var oauth: Window?
    /// Searches, for the account.
    public var search: Window?
    /// Association calls, for each token.
    public var associations: Window?
    /// Form submissions without authentication, for each sender's address.
    public var forms: Window?
    /// Form submissions with authentication, for each token.
    public var secureForms: Window?
    /// Calls between two midnights of the portal's time zone, for the account.
    public var daily: Int?

    // The numbers: HubSpot's API usage guidelines, the associations v4 guide and the form submission pages.
    private init(burst: Int, daily: Int, associations: Int, secureForms: Int) {
        self.burst = Window(burst, per: .seconds(10))
        self.oauth = Window(110, per: .seconds(10))
        self.search = Window(5, per: .seconds(1))
        self.associations = Window(associations, per: .seconds(10))
        self.forms = Window(50, per: .seconds(10))
        self.secureForms = Window(secureForms, per: .seconds(10))
        self.daily = daily
    }

    public static let free = SimulatorQuota(burst: 100, daily: 250_000, associations: 100, secureForms: 100)
    public static let starter = free
    public static let professional = SimulatorQuota(burst: 190, daily: 625_000, associations: 150, secureForms: 150)
    public static let enterprise = SimulatorQuota(burst: 190, daily: 1_000_000, associations: 150, secureForms: 150)
    /// Enterprise with one API limit increase.
    public static let addOn = SimulatorQuota(burst: 250, daily: 2_000_000, associations: 200, secureForms: 200)
    /// No limit in any lane.
    public static let unlimited: SimulatorQuota = {
        var quota = free
        (quota.burst, quota.search, quota.associations, quota.forms) = (nil, nil, nil, nil)
        (quota.secureForms, quota.daily, quota.oauth) = (nil, nil, nil)
        return quota
    }()

    public static let tierNames = ["free", "starter", "professional", "enterprise", "add-on", "unlimited"]

    /// The quota of a tier by its name in ``tierNames``.
    public static func tier(_ name: String) throws(SimulatorOptionError) -> SimulatorQuota {
        switch name {
        case "free": free
        case "starter": starter
        case "professional": professional
        case "enterprise": enterprise
        case "add-on": addOn
        case "unlimited": unlimited
        default:
            throw SimulatorOptionError("unknown tier '\(name)': one of \(tierNames.joined(separator: ", ")) expected")
        }
    }

    /// Reads a tier's name, or limits spelled out: `190/10s,625000/day,search=5/s,associations=100/10s,forms=50/10s`.
    /// Parts that are left out are as in ``professional``; `forms` sets both submission endpoints.
    public init(parsing text: String) throws(SimulatorOptionError) {
        if Self.tierNames.contains(text) {
            self = try Self.tier(text)
            return
        }
        self = .professional
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            try read(part.trimmed, of: text)
        }
    }

    private mutating func read(_ part: String, of text: String) throws(SimulatorOptionError) {
        func refuse(_ reason: String) -> SimulatorOptionError {
            SimulatorOptionError(
                "limits '\(text)': \(reason) (a tier, or parts like 190/10s, 625000/day, search=5/s, "
                    + "associations=100/10s, forms=50/10s)")
        }
        let pieces = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let lane = pieces.count == 2 ? pieces[0].trimmed : "burst"
        guard let slash = pieces[pieces.count - 1].firstIndex(of: "/") else { throw refuse("'\(part)' has no '/'") }
        let amount = pieces[pieces.count - 1][..<slash].trimmed
        let span = pieces[pieces.count - 1][pieces[pieces.count - 1].index(after: slash)...].trimmed
        guard let limit = Int(amount), limit > 0 else { throw refuse("'\(amount)' is no whole number above zero") }
        if span == "day" || span == "d" {
            guard lane == "burst" || lane == "daily" else { throw refuse("'\(part)': only the whole is per day") }
            daily = limit
            return
        }
        guard let length = Duration(parsing: span, unitAloneCounts: true), length > .zero else {
            throw refuse("'\(span)' is no duration")
        }
        let window = Window(limit, per: length)
        switch lane {
        case "burst": burst = window
        case "search": search = window
        case "associations": associations = window
        case "forms": (forms, secureForms) = (window, window)
        default: throw refuse("unknown lane '\(lane)'")
        }
    }
}
