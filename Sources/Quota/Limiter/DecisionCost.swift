/// How long the limiter's store takes for its decisions, in this process.
struct DecisionCost: Sendable {
    /// Newest last; enough for a median.
    private var samples: [Duration] = []
    private var next = 0
    private(set) var count = 0

    private static let kept = 4096

    mutating func add(_ duration: Duration) {
        count += 1
        if samples.count < Self.kept { samples.append(duration) } else { samples[next] = duration }
        next = (next + 1) % Self.kept
    }

    /// Of the newest ones; nil where there are none.
    var median: Duration? { samples.isEmpty ? nil : samples.sorted()[samples.count / 2] }
    /// The cost that one in a hundred exceeds.
    var slow: Duration? { samples.isEmpty ? nil : samples.sorted()[samples.count * 99 / 100] }

    /// Runs `body` and counts how long it takes.
    static func timed<Value>(_ body: () async throws(QuotaError) -> Value) async -> (
        Result<Value, QuotaError>, Duration
    ) {
        let begun = ContinuousClock.now
        let result: Result<Value, QuotaError>
        do throws(QuotaError) { result = .success(try await body()) } catch { result = .failure(error) }
        return (result, ContinuousClock.now - begun)
    }
}

extension DecisionCost: CustomStringConvertible {
    var description: String {
        func words(_ duration: Duration?) -> String { duration.map { "\($0.nanoseconds / 1000) us" } ?? "-" }
        return "\(words(median)) for the median decision, \(words(slow)) for one in a hundred, \(count) decisions"
    }
}
