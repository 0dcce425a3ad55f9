extension SessionConfiguration {
    /// The limiter that is asked for. Nothing is opened before its first use.
    func makeLimiter(token: FetchOnce<AccessToken>) -> Limiter {
        let rules = QuotaRules(.hubSpot, configured: quota ?? QuotaSpecification(), reserve: reserve)
        let identity = QuotaIdentity(accountID: portalID, server: baseURL == .api ? nil : baseURL.description) {
            [credential] in credential == nil ? nil : try? await token.value().bytes
        }
        let store = store.open(
            rules, identity: identity, isRequired: storeIsRequired, clock: clock, logger: logger,
            advice: storeAdvice)
        return Limiter(
            store: store, clock: clock, executor: executor, concurrency: concurrency, logger: logger, program: program)
    }
}
