/// Where a session keeps the state of its quota (`--store`).
public enum QuotaStore: Sendable {
    /// In this process alone.
    case memory
    /// In a SQLite file, `limiter.sqlite`, in that folder; shared by all processes of the machine with the same token.
    case file(folder: String)
    /// On a Redis server; shared by all machines with the same token.
    case redis(RedisEndpoint)
}

/// A Redis server.
public struct RedisEndpoint: Sendable, Equatable {
    public var host: String
    public var port: Int
    public var database: Int
    /// Of Redis' ACL; nil: the default user.
    public var user: String?
    public var password: RedisPassword?

    public init(host: String, port: Int = 6379, database: Int = 0, user: String? = nil, password: RedisPassword? = nil)
    {
        self.host = host
        self.port = port
        self.database = database
        self.user = user
        self.password = password
    }
}

/// Never prints.
public struct RedisPassword: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    let secret: String
    public init(_ secret: String) { self.secret = secret }

    public var description: String { "••••" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension SessionConfiguration {
    /// The store that is asked for. Nothing is opened before its first use.
    func makeStore(token: Shared<AccessToken>) -> any LimiterStore {
        let identity = LimiterIdentity(
            token: { [credential] in credential == nil ? nil : try? await token.value() }, portalID: portalID,
            server: baseURL == .api ? nil : baseURL.description)
        let shared: any SharedLimiterStore
        switch store {
        case .memory: return MemoryStore(quota: quota, reserve: reserve, clock: clock)
        case .file(let folder):
            shared = FileStore(folder: folder, identity: identity, quota: quota, reserve: reserve, clock: clock)
        case .redis(let endpoint):
            shared = RedisStore(endpoint, identity: identity, quota: quota, reserve: reserve, clock: clock)
        }
        return GuardedStore(
            shared, isRequired: storeIsRequired, quota: quota, reserve: reserve, clock: clock, logger: logger)
    }
}
