@testable import Quota

/// Four windows such as a server may have: one that most requests fall under, one that is the account's, one beside it,
/// and one with a bound on what is unanswered.
extension Lane {
    static let burst = Lane(0, "burst", standard: .limited(count: 100, per: .seconds(10)))
    static let search = Lane(1, "search", scope: .account, standard: .limited(count: 5, per: .seconds(1)))
    static let associations = Lane(2, "associations", standard: .limited(count: 100, per: .seconds(10)))
    static let forms = Lane(3, "forms", standard: .limited(count: 50, per: .seconds(10)), maximumUnanswered: 5)

    static let allCases = QuotaLayout.testing.lanes
}

extension QuotaLayout {
    static let testing = QuotaLayout([.burst, .search, .associations, .forms], primary: .burst)
}

extension LaneSet {
    static let burst = LaneSet(.burst)
    static let search = LaneSet(.search)
    static let associations = LaneSet(.associations)
    static let forms = LaneSet(.forms)

    var windows: [Lane] { QuotaLayout.testing.windows(self) }
}

extension QuotaRules {
    /// - Parameter limits: As people spell them; nil: nothing is known beforehand.
    static func testing(_ limits: String? = nil, reserve: Double = 0) throws -> QuotaRules {
        let unlimited = QuotaSpecification(
            windows: Dictionary(uniqueKeysWithValues: Lane.allCases.map { ($0, .unlimited) }), daily: .unlimited)
        let professional = QuotaSpecification(
            windows: [.burst: .limited(count: 190, per: .seconds(10))], daily: .limited(625_000))
        let given = try limits.map {
            try QuotaSpecification(
                parsing: $0, .testing, tiers: [("professional", professional), ("unlimited", unlimited)])
        }
        return QuotaRules(.testing, configured: given ?? QuotaSpecification(), reserve: reserve)
    }
}

extension WaitReason {
    static func console(limit: Int, kept: Int) -> WaitReason { .console(.burst, limit: limit, kept: kept) }
}

/// The error that a call throws; nil where it succeeds.
func failure<Value>(_ body: () async throws -> Value) async -> QuotaError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? QuotaError
    }
}
