/// The requests that a limiter has let through so far.
public struct QuotaTotals: Sendable, Equatable {
    /// Requests sent, repetitions included.
    public var requests = 0
    /// Records that they carried.
    public var records = 0
    /// Calls of batch endpoints.
    public var batches = 0
    public var retries = 0
    /// Answers with status 429.
    public var throttled = 0
    /// Time that calls spent waiting for the quota or for another try.
    public var waitSeconds = 0.0

    public init() {}
}
