package import Quota

/// The rest of the quota, as `hubspot.limits.state()` shows it.
package struct LimitsState: Sendable, Equatable {
    /// A rolling window. Counts are infinite where there is no limit.
    package struct Window: Sendable, Equatable {
        package var limit: Double
        package var used: Double
        package var remaining: Double
        /// The window's length.
        package var window: Duration
        /// Until the window is free altogether, if nothing more is sent.
        package var resetsIn: Duration
        /// How long it is closed: HubSpot refused a call with 429, and nothing is sent before. Nil where it is open.
        package var closedFor: Duration?
        /// When it opens again: ISO 8601, in UTC.
        package var opensAt: String?
    }

    /// A window and its name.
    package var windows: [(lane: Lane, window: Window)] {
        [(.burst, burst), (.search, search), (.associations, associations), (.forms, forms)]
    }

    /// The account's day. Counts are infinite where there is no limit, and nil until the limit is known.
    package struct Day: Sendable, Equatable {
        package var limit: Double?
        /// By HubSpot's headers; by the count of this process until one tells it.
        package var used: Double
        package var remaining: Double?
        /// ISO 8601, in UTC; nil until known.
        package var resetsAt: String?
    }

    package struct Queue: Sendable, Equatable {
        package var waiting: Int
        package var inFlight: Int
    }

    /// Of this process.
    package typealias Totals = QuotaTotals

    package enum Source: String, Sendable {
        case headers, option, profile, `default`
    }

    package typealias StoreKind = QuotaStoreKind

    /// The places of the burst window that bulk work leaves to open consoles.
    package struct Console: Sendable, Equatable {
        /// Consoles that are open, in any process that shares the store.
        package var open = 0
        /// Places that bulk work never takes, and which part of the window that is: what it costs bulk work in the long
        /// run. In its first window it also waits longer for its last places, since they are spread over the window.
        package var kept = 0
        package var cost = 0.0
    }

    package var burst: Window
    package var search: Window
    package var associations: Window
    package var forms: Window
    package var daily: Day
    package var queue: Queue
    package var totals: Totals
    package var source: Source
    package var store: StoreKind
    package var console = Console()
}
