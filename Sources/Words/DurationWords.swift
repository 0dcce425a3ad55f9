/// Durations as people read them. None of these fails on a duration of any length.
extension Duration {
    /// Seconds, with the fraction as far as floating point keeps it.
    public var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }

    /// Within a sentence, to the precision that matters: `80 ms`, `0.5 s`, `10 s`, `2 min`.
    public var words: String {
        let milliseconds = (inSeconds * 1000).rounded(.towardZero)
        guard abs(milliseconds) < 1e15 else { return "\(inSeconds) s" }
        let whole = Int64(milliseconds)
        if whole % 60_000 == 0, whole >= 120_000 { return "\(whole / 60_000) min" }
        if whole % 1000 == 0 || whole >= 10_000 { return "\((whole + 500) / 1000) s" }
        let tenths = (whole + 50) / 100
        return tenths == 0 ? "\(whole) ms" : "\(tenths / 10).\(tenths % 10) s"
    }

    /// In a table, as an option takes it: `0.4s`, `10s`, `2m 5s`, `3h 10m`.
    public var compact: String {
        let seconds = inSeconds
        guard abs(seconds) < 1e15 else { return "\(seconds)s" }
        if seconds < 10, seconds != seconds.rounded() {
            let tenths = Int64((seconds * 10).rounded(.up))
            return tenths % 10 == 0 ? "\(tenths / 10)s" : "\(tenths / 10).\(tenths % 10)s"
        }
        return Self.parts(Int64(seconds.rounded()), ("s", "m", "h"), skipsZero: true)
    }

    /// The rest of a wait, in whole seconds and rounded up, so that it ends at 1: `7 s`, `2 min 5 s`, `3 h 10 min`.
    public var countdown: String {
        let seconds = inSeconds.rounded(.up)
        guard seconds < 1e15 else { return "\(seconds) s" }
        return Self.parts(max(1, Int64(seconds)), (" s", " min", " h"), skipsZero: false)
    }

    private static func parts(
        _ seconds: Int64, _ units: (second: String, minute: String, hour: String), skipsZero: Bool
    ) -> String {
        let large: String
        let rest: (count: Int64, unit: String)
        switch seconds {
        case ..<120: return "\(seconds)\(units.second)"
        case ..<7_200: (large, rest) = ("\(seconds / 60)\(units.minute)", (seconds % 60, units.second))
        default: (large, rest) = ("\(seconds / 3_600)\(units.hour)", (seconds % 3_600 / 60, units.minute))
        }
        return rest.count == 0 && skipsZero ? large : "\(large) \(rest.count)\(rest.unit)"
    }
}
