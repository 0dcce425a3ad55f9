/// The requests that a limiter has let through so far.
package struct QuotaTotals: Sendable, Equatable {
    /// Requests sent, repetitions included.
    package var requests = 0
    /// Records that they carried.
    package var records = 0
    /// Calls of batch endpoints.
    package var batches = 0
    package var retries = 0
    /// Answers with status 429.
    package var throttled = 0
    /// Time that calls spent waiting for the quota or for another try.
    package var waitSeconds = 0.0

    package init() {}
}
