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

extension RedisEndpoint: CustomStringConvertible {
    /// As `--store` takes it: without user and password.
    public var description: String { "redis://\(host):\(port)/\(database)" }
}
