import Testing

@testable import HubSpot

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

@Suite("config.toml") struct ConfigurationFileTests {
    private func parse(_ text: String) throws(ConfigurationError) -> ConfigurationFile {
        try ConfigurationFile(parsing: text, path: "/home/ada/config.toml")
    }

    @Test func `holds profiles`() throws {
        let file = try parse(
            """
            default_profile = "acme"
            [profiles.acme]
            auth = "token"
            token_command = "pass show hubspot/acme"
            portalId = 1234567
            limits = "professional"
            read_only = true
            api_version = "v3"
            base_url = "https://api.hubapi.com"
            [profiles.other]
            token_file = "token"
            """)
        let acme = try #require(try file.profile(nil))
        #expect(acme.name == "acme")
        #expect(acme.token == .command("pass show hubspot/acme"))
        #expect(acme.portalID == 1_234_567)
        #expect(acme.limits == (try QuotaSpecification("professional")))
        #expect(acme.isReadOnly)
        #expect(acme.apiVersion == .v3)
        #expect(acme.baseURL == .api)
        #expect(try file.profile("other")?.token == .file("/home/ada/token"))
    }

    @Test func `says what is wrong with a profile where that one is used, and nowhere else`() throws {
        let file = try parse("default_profile = 'good'\n[profiles.good]\n[profiles.old]\nauth = 'api_key'\n")
        #expect(try file.profile(nil)?.name == "good")
        #expect(file.names == ["good", "old"])
        #expect(throws: ConfigurationError.self) { try file.profile("old") }
    }

    @Test func `may be missing`() throws {
        let file = try ConfigurationFile.load("/nonexistent/config.toml")
        #expect(file.profiles.isEmpty)
        #expect(try file.profile(nil) == nil)
        #expect(throws: ConfigurationError.self) { try file.profile("acme") }
    }

    @Test(arguments: [
        (
            "[profiles.acme]\ntoken_comand = 'x'",
            "profile 'acme': unknown key 'token_comand'; did you mean 'token_command'?"
        ),
        ("[profiles.acme]\nportal_id = 1", "did you mean 'portalId'?"),
        ("[profiles.acme]\nzzz = 1", "known are auth"),
        ("defaultprofile = 'x'", "did you mean 'default_profile'?"),
        ("default_profile = 'acne'\n[profiles.acme]", "did you mean 'acme'?"),
        ("[profiles.acme]\nportalId = 'x'", "portalId must be a whole number"),
        ("[profiles.acme]\nportalId = -1", "positive"),
        ("[profiles.acme]\nread_only = 'yes'", "read_only must be true or false, not string"),
        ("[profiles.acme]\ntoken_command = 7", "token_command must be a string, not integer"),
        ("[profiles.acme]\nauth = 'magic'", "there is no such kind of credential"),
        ("[profiles.acme]\nauth = 'api_key'", "HubSpot takes no API keys since 30 November 2022"),
        ("[profiles.acme]\nauth = 'oauth'", "use auth = \"token\""),
        ("[profiles.acme]\nlimits = 'gold'", "profile 'acme': limits:"),
        ("[profiles.acme]\nbase_url = 'http://x'", "profile 'acme': base_url:"),
        ("[profiles.acme]\napi_version = 'v9'", "2026-09, 2026-03, v3"),
        ("[profiles.acme]\ntoken_env = 'A'\ntoken_file = 'b'", "token_env and token_file are given"),
        ("[profiles.acme]\ntoken = 'pat-na1-secret'", "'token' does not belong into this file"),
        ("profiles = 3", "profiles must be a table"),
        ("[profiles]\nacme = 3", "profiles.acme is no table"),
        ("x = = 3", "/home/ada/config.toml:1"),
    ])
    func `says where it is wrong`(text: String, expected: String) {
        let error = #expect(throws: ConfigurationError.self) { try parse(text).profile("acme") }
        #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("/home/ada/config.toml") == true)
        #expect(error?.message.contains("pat-na1-secret") == false)
    }
}
