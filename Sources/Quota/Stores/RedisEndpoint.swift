/// A Redis server.
package struct RedisEndpoint: Sendable, Equatable {
    package var host: String
    package var port: Int
    package var database: Int
    /// Of Redis' ACL; nil: the default user.
    package var user: String?
    package var password: RedisPassword?

    package init(host: String, port: Int = 6379, database: Int = 0, user: String? = nil, password: RedisPassword? = nil)
    {
        self.host = host
        self.port = port
        self.database = database
        self.user = user
        self.password = password
    }
}

/// Never prints.
package struct RedisPassword: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    let secret: String
    package init(_ secret: String) { self.secret = secret }

    package var description: String { "••••" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension RedisEndpoint: CustomStringConvertible {
    /// As `--store` takes it: without user and password.
    package var description: String { "redis://\(host):\(port)/\(database)" }
}
