import Testing

@testable import HubSpot
import Quota

@Suite("A base URL") struct BaseURLTests {
    @Test(arguments: [
        ("https://api.hubapi.com", "https://api.hubapi.com"), ("HTTPS://API.HubApi.com/", "https://api.hubapi.com"),
        ("https://api.hubapi.com:443", "https://api.hubapi.com"), ("https://x.example:8443", "https://x.example:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("http://localhost", "http://localhost"),
        ("http://[::1]:9", "http://[::1]:9"), ("http://127.9.9.9:1", "http://127.9.9.9:1"),
    ])
    func `is scheme, host and port`(text: String, shown: String) throws {
        #expect(try BaseURL(text).description == shown)
    }

    @Test(arguments: [
        "", "api.hubapi.com", "ftp://x", "http://api.hubapi.com", "http://127.0.0.1.evil.example", "http://10.0.0.1",
        "http://localhost.evil.example", "http://127.0.0.256", "https://", "https://x/y", "https://x?y", "https://x#y",
        "https://user:pw@x",
        "https://x:0", "https://x:65536", "https://x:a", "https://x:", "https://a b", "https://x\r\n", "https://[::1",
        "https://a:1:2",
        "http://127.0.0.1@evil.example", "https://x\\y",
    ])
    func `is refused with a reason otherwise`(text: String) {
        let error = #expect(throws: ConfigurationError.self) { try BaseURL(text) }
        #expect(error?.message.contains("base URL") == true)
        #expect(error?.message.contains("user:pw") == false)
    }
}

@Suite("A quota's specification") struct QuotaSpecificationTests {
    private static func per10(_ count: Int) -> Allowance { .limited(count: count, per: .seconds(10)) }

    @Test func `names a tier`() throws {
        #expect(
            try QuotaSpecification("professional")
                == QuotaSpecification(
                    burst: Self.per10(190), daily: .limited(625_000), search: .limited(count: 5, per: .seconds(1)),
                    associations: Self.per10(150), forms: Self.per10(50)))
        for (name, burst, day) in [
            ("free", 100, 250_000), ("starter", 100, 250_000), ("enterprise", 190, 1_000_000),
            ("add-on", 250, 2_000_000),
        ] {
            let quota = try QuotaSpecification(name)
            #expect(quota.burst == Self.per10(burst))
            #expect(quota.daily == .limited(day))
        }
        #expect(try QuotaSpecification("unlimited").forms == .unlimited)
    }

    @Test(arguments: ["190/10s", "5/500ms"])
    func `prints a window as it is spelled`(text: String) throws {
        #expect(try QuotaSpecification(text).burst.map(String.init(describing:)) == text)
    }

    @Test func `spells out any part`() throws {
        #expect(
            try QuotaSpecification("190/10s,625000/day,search=5/s,associations=100/10s,forms=50/10s")
                == QuotaSpecification(
                    burst: Self.per10(190), daily: .limited(625_000), search: .limited(count: 5, per: .seconds(1)),
                    associations: Self.per10(100), forms: Self.per10(50)))
        #expect(try QuotaSpecification("20/2s") == QuotaSpecification(burst: .limited(count: 20, per: .seconds(2))))
        #expect(try QuotaSpecification(" search = 1/500ms ").search == .limited(count: 1, per: .milliseconds(500)))
        #expect(try QuotaSpecification("starter,search=unlimited,day=unlimited").daily == .unlimited)
    }

    @Test(arguments: [
        "", "gold", "190", "0/10s", "-1/s", "190/0s", "190/10", "190/10x", "a/10s", "x=1/s", "10/s,20/s", "5/day,6/day",
        "10/s,free",
        "190/10s,", "99999999999999999999/s", "1/2/3s", "search=", "search=5/day",
    ])
    func `is refused with a reason otherwise`(text: String) {
        let error = #expect(throws: ConfigurationError.self) { try QuotaSpecification(text) }
        #expect(error?.message.hasPrefix("limits:") == true)
    }
}

@Suite("Network settings") struct NetworkSettingsTests {
    private func proxy(_ noProxy: String, for url: String) throws -> String? {
        let settings = try NetworkSettings(environment: [
            "HTTPS_PROXY": "http://u:p%40w@proxy.example:3128", "NO_PROXY": noProxy,
        ])
        return try settings.proxy(for: BaseURL(url))?.description
    }

    @Test(arguments: [
        ("", "https://api.hubapi.com", true), ("hubapi.com", "https://api.hubapi.com", false),
        (".hubapi.com", "https://api.hubapi.com", false), ("*.hubapi.com", "https://api.hubapi.com", false),
        ("*", "https://api.hubapi.com", false), ("api.com, other.example", "https://api.hubapi.com", true),
        ("hubapi.com:443", "https://api.hubapi.com", false), ("hubapi.com:8443", "https://api.hubapi.com", true),
        ("ubapi.com", "https://api.hubapi.com", true), ("", "http://127.0.0.1:80", false),
        ("", "https://localhost:80", false),
    ])
    func `take the proxy but for the hosts that go without`(noProxy: String, url: String, isProxied: Bool) throws {
        #expect(try proxy(noProxy, for: url) == (isProxied ? "http://proxy.example:3128" : nil))
    }

    @Test func `prefer the variables in lower case`() throws {
        let settings = try NetworkSettings(environment: [
            "https_proxy": "a.example:1", "HTTPS_PROXY": "b.example:2", "SSL_CERT_FILE": "/x",
        ])
        #expect(settings.proxy?.host == "a.example")
        #expect(settings.certificateFile == "/x")
    }

    @Test(arguments: ["socks5://x:1", "http://", "x:0", "http://u:secret@", "u:secret@x:y"])
    func `refuse what is no proxy, without its password`(text: String) {
        let error = #expect(throws: ConfigurationError.self) { try NetworkSettings(environment: ["HTTPS_PROXY": text]) }
        #expect(error?.message.contains("secret") == false)
    }
}
