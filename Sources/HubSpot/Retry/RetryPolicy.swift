/// Decides whether a failed request is sent again. The caller owns the clock and the dice.
struct RetryPolicy: Sendable {
    /// Tries in all.
    var maximumAttempts = 5
    /// The wait after the first lost connection or 5xx, before jitter; doubled each time.
    var base: Duration = .milliseconds(500)

    /// - Parameters:
    ///   - attempt: How many tries there were, from 1.
    ///   - jitter: In 0..<1.
    /// - Returns: How long to wait before the next try, or nil to give up.
    func delay(
        after error: HubSpotError, attempt: Int, repetition: RequestRules.Repetition, appends: Bool, jitter: Double
    ) -> Duration? {
        guard attempt < maximumAttempts else { return nil }
        let grown = base * (1 << (attempt - 1)) * (0.5 + jitter / 2)
        // Refused before anything was done: every method may come again.
        switch (error.kind, error.status) {
        case (.rateLimited, _): return (error.retryAfter ?? .seconds(10)) + grown
        case (.unavailable, 423): return max(.seconds(2), error.retryAfter ?? .zero) + grown
        case (.unavailable, 477):
            guard let wait = error.retryAfter, wait <= .seconds(60) else { return nil }
            return wait + grown
        default: break
        }
        let mayRepeat =
            switch repetition {
            case .reading: true
            case .settingState: !appends
            case .never: false
            }
        switch error.kind {
        case .network where !error.fateIsUnknown && error.isWorthRepeating: return grown
        case .network, .timeout: return mayRepeat && error.isWorthRepeating ? grown : nil
        case .unavailable:
            guard mayRepeat, let status = error.status, (500...599).contains(status) else { return nil }
            return max(grown, error.retryAfter.map { min($0, .seconds(60)) } ?? .zero)
        default: return nil
        }
    }
}
