import Journal

/// What a run has written is taken back, or made again, by one process at a time: two of them would do it twice.
enum RunClaim {
    /// Takes a run for this process, until that ends, and says where that cannot be.
    /// - Parameter isIdle: Nothing is sent, so that nothing is claimed.
    static func take(_ run: Int64, in journal: Journal, unless isIdle: Bool = false) async -> Bool {
        guard !isIdle else { return true }
        do throws(JournalProblem) {
            guard try await !journal.claim(run) else { return true }
            Output.complain("another process undoes or retries run \(run) right now")
        } catch {
            Output.complain(error.words())
        }
        return false
    }
}
