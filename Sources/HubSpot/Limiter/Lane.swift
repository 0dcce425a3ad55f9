/// A rolling window that HubSpot counts by itself.
public enum Lane: Int, Sendable, CaseIterable, CustomStringConvertible {
    /// The app's requests: 100 to 250 per 10 s.
    case burst
    /// CRM search: 5 per second for the whole account, exempt from the burst window.
    case search
    /// Associations between two types: exempt from the burst window likewise.
    case associations
    /// Form submissions. Ten 429s within one second get the sender's address blocked for a minute.
    case forms

    public var description: String {
        switch self {
        case .burst: "burst"
        case .search: "search"
        case .associations: "associations"
        case .forms: "forms"
        }
    }

    /// What the lane admits where nothing else is known (source: HubSpot's usage guidelines).
    var standard: Allowance {
        switch self {
        case .burst, .associations: .limited(count: 100, per: .seconds(10))
        case .search: .limited(count: 5, per: .seconds(1))
        case .forms: .limited(count: 50, per: .seconds(10))
        }
    }

    /// How many requests may be unanswered at a time: with five forms in flight, ten 429s in a second cannot happen.
    var maximumUnanswered: Int { self == .forms ? 5 : .max }
}

/// The lanes that a request takes a permit in.
public struct LaneSet: OptionSet, Sendable, Hashable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let burst = LaneSet(.burst)
    public static let search = LaneSet(.search)
    public static let associations = LaneSet(.associations)
    public static let forms = LaneSet(.forms)
    /// The account's day.
    public static let day = LaneSet(rawValue: 1 << 8)

    public init(_ lane: Lane) { self.init(rawValue: 1 << lane.rawValue) }

    /// The rolling windows among them.
    var windows: [Lane] {
        Lane.allCases.filter { contains(LaneSet($0)) }
    }
}
