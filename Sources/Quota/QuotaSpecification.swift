/// A quota as it is known beforehand: any part may be left out.
package struct QuotaSpecification: Sendable, Equatable {
    package var windows: [Lane: Allowance]
    package var daily: DailyAllowance?

    package init(windows: [Lane: Allowance] = [:], daily: DailyAllowance? = nil) {
        self.windows = windows
        self.daily = daily
    }

    package subscript(_ lane: Lane) -> Allowance? {
        get { windows[lane] }
        set { windows[lane] = newValue }
    }

    /// A quota that has a name.
    package typealias Tier = (name: String, quota: QuotaSpecification)

    /// Why a text is no specification. The message names the part and the way to write it.
    package struct Problem: Error, Sendable, Equatable {
        package let message: String
    }

    /// As people spell it: a tier's name, or parts such as `190/10s,625000/day,search=5/s`. A part without a name is
    /// the primary lane's.
    package init(
        parsing text: some StringProtocol, _ layout: QuotaLayout, tiers: [Tier] = []
    ) throws(Problem) {
        self.init()
        var seen: Set<String> = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let part = String(item.filter { !$0.isWhitespace }).lowercased()
            func refuse(_ reason: String) -> Problem {
                let tier = tiers.isEmpty ? "" : "a tier (\(tiers.map(\.name).joined(separator: ", "))) or "
                return Problem(message: "'\(item)' \(reason); write \(tier)parts like 190/10s,625000/day,search=5/s")
            }
            if let tier = tiers.first(where: { $0.name == part }) {
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
            let name = sides.count == 2 ? String(sides[0]) : layout.primary.name
            if name == "day" || name == "daily" {
                guard value == "unlimited" else { throw refuse("is no day's limit, which is like 625000/day") }
                guard seen.insert("day").inserted else { throw refuse("says the day twice") }
                daily = .unlimited
                continue
            }
            guard let allowance = Self.allowance(value) else { throw refuse("is no limit, which is like 190/10s") }
            guard seen.insert(name).inserted else { throw refuse("says \(name) twice") }
            guard let lane = layout.lanes.first(where: { $0.name == name }) else {
                throw refuse("names no lane; they are \(layout.lanes.map(\.name).joined(separator: ", ")) and day")
            }
            windows[lane] = allowance
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

/// A limiter's rules: the windows, their limits as far as known, and the part kept for people.
package struct QuotaRules: Sendable {
    package var layout: QuotaLayout
    package var configured: QuotaSpecification
    /// The share of the day's quota that is kept from bulk work, in 0...1.
    package var reserve: Double

    package init(_ layout: QuotaLayout, configured: QuotaSpecification = QuotaSpecification(), reserve: Double = 0) {
        self.layout = layout
        self.configured = configured
        self.reserve = reserve
    }
}
