import Foundation
import FoundationNetworking
import Testing

@Suite("An OAuth login") struct OAuthLoginTests {
    @Test func `goes through the browser, and its tokens are kept to their owner`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let done = try await login(home, server, port: freePort())
                #expect(done.status == 0, "\(done.errors)")
                #expect(done.output.contains("portal 20000001"))
                #expect(done.output.contains("crm.objects.contacts.read opens contacts:read"))
                let folder = ".config/moonspot"
                let made = try await home.shell("cd \"$HOME/\(folder)\" && stat -c '%a %n' . *")
                #expect(
                    made.output.split(separator: "\n").sorted() == [
                        "600 app.client", "600 app.oauth", "600 app.oauth.lock", "600 config.toml",
                        "600 config.toml.lock",
                        "700 .",
                    ])
                let kept = try home.read("\(folder)/app.oauth")
                #expect(kept.contains("refresh_token"))
                let everything = done.output + done.errors
                #expect(!everything.contains(App.secret))

                let used = try await home.run("-e", "hubspot.contacts.create{ email = 'ada@example.org' }.email")
                #expect(used.output == "ada@example.org\n", "\(used.errors)")
                let session = try await home.run("-e", "return hubspot.session.auth, #hubspot.session.scopes")
                #expect(session.output == "oauth\n3\n" || session.output == "oauth\t3\n", "\(session.output)")

                let status = try await home.run("auth", "status", "--output", "json")
                let document = try #require(
                    try JSONSerialization.jsonObject(with: Data(status.output.utf8)) as? [String: Any])
                #expect(status.status == 0 && document["state"] as? String == "works")
                #expect((document["missing"] as? [String])?.contains("forms") == true)
                #expect((document["ends"] as? String)?.contains("renewed") == true)

                let revoked = try await home.run("auth", "logout", "--revoke")
                #expect(revoked.status == 0, "\(revoked.errors)")
                #expect(!home.exists("\(folder)/app.oauth") && !home.exists("\(folder)/app.client"))
                let token =
                    try #require(
                        try JSONSerialization.jsonObject(with: Data(kept.utf8)) as? [String: Any])["refresh_token"]
                    as? String
                let gone = try await home.shell(
                    "curl -s -o /dev/null -w '%{http_code}' \"\(server.url)/oauth/v1/refresh-tokens/\(token ?? "")\"")
                #expect(gone.output == "404")
            }
        }
    }

    @Test func `takes one answer, with the right state`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let port = try freePort()
                let done = try await login(home, server, port: port) { address in
                    let wrong = URL(string: "http://localhost:\(port)/oauth-callback?code=stolen&state=guessed")!
                    let (page, answer) = try await URLSession.shared.data(from: wrong)
                    #expect((answer as? HTTPURLResponse)?.statusCode == 400)
                    #expect(String(decoding: page, as: UTF8.self).contains("does not belong to the login"))
                    let (last, _) = try await URLSession.shared.data(from: address)
                    #expect(String(decoding: last, as: UTF8.self).contains("You can close this window"))
                }
                #expect(done.status == 0, "\(done.errors)")
            }
        }
    }

    @Test func `keeps nothing where the person says no, or the app's secret is wrong`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let denied = try await login(home, server, port: freePort()) { address in
                    _ = try await URLSession.shared.data(from: URL(string: "\(address)&consent=deny")!)
                }
                #expect(denied.status == 3)
                #expect(denied.errors.contains("The user said no."))
                let wrong = try await login(home, server, port: freePort(), secret: "canary-wrong-secret")
                #expect(wrong.status == 3)
                #expect(wrong.errors.contains("client secret") && !wrong.errors.contains("canary"), "\(wrong.errors)")
                let left = try await home.shell("ls \"$HOME/.config/moonspot\" 2>/dev/null; true")
                #expect(left.output.isEmpty)
            }
        }
    }

    @Test func `is forgotten by a logout, also where the profile is written by hand`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let written = """
                    # mine
                    [profiles.app]
                    auth = "oauth"
                    client_id = "\(App.id)"
                    client_secret_env = "APP_SECRET"
                    scopes = ["oauth", "crm.objects.contacts.read", "crm.objects.contacts.write"]
                    base_url = "\(server.url)"

                    """
                try FileManager.default.createDirectory(
                    atPath: home.path(".config/moonspot"), withIntermediateDirectories: true)
                try home.write(written, to: ".config/moonspot/config.toml")
                let secret = ["APP_SECRET": App.secret]
                let done = try await login(home, server, port: freePort(), environment: secret)
                #expect(done.status == 0 && home.exists(".config/moonspot/app.oauth"), "\(done.errors)")
                let out = try await home.run(
                    "auth", "logout", "--profile", "app", "--revoke", environment: secret)
                #expect(out.status == 0 && out.output.contains("written by hand"), "\(out.errors)")
                #expect(!home.exists(".config/moonspot/app.oauth"))
                #expect(try home.read(".config/moonspot/config.toml").trimmed == written.trimmed)
                let used = try await home.run("--profile", "app", "-e", "hubspot.contacts.count()", environment: secret)
                #expect(used.status == 3 && used.errors.contains("moonspot auth login"), "\(used.errors)")
            }
        }
    }

    @Test func `says so where its port is taken`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let port = server.url.split(separator: ":").last.map(String.init) ?? ""
                let taken = try await home.start([
                    "auth", "login", "--kind", "oauth", "--base-url", server.url, "--client-id", App.id, "--scopes",
                    App.scopes, "--port", port, "--no-browser",
                ]).finish(input: "\(App.secret)\n")
                #expect(taken.status == 1)
                #expect(taken.errors.contains("port \(port)") && taken.errors.contains("--port"))
            }
        }
    }

    @Test func `needs no consent for an app's own calls`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let done = try await home.start([
                    "auth", "login", "--kind", "client_credentials", "--base-url", server.url, "--client-id", App.id,
                    "--scopes", App.scopes,
                ]).finish(input: "\(App.secret)\n")
                #expect(done.status == 0, "\(done.errors)")
                let used = try await home.run("-e", "return hubspot.contacts.count(), hubspot.session.auth")
                #expect(used.status == 0 && used.output.contains("client_credentials"), "\(used.errors)")
            }
        }
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
