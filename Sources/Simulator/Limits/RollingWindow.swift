/// A sliding log: at most `limit` admissions in any half-open window of `length` microseconds. A nil limit admits
/// everything and keeps only the count for the peak.
struct RollingWindow: Sendable {
    let limit: Int?
    /// Microseconds.
    let length: Int64
    /// The most admissions that any window has held.
    private(set) var peak = 0

    // Admission times in order; those before `head` have left the window.
    private var log: [Int64] = []
    private var head = 0

    /// - Parameter unlimitedLength: The window in which a lane without a limit counts its peak.
    init(_ window: SimulatorQuota.Window?, unlimitedLength: Duration) {
        limit = window?.limit
        length = (window?.length ?? unlimitedLength).microseconds
    }

    /// How many admissions the window that ends at `now` holds.
    mutating func count(at now: Int64) -> Int {
        while head < log.count, log[head] <= now - length { head += 1 }
        if head > 1024, head * 2 > log.count {
            log.removeFirst(head)
            head = 0
        }
        return log.count - head
    }

    mutating func hasRoom(at now: Int64) -> Bool {
        guard let limit else { return true }
        return count(at: now) < limit
    }

    /// Counts one request. The caller has asked ``hasRoom(at:)`` for the same time.
    mutating func record(at now: Int64) {
        log.append(now)
        peak = max(peak, count(at: now))
    }

    mutating func remaining(at now: Int64) -> Int? {
        guard let limit else { return nil }
        return max(0, limit - count(at: now))
    }

    /// Admissions in the last second.
    func countOfLastSecond(at now: Int64) -> Int {
        var count = 0
        for time in log[head...].reversed() {
            if time <= now - 1_000_000 { break }
            count += 1
        }
        return count
    }
}
