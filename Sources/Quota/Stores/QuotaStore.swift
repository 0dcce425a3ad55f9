package import Logging

/// Where a session keeps the state of its quota.
package enum QuotaStore: Sendable {
    /// In this process alone.
    case memory
    /// In a SQLite file, `limiter.sqlite`, in that folder; shared by all processes of the machine with the same
    /// credential.
    case file(folder: String)
    /// On a Redis server; shared by all machines with the same credential.
    case redis(RedisEndpoint)
}

extension QuotaStore {
    /// The store that is asked for. Nothing is opened before its first use.
    ///
    /// - Parameters:
    ///   - isRequired: Whether calls fail while a shared store is out of reach; else the process goes on with a careful
    ///     share.
    ///   - advice: The remedy's words for people where it is out of reach.
    package func open(
        _ rules: QuotaRules, identity: QuotaIdentity, isRequired: Bool, clock: any QuotaClock, logger: Logger,
        advice: @escaping @Sendable (StoreProblem.Remedy) -> String
    ) -> any LimiterStore {
        let shared: any SharedLimiterStore
        switch self {
        case .memory: return MemoryStore(rules, clock: clock)
        case .file(let folder): shared = FileStore(folder: folder, identity: identity, rules: rules, clock: clock)
        case .redis(let endpoint): shared = RedisStore(endpoint, identity: identity, rules: rules, clock: clock)
        }
        return GuardedStore(shared, isRequired: isRequired, clock: clock, logger: logger, advice: advice)
    }
}
