/// What is left of the quota, as `hubspot.limits.state()` shows it.
public struct LimitsState: Sendable, Equatable {
    /// A rolling window. Counts are infinite where there is no limit.
    public struct Window: Sendable, Equatable {
        public var limit: Double
        public var used: Double
        public var remaining: Double
        /// The window's length.
        public var window: Duration
        /// Until the window is free altogether, if nothing more is sent.
        public var resetsIn: Duration
        /// How long it is closed: HubSpot refused a call with 429, and nothing is sent before. Nil where it is open.
        public var closedFor: Duration?
        /// When it opens again: ISO 8601, in UTC.
        public var opensAt: String?
    }

    /// A window and what it is called.
    public var windows: [(lane: Lane, window: Window)] {
        [(.burst, burst), (.search, search), (.associations, associations), (.forms, forms)]
    }

    /// The account's day. Counts are infinite where there is no limit, and nil until the limit is known.
    public struct Day: Sendable, Equatable {
        public var limit: Double?
        /// By HubSpot's headers; until one told, what was counted here.
        public var used: Double
        public var remaining: Double?
        /// ISO 8601, in UTC; nil until known.
        public var resetsAt: String?
    }

    public struct Queue: Sendable, Equatable {
        public var waiting: Int
        public var inFlight: Int
    }

    /// Of this process.
    public typealias Totals = QuotaTotals

    public enum Source: String, Sendable {
        case headers, option, profile, `default`
    }

    public typealias StoreKind = QuotaStoreKind

    /// What bulk work leaves of the burst window to the consoles that are open.
    public struct Console: Sendable, Equatable {
        /// Consoles that are open, in any process that shares the store.
        public var open = 0
        /// Places that bulk work never takes, and which part of the window that is: what it costs bulk work in the long
        /// run. In its first window it also waits longer for its last places, since they are spread over the window.
        public var kept = 0
        public var cost = 0.0
    }

    public var burst: Window
    public var search: Window
    public var associations: Window
    public var forms: Window
    public var daily: Day
    public var queue: Queue
    public var totals: Totals
    public var source: Source
    public var store: StoreKind
    public var console = Console()
}
