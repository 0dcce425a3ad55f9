import Quota

extension HubSpotError {
    /// A limiter's refusal as scripts see it.
    init(_ error: QuotaError, _ wording: (Remedy) -> String = { $0.description }) {
        switch error {
        case .cancelled: self = .cancelled
        case .closed: self.init(.cancelled, "the session is closed")
        case .dayIsOver(let isReserved, let wait):
            let what =
                isReserved
                ? "what is left of the day's quota is kept from bulk work, by the session's reserve"
                : "the account's quota for the day is used up"
            let next =
                wait.map { "it starts anew in \(Self.words($0))" }
                ?? "it starts anew at midnight in the account's time zone"
            self.init(.dailyLimit, "\(what); \(next)", policyName: "DAILY", retryAfter: wait)
        case .neverFree(let count, let limit):
            self = .invalidArgument(
                "\(count) permits never come free at once, the burst limit is \(limit)")
        case .unreachable(let problem):
            self.init(.unavailable, "the quota's store cannot be used: \(problem)", .doWithoutStore, wording)
        }
    }

    private static func words(_ duration: Duration) -> String {
        let minutes = duration.components.seconds / 60
        return minutes < 120 ? "\(minutes + 1) min" : "\(minutes / 60) h"
    }

    /// Runs `body`, which asks the limiter.
    static func ofQuota<Value>(
        _ wording: (Remedy) -> String, _ body: () async throws(QuotaError) -> Value
    ) async throws(HubSpotError) -> Value {
        do throws(QuotaError) { return try await body() } catch { throw HubSpotError(error, wording) }
    }
}
