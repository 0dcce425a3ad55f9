import Foundation
import Testing

@testable import HubSpot
@testable import Moonspot

@Suite("A profile's token") struct ProfileTokenTests {
    private func resolve(_ line: String, environment: [String: String] = [:]) async throws -> AccessToken {
        let file = try ConfigurationFile(parsing: "[profiles.acme]\n\(line)", path: "/tmp/config.toml")
        let profile = try #require(try file.profile("acme"))
        return try await profile.resolveToken(environment: environment)
    }

    private func withTokenFile(_ text: String, mode: Int, _ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("moonspot-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode]))
        try await body(path)
    }

    @Test func `comes from a command's first line`() async throws {
        let token = try await resolve(#"token_command = "printf 'pat-na1-abc\\nuser: ada\\n'""#)
        #expect(token.prefixed(by: "Bearer ") == "Bearer pat-na1-abc")
    }

    @Test func `comes from a variable`() async throws {
        let token = try await resolve("token_env = 'ACME'", environment: ["ACME": "pat-na1-abc"])
        #expect(token.prefixed(by: "Bearer ") == "Bearer pat-na1-abc")
    }

    @Test func `comes from a file that nobody else may read`() async throws {
        try await withTokenFile("pat-na1-abc\n", mode: 0o600) { path in
            let token = try await resolve("token_file = '\(path)'")
            #expect(token.prefixed(by: "Bearer ") == "Bearer pat-na1-abc")
        }
    }

    @Test func `comes from a file below the home folder that HOME names`() async throws {
        let home = try TemporaryFolder()
        try home.write("pat-na1-abc\n", to: "token")
        home.setMode(0o600, of: "token")
        let token = try await resolve("token_file = '~/token'", environment: ["HOME": home.path])
        #expect(token.prefixed(by: "Bearer ") == "Bearer pat-na1-abc")
    }

    @Test(arguments: [0o644, 0o640, 0o604, 0o660])
    func `is refused in a file that others may read`(mode: Int) async throws {
        try await withTokenFile("pat-na1-abc", mode: mode) { path in
            let error = await failure { try await resolve("token_file = '\(path)'") }
            #expect(error?.kind == .unauthenticated)
            #expect(error?.message.contains("chmod 600") == true)
            #expect(error?.message.contains("pat-na1-abc") == false)
        }
    }

    @Test(arguments: [
        ("portalId = 1", "names no token"), ("token_env = 'NOT_SET'", "NOT_SET, which is not set"),
        ("token_command = 'exit 3'", "status 3"), ("token_command = 'true'", "the access token is empty"),
        ("token_file = '/nonexistent'", "no such file"), ("token_file = '/tmp'", "no ordinary file"),
        ("token_command = 'kill -9 $$'", "status 137"),
    ])
    func `is missing with a reason that names the profile`(line: String, reason: String) async {
        let error = await failure { try await resolve(line) }
        #expect(error?.kind == .unauthenticated)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("profile 'acme'") == true)
    }
}
