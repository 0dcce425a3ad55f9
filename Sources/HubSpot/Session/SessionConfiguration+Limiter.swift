import Quota

extension SessionConfiguration {
    /// Gives the account's limits beforehand. Without them they are learnt from HubSpot's answers, beginning at the least
    /// that HubSpot grants: 100 requests in 10 s.
    ///
    /// - Parameter text: A tier (`free`, `starter`, `professional`, `enterprise`, `add-on`, `unlimited`), or limits such as
    ///   `190/10s,625000/day,search=5/s,associations=100/10s,forms=50/10s`, of which any may be left out (source:
    ///   [usage guidelines](https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines)).
    public mutating func setLimits(_ text: String) throws(ConfigurationError) {
        quota = try QuotaSpecification(text)
    }

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
