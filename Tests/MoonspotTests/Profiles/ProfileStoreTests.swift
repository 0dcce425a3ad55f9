import HubSpot
import Testing

@testable import Moonspot

@Suite("A profile's store") struct ProfileStoreTests {
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
}
