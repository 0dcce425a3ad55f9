import Foundation
import Testing

@Suite("TLS and proxies") struct TLSTests {
    private static let count = ["-e", "hubspot.contacts.count()"]

    /// A simulator behind TLS, with a certificate for that host by the test's own authority.
    private func secured(
        for host: String, _ body: (Home, SimulatorServer, Front, Authority) async throws -> Void
    ) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "3") { server in
                let authority = try await Authority(home)
                let (certificate, key) = try await authority.issue(for: host)
                try await Front.with(.tls(certificate: certificate, key: key), to: server.port, home) { front in
                    try await body(home, server, front, authority)
                }
            }
        }
    }

    @Test func `trusts what SSL_CERT_FILE names, and nothing else`() async throws {
        try await secured(for: "localhost") { home, server, front, authority in
            var environment = [
                "HUBSPOT_ACCESS_TOKEN": server.token, "HUBSPOT_BASE_URL": "https://localhost:\(front.port)",
                "SSL_CERT_FILE": authority.certificate,
            ]
            let trusted = try await home.start(Self.count, environment: environment).finish()
            #expect(trusted.output == "3\n", "\(trusted.errors)")
            let sent = try front.received.count
            let other = try await Authority(home, "other")
            for file in [nil, other.certificate] {
                environment["SSL_CERT_FILE"] = file
                let refused = try await home.start(Self.count, environment: environment).finish()
                #expect(refused.status == 5, "\(refused.errors)")
                #expect(
                    refused.errors.contains("the certificate of https://localhost:\(front.port) is not trusted"),
                    "\(refused.errors)")
                #expect(refused.errors.contains("SSL_CERT_FILE"))
            }
            environment["SSL_CERT_FILE"] = home.path("nowhere.pem")
            let missing = try await home.start(Self.count, environment: environment).finish()
            #expect(missing.status == 5 && missing.errors.contains("SSL_CERT_FILE names"), "\(missing.errors)")
            // Nothing has left without trust.
            #expect(try front.received.count == sent)
        }
    }

    @Test func `refuses a certificate of another host`() async throws {
        try await secured(for: "elsewhere.test") { home, server, front, authority in
            let refused = try await home.start(
                Self.count,
                environment: [
                    "HUBSPOT_ACCESS_TOKEN": server.token, "HUBSPOT_BASE_URL": "https://localhost:\(front.port)",
                    "SSL_CERT_FILE": authority.certificate,
                ]
            ).finish()
            #expect(refused.status == 5 && refused.errors.contains("is not trusted"), "\(refused.errors)")
            #expect(try front.received.isEmpty)
        }
    }

    @Test(arguments: ["HTTPS_PROXY", "https_proxy"])
    func `go through the proxy, whose log holds no secret`(variable: String) async throws {
        try await secured(for: "hubspot.test") { home, server, front, authority in
            try await Front.with(.proxy, to: front.port, home) { proxy in
                for (kind, how) in [("token", ""), ("query", "query = 'key'\n"), ("header", "header = 'X-Key'\n")] {
                    let configuration = try home.write(
                        """
                        default_profile = 'a'
                        [profiles.a]
                        auth = '\(kind)'
                        token_env = 'SECRET'
                        base_url = 'https://hubspot.test:8443'
                        \(how)
                        """, to: "config.toml")
                    let result = try await home.start(
                        ["--log-level", "trace", "-e", "pcall(hubspot.contacts.list) print(hubspot.session.auth)"],
                        environment: [
                            "SECRET": server.token, "MOONSPOT_CONFIG": configuration,
                            "SSL_CERT_FILE": authority.certificate,
                            variable: "http://user:word@127.0.0.1:\(proxy.port)",
                        ]
                    ).finish()
                    #expect(result.output == "\(kind)\n", "\(result.errors)")
                    #expect(!result.errors.contains(server.token) && !result.errors.contains("word"))
                }
                let log = try proxy.received
                #expect(log.contains("CONNECT hubspot.test:8443"))
                #expect(log.contains("authorization: Basic") || log.contains("Authorization: Basic"))
                #expect(!log.contains(server.token))
                #expect(try front.received.contains(server.token))
            }
        }
    }

    @Test func `leave the hosts of NO_PROXY alone, and say which step has failed`() async throws {
        try await secured(for: "hubspot.test") { home, server, front, authority in
            try await Front.with(.proxy, to: front.port, home) { proxy in
                let environment = [
                    "HUBSPOT_ACCESS_TOKEN": server.token, "HUBSPOT_BASE_URL": "https://hubspot.test:8443",
                    "SSL_CERT_FILE": authority.certificate, "HTTPS_PROXY": "http://127.0.0.1:\(proxy.port)",
                ]
                func doctor(_ further: [String: String]) async throws -> Child.Result {
                    try await home.start(
                        ["doctor"], environment: environment.merging(further) { $1 }
                    ).finish()
                }
                let fine = try await doctor([:])
                #expect(fine.status == 0, "\(fine.output)")
                for line in ["proxy", "DNS", "TCP", "TLS", "clock", "portal", "store", "keyring", "terminal"] {
                    #expect(fine.output.contains(line), "\(line): \(fine.output)")
                }
                let direct = try await doctor(["NO_PROXY": "hubspot.test"])
                #expect(direct.status == 5, "\(direct.output)")
                #expect(direct.output.contains("!!  DNS"), "\(direct.output)")
                let untrusted = try await doctor(["SSL_CERT_FILE": ""])
                #expect(untrusted.status == 5 && untrusted.output.contains("!!  TLS"), "\(untrusted.output)")
                let without = try await doctor(["HTTPS_PROXY": "http://127.0.0.1:9"])
                #expect(without.status == 5 && without.output.contains("!!  TCP"), "\(without.output)")
                #expect(without.output.contains("check whether the proxy runs"))
            }
        }
    }
}
