package import Quota

/// A quota of HubSpot's, as `professional` or `190/10s,625000/day,search=5/s,associations=100/10s,forms=50/10s` spells it,
/// with any part left out.
extension QuotaSpecification {
    package init(
        burst: Allowance? = nil, daily: DailyAllowance? = nil, search: Allowance? = nil, associations: Allowance? = nil,
        forms: Allowance? = nil
    ) {
        let given: [Lane: Allowance?] = [.burst: burst, .search: search, .associations: associations, .forms: forms]
        self.init(windows: given.compactMapValues(\.self), daily: daily)
    }

    package var burst: Allowance? { self[.burst] }
    package var search: Allowance? { self[.search] }
    package var associations: Allowance? { self[.associations] }
    package var forms: Allowance? { self[.forms] }

    /// HubSpot's tiers (source: "API usage guidelines and limits").
    package static let tiers: [Tier] = [
        ("free", tier(100, day: 250_000, associations: 100)),
        ("starter", tier(100, day: 250_000, associations: 100)),
        ("professional", tier(190, day: 625_000, associations: 150)),
        ("enterprise", tier(190, day: 1_000_000, associations: 150)),
        ("add-on", tier(250, day: 2_000_000, associations: 200)),
        (
            "unlimited",
            QuotaSpecification(
                burst: .unlimited, daily: .unlimited, search: .unlimited, associations: .unlimited, forms: .unlimited)
        ),
    ]

    /// The tier that has these limits; nil where none has, such as those of OAuth apps. The two that are alike are named
    /// together.
    package static func tierName(burst: Double, daily: Double?) -> String? {
        let names = tiers.filter { tier in
            guard case .limited(let count, _)? = tier.quota.burst, case .limited(let day)? = tier.quota.daily else {
                return false
            }
            return Double(count) == burst && (daily == nil || Double(day) == daily)
        }.map(\.name)
        return names.isEmpty ? nil : names.joined(separator: " or ")
    }

    private static func tier(_ burst: Int, day: Int, associations: Int) -> QuotaSpecification {
        QuotaSpecification(
            burst: .limited(count: burst, per: .seconds(10)), daily: .limited(day),
            search: .limited(count: 5, per: .seconds(1)),
            associations: .limited(count: associations, per: .seconds(10)),
            forms: .limited(count: 50, per: .seconds(10)))
    }

    package init(_ text: some StringProtocol) throws(ConfigurationError) {
        do throws(Problem) { try self.init(parsing: text, .hubSpot, tiers: Self.tiers) } catch {
            throw ConfigurationError("limits: \(error.message)")
        }
    }
}
