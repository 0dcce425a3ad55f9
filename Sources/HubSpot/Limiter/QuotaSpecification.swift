/// How many requests a window admits.
public enum Allowance: Sendable, Hashable {
    case unlimited
    /// At most `count` arrivals in any rolling window of that length.
    case limited(count: Int, per: Duration)
}

/// As `--limits` spells it: `190/10s`.
extension Allowance: CustomStringConvertible {
    public var description: String {
        guard case .limited(let count, let window) = self else { return "unlimited" }
        let milliseconds = Int64((window / .milliseconds(1)).rounded())
        return "\(count)/" + (milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms")
    }
}

/// How many requests a day admits.
public enum DailyAllowance: Sendable, Hashable {
    case unlimited
    case limited(Int)
}

/// A quota as `--limits` spells it: `professional`, or `190/10s,625000/day,search=5/s,associations=100/10s,forms=50/10s`
/// with any part left out.
public struct QuotaSpecification: Sendable, Equatable {
    public var burst: Allowance?
    public var daily: DailyAllowance?
    public var search: Allowance?
    public var associations: Allowance?
    public var forms: Allowance?

    public init(
        burst: Allowance? = nil, daily: DailyAllowance? = nil, search: Allowance? = nil, associations: Allowance? = nil,
        forms: Allowance? = nil
    ) {
        self.burst = burst
        self.daily = daily
        self.search = search
        self.associations = associations
        self.forms = forms
    }

    /// The names of HubSpot's tiers (source: "API usage guidelines and limits").
    public static let tiers: [(name: String, quota: QuotaSpecification)] = [
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

    private static func tier(_ burst: Int, day: Int, associations: Int) -> QuotaSpecification {
        QuotaSpecification(
            burst: .limited(count: burst, per: .seconds(10)), daily: .limited(day),
            search: .limited(count: 5, per: .seconds(1)),
            associations: .limited(count: associations, per: .seconds(10)),
            forms: .limited(count: 50, per: .seconds(10)))
    }

    public init(_ text: some StringProtocol) throws(ConfigurationError) {
        self.init()
        var seen: Set<String> = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let part = String(item.filter { !$0.isWhitespace }).lowercased()
            func refuse(_ reason: String) -> ConfigurationError {
                ConfigurationError(
                    "limits: '\(item)' \(reason); write a tier (\(Self.tiers.map(\.name).joined(separator: ", "))) or parts like 190/10s,625000/day,search=5/s"
                )
            }
            if let tier = Self.tiers.first(where: { $0.name == part }) {
                guard seen.isEmpty else { throw refuse("must come first") }
                self = tier.quota
                seen.insert("tier")
                continue
            }
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = sides[sides.count - 1]
            if sides.count == 1, value.hasSuffix("/day") || value.hasSuffix("/d") {
                guard let count = Self.count(value.prefix(while: { $0 != "/" })) else { throw refuse("has no count") }
                guard seen.insert("day").inserted else { throw refuse("says the day twice") }
                daily = .limited(count)
                continue
            }
            let name = sides.count == 2 ? String(sides[0]) : "burst"
            if name == "day" || name == "daily" {
                guard value == "unlimited" else { throw refuse("is no day's limit, which is like 625000/day") }
                guard seen.insert("day").inserted else { throw refuse("says the day twice") }
                daily = .unlimited
                continue
            }
            guard let allowance = Self.allowance(value) else { throw refuse("is no limit, which is like 190/10s") }
            guard seen.insert(name).inserted else { throw refuse("says \(name) twice") }
            switch name {
            case "burst": burst = allowance
            case "search": search = allowance
            case "associations": associations = allowance
            case "forms": forms = allowance
            default: throw refuse("names no lane; they are burst, search, associations, forms and day")
            }
        }
    }

    private static func count(_ text: some StringProtocol) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(text),
            (1...1_000_000_000).contains(count)
        else { return nil }
        return count
    }

    /// `190/10s`, `5/s`, `20/500ms`, `1000/1m`, `unlimited`.
    private static func allowance(_ text: Substring) -> Allowance? {
        if text == "unlimited" { return .unlimited }
        let sides = text.split(separator: "/", omittingEmptySubsequences: false)
        guard sides.count == 2, let count = count(sides[0]) else { return nil }
        let digits = sides[1].prefix { $0.isASCII && $0.isNumber }
        guard let number = digits.isEmpty ? 1 : Self.count(digits) else { return nil }
        let window: Duration
        switch sides[1].dropFirst(digits.count) {
        case "ms": window = .milliseconds(number)
        case "s": window = .seconds(number)
        case "m": window = .seconds(number * 60)
        case "h": window = .seconds(number * 3600)
        default: return nil
        }
        guard window <= .seconds(86_400) else { return nil }
        return .limited(count: count, per: window)
    }
}
