/// Which runs are forgotten. Pure.
public enum Forgetting {
    public static let millisecondsPerDay: Int64 = 86_400_000

    /// The moment before which a run must have begun to be forgotten, in milliseconds since 1970.
    ///
    /// A clock that was set wrong once must not cost the journal: the age counts from the clock or from the latest run
    /// there is, whichever is earlier.
    static func limit(days: Int, now: Int64, latest: Int64?) -> Int64? {
        guard let latest else { return nil }
        return min(now, latest) - Int64(days) * millisecondsPerDay
    }
}
