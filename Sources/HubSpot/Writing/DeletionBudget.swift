import Synchronization

/// How many deletions, archivals, unlinks and merges a session may still send: each is counted before it is sent, so that
/// calls which run at the same time share it exactly.
package final class DeletionBudget: Sendable {
    private let limit: Int
    private let left: Mutex<Int>

    package init(_ limit: Int) {
        self.limit = limit
        left = Mutex(limit)
    }

    /// Takes as many as are left, up to `count`.
    func take(atMost count: Int) -> Int {
        left.withLock { left in
            let taken = min(left, count)
            left -= taken
            return taken
        }
    }

    /// Takes all, or none.
    /// - Throws: kind `not_allowed`.
    func take(
        _ effect: WriteEffect, wording: (HubSpotError.Remedy) -> String
    ) throws(HubSpotError) {
        let isTaken = left.withLock { left in
            guard effect.records <= left else { return false }
            left -= effect.records
            return true
        }
        guard isTaken else { throw refusal(effect, wording) }
    }

    func refusal(_ effect: WriteEffect, _ wording: (HubSpotError.Remedy) -> String) -> HubSpotError {
        HubSpotError(
            .notAllowed,
            "to \(effect.words) would be more than the \(limit) deletions, unlinks and merges that this run may make",
            .allowDeletions, wording)
    }
}
