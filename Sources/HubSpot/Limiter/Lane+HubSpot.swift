package import Quota

/// The rolling windows that HubSpot counts.
extension Lane {
    /// The app's requests: 100 to 250 per 10 s.
    package static let burst = Lane(0, "burst", standard: .limited(count: 100, per: .seconds(10)))
    /// CRM search: 5 per second for the whole account, exempt from the burst window.
    package static let search = Lane(1, "search", scope: .account, standard: .limited(count: 5, per: .seconds(1)))
    /// Associations between two types: exempt from the burst window likewise.
    package static let associations = Lane(2, "associations", standard: .limited(count: 100, per: .seconds(10)))
    /// Form submissions. Ten 429s within one second get the sender's address blocked for a minute, which cannot happen
    /// with five in flight.
    package static let forms = Lane(
        3, "forms", standard: .limited(count: 50, per: .seconds(10)), maximumUnanswered: 5)

    /// All of them, in the order in which people read them.
    package static let allCases: [Lane] = QuotaLayout.hubSpot.lanes
}

extension QuotaLayout {
    /// The standard allowance of each lane comes from HubSpot's usage guidelines.
    static let hubSpot = QuotaLayout([.burst, .search, .associations, .forms], primary: .burst)
}

extension LaneSet {
    package static let burst = LaneSet(.burst)
    package static let search = LaneSet(.search)
    package static let associations = LaneSet(.associations)
    package static let forms = LaneSet(.forms)

    /// The rolling windows among them.
    var windows: [Lane] { Lane.allCases.filter { contains($0) } }
}
