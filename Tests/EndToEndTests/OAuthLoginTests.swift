import Foundation
import FoundationNetworking
import Glibc
import Testing

/// The simulator's OAuth app.
private enum App {
    static let id = "5a1e7e00-0000-4000-8000-000000000333"
    static let secret = "5ec7e700-0000-4000-8000-000000000333"
    static let scopes = "oauth,crm.objects.contacts.read,crm.objects.contacts.write"
}

/// A port of this machine that was free a moment ago.
private func freePort() throws -> Int {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(socket, $0, size) == 0 && getsockname(socket, $0, &size) == 0
        }
    }
    guard bound else { throw Child.Failure("no port: \(String(cString: strerror(errno)))") }
    return Int(UInt16(bigEndian: address.sin_port))
}

/// Logs a profile in as a person would, whose browser is the test.
/// - Parameter visit: Goes to the consent page's address, and from there back to the program.
private func login(
    _ home: Home, _ server: SimulatorServer, at url: String? = nil, profile: String = "app", port: Int,
    secret: String = App.secret,
    visit: @Sendable (URL) async throws -> Void = { _ = try await URLSession.shared.data(from: $0) }
) async throws -> Child.Result {
    let child = try home.start([
        "auth", "login", "--profile", profile, "--kind", "oauth", "--base-url", url ?? server.url, "--client-id",
        App.id, "--scopes", App.scopes, "--port", "\(port)", "--no-browser",
    ])
    _ = "\(secret)\n".withCString { write(child.input, $0, strlen($0)) }
    // The address stands alone on its line of standard error.
    let address = try await offThread { () -> URL in
        var text = ""
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            var polled = [pollfd(fd: child.errors, events: Int16(POLLIN), revents: 0)]
            guard wait(for: &polled, until: deadline), let bytes = readSome(child.errors) else {
                throw Child.Failure("no address: \(text)")
            }
            text += String(decoding: bytes, as: UTF8.self)
            if text.contains("Waiting for the answer"),
                let line = text.split(separator: "\n").first(where: { $0.hasPrefix("http") })
            {
                return URL(string: String(line))!  // The program has just printed it.
            }
        }
    }
    try await visit(address)
    return try await child.finish()
}

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

    @Test func `is shared by processes, which renew it one at a time`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0", "--oauth-life", "60s", "--oauth-rotate") { server in
                _ = try await login(home, server, port: freePort())
                // The tokens have ended for everybody.
                try await server.control("POST", "/_simulator/clock", body: #"{"advance_ms": 61000}"#)
                try await age(home, by: 61)
                let results = try await withThrowingTaskGroup(of: Child.Result.self) { group in
                    for number in 1...8 {
                        group.addTask {
                            try await home.run(
                                "-e", "hubspot.contacts.create{ email = 'p\(number)@example.org' }.email")
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                for result in results { #expect(result.status == 0, "\(result.errors)") }
                let count = try await home.run("-e", "hubspot.contacts.count()")
                #expect(count.output == "8\n", "\(count.errors)")
                let log = try await server.control("GET", "/_simulator/stats")
                // The login's exchange and one refresh; no call was refused.
                #expect((log["by_status"] as? [String: Int])?["401"] == nil, "\(log)")
                #expect((log["by_status"] as? [String: Int])?["400"] == nil, "\(log)")
            }
        }
    }

    /// What is kept, as it would be after so many seconds.
    private func age(_ home: Home, by seconds: Int) async throws {
        let file = ".config/moonspot/app.oauth"
        var document = try #require(
            try JSONSerialization.jsonObject(with: Data(home.read(file).utf8)) as? [String: Any])
        document["issued_at"] = try #require(document["issued_at"] as? Int) - seconds
        let data = try JSONSerialization.data(withJSONObject: document)
        try home.write(String(decoding: data, as: UTF8.self), to: file)
    }

    /// Where in its renewal a process is killed.
    enum Moment: CaseIterable {
        /// The server has the request, and has not answered.
        case asking
        /// The answer is there, and the first byte of the new file is about to be written.
        case writing
        /// The new file is whole, and has not taken the old one's place.
        case renaming
    }

    @Test(arguments: Moment.allCases) func `survives a kill in the middle of its renewal`(moment: Moment) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "2", "--oauth-life", "60s", "--oauth-rotate") { server in
                try await Front.with(.plain, to: server.port, home) { front in
                    _ = try await login(home, server, at: "http://127.0.0.1:\(front.port)", port: freePort())
                    let folder = ".config/moonspot"
                    try await age(home, by: 61)
                    let old = try home.read("\(folder)/app.oauth")
                    let asked = try front.received.components(separatedBy: "grant_type=refresh_token").count
                    switch moment {
                    case .asking:
                        try await server.control(
                            "PUT", "/_simulator/faults",
                            body:
                                #"{"rules":[{"method":"POST","path":"/oauth/*/token","nth":1,"times":1,"action":{"delay_ms":600000}}]}"#
                        )
                        let child = try home.start(["-e", "hubspot.contacts.count()"])
                        let deadline = ContinuousClock.now + .seconds(60)
                        while ContinuousClock.now < deadline,
                            try front.received.components(separatedBy: "grant_type=refresh_token").count == asked
                        {
                            await Task.yield()
                        }
                        child.signal(SIGKILL)
                        #expect(try await child.finish().status == 128 + SIGKILL)
                        #expect(try home.read("\(folder)/app.oauth") == old)
                    case .writing:
                        // No file may grow: the signal for that ends the process at the first byte, and where it was
                        // started with that signal ignored, an error does.
                        let killed = try await home.shell(
                            "ulimit -c 0; ulimit -f 0; exec \"$@\" 2>/dev/null", "--store", "memory", "-e",
                            "hubspot.contacts.count()")
                        #expect([128 + SIGXFSZ, 3].contains(killed.status), "\(killed.status) \(killed.errors)")
                        #expect(try home.read("\(folder)/app.oauth") == old)
                        #expect(try front.received.components(separatedBy: "grant_type=refresh_token").count > asked)
                    case .renaming:
                        try home.write("{ \"half\": ", to: "\(folder)/app.oauth.new")
                    }
                    let next = try await home.run("-e", "hubspot.contacts.count()")
                    #expect(next.status == 0 && next.output == "2\n", "\(next.errors)")
                    #expect(try home.read("\(folder)/app.oauth") != old)
                    let made = try await home.shell(
                        "cd \"$HOME/\(folder)\" && stat -c '%a' app.oauth; ls app.oauth.new")
                    #expect(made.output == "600\n")
                }
            }
        }
    }

    @Test func `that the server has ended is one clear error`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0", "--oauth-life", "60s") { server in
                _ = try await login(home, server, port: freePort())
                try await age(home, by: 61)
                try await server.control("POST", "/_simulator/reset")
                let refused = try await home.run("-e", "hubspot.contacts.count()")
                #expect(refused.status == 3)
                #expect(refused.errors.contains("missing or invalid refresh token"), "\(refused.errors)")
                #expect(refused.errors.contains("moonspot auth login"))
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
