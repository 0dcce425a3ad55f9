/// How many requests a window admits.
package enum Allowance: Sendable, Hashable {
    case unlimited
    /// At most `count` arrivals in any rolling window of that length.
    case limited(count: Int, per: Duration)
}

/// As a specification spells it: `190/10s`.
extension Allowance: CustomStringConvertible {
    package var description: String {
        guard case .limited(let count, let window) = self else { return "unlimited" }
        let milliseconds = Int64((window / .milliseconds(1)).rounded())
        return "\(count)/" + (milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms")
    }
}

extension Allowance {
    /// By rate; of two equal rates, neither.
    func isStricter(than other: Allowance) -> Bool {
        switch (self, other) {
        case (.unlimited, _): false
        case (.limited, .unlimited): true
        case (.limited(let a, let v), .limited(let b, let w)):
            Double(a) * (w / .seconds(1)) < Double(b) * (v / .seconds(1))
        }
    }
}

/// How many requests a day admits.
package enum DailyAllowance: Sendable, Hashable {
    case unlimited
    case limited(Int)
}
