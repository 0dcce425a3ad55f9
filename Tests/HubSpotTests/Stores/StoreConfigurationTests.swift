import Testing

@testable import HubSpot

@Suite("A profile's store") struct StoreConfigurationTests {
    private func profile(_ lines: String) throws -> Profile {
        try #require(try ConfigurationFile(parsing: "[profiles.acme]\n\(lines)", path: "config.toml").profile("acme"))
    }

    @Test func `is named with what it needs, but never with a password`() throws {
        let profile = try profile(
            """
            store = "redis://10.0.0.5:6379/2"
            store_required = true
            redis_user = "ada"
            redis_password_env = "ACME_REDIS"
            """)
        #expect(profile.store == "redis://10.0.0.5:6379/2")
        #expect(profile.storeIsRequired == true)
        #expect(profile.redisUser == "ada")
        #expect(profile.redisPasswordVariable == "ACME_REDIS")
        #expect(throws: ConfigurationError.self) { try self.profile("redis_password = \"opensesame\"") }
    }

    @Test func `keeps a password out of what is printed`() {
        let endpoint = RedisEndpoint(host: "h", user: "ada", password: RedisPassword("opensesame"))
        var dumped = ""
        dump(endpoint, to: &dumped)
        for text in ["\(endpoint)", String(reflecting: endpoint.password), dumped] {
            #expect(!text.contains("opensesame"))
        }
    }
}
