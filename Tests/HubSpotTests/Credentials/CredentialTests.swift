import Foundation
import Testing

@testable import HubSpot

#if canImport(Glibc)
    import Glibc
#endif

@Suite("An access token") struct AccessTokenTests {
    private static let secret = "pat-na1-11111111-2222-4333-8444-555555555555"

    @Test(arguments: [secret, "  \(secret)\n", "Bearer \(secret)", "bearer   \(secret) ", "\tBEARER \(secret)\r\n"])
    func `is taken as a person pastes it`(text: String) throws {
        #expect(try AccessToken(text).authorization == "Bearer \(Self.secret)")
    }

    @Test(arguments: [
        "\"\(secret)\"", "'\(secret)'", " \"\(secret)\"\n", "\" \(secret) \"", "Bearer \"\(secret)\"",
        "\"Bearer \(secret)\"",
        "\u{201C}\(secret)\u{201D}", "`\(secret)`",
    ])
    func `is taken out of its quotes, with a hint that does not quote it`(text: String) throws {
        let token = try AccessToken(text)
        #expect(token.authorization == "Bearer \(Self.secret)")
        #expect(token.hint?.contains("the quotes around it") == true && token.hint?.contains("1111") == false)
        #expect(try AccessToken(Self.secret) == token)
        #expect(try AccessToken("  \(Self.secret)\n").hint == nil)
    }

    @Test(arguments: ["\"\(secret)", "\(secret)'", "\u{201C}\(secret)", "'\(secret)\"", "\"\"", "' '", "pat-\"na1"])
    func `is refused with a quote that is not one of a pair around it`(text: String) {
        let error = #expect(throws: HubSpotError.self) { try AccessToken(text) }
        #expect(error?.kind == .unauthenticated && error?.message.contains("1111") == false)
        #expect(error?.message.contains("quote") == true || error?.message.contains("empty") == true)
    }

    @Test(arguments: [
        "", " \n", "Bearer", "Bearer ", "a b", "a\nb", "a\r\nX: y", "a\u{0}b", "pät", "a\u{200B}b", "a\u{7F}",
    ])
    func `is refused with a reason, which does not quote it`(text: String) {
        let error = #expect(throws: HubSpotError.self) { try AccessToken(text) }
        #expect(error?.kind == .unauthenticated)
        #expect(error?.message.contains("\n") == false)
    }

    @Test func `never prints`() throws {
        let token = try AccessToken(Self.secret)
        struct Holder {
            let token: AccessToken
            let list: [AccessToken?]
        }
        var dumped = ""
        dump(Holder(token: token, list: [token]), to: &dumped)
        let all = [
            "\(token)", String(reflecting: token), String(describing: Holder(token: token, list: [token])), dumped,
            "\([token])", "\(["a": token])", token.debugDescription,
        ]
        for text in all {
            #expect(!text.contains("11111111"))
            #expect(!text.contains("555555555555"))
        }
        #expect("\(token)" == "pat-na1-••••")
        #expect("\(try AccessToken("pat-eu1-x"))" == "pat-eu1-••••")
        #expect("\(try AccessToken("something-else"))" == "••••")
    }
}

@Suite("A secret in the environment", .serialized) struct EnvironmentSecretTests {
    @Test func `is overwritten where it lay, and unset`() throws {
        let name = "MOONSPOT_TEST_SECRET"
        #expect(putenv(strdup("\(name)=pat-na1-secret")) == 0)
        let memory = try #require(getenv(name))
        let length = strlen(memory)
        #expect(EnvironmentSecret.take(name) == "pat-na1-secret")
        #expect(getenv(name) == nil)
        #expect((0..<length).allSatisfy { memory[$0] == 0 })
        #expect(EnvironmentSecret.take(name) == nil)
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let pipe = Pipe()
        child.standardOutput = pipe
        try child.run()
        let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        child.waitUntilExit()
        #expect(!output.contains(name))
        #expect(!output.contains("pat-na1-secret"))
    }

    @Test func `counts as missing where it is empty`() {
        #expect(setenv("MOONSPOT_TEST_EMPTY", "", 1) == 0)
        #expect(EnvironmentSecret.take("MOONSPOT_TEST_EMPTY") == nil)
        #expect(getenv("MOONSPOT_TEST_EMPTY") == nil)
        #expect(EnvironmentSecret.take("") == nil)
    }
}

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
        #expect(token.authorization == "Bearer pat-na1-abc")
    }

    @Test func `comes from a variable`() async throws {
        let token = try await resolve("token_env = 'ACME'", environment: ["ACME": "pat-na1-abc"])
        #expect(token.authorization == "Bearer pat-na1-abc")
    }

    @Test func `comes from a file that nobody else may read`() async throws {
        try await withTokenFile("pat-na1-abc\n", mode: 0o600) { path in
            let token = try await resolve("token_file = '\(path)'")
            #expect(token.authorization == "Bearer pat-na1-abc")
        }
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
