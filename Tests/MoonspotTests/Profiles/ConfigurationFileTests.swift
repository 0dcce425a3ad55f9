import HubSpot
import Testing

@testable import Moonspot
import Quota

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
        let file = try parse("default_profile = 'good'\n[profiles.good]\n[profiles.old]\nauth = 'magic'\n")
        #expect(try file.profile(nil)?.name == "good")
        #expect(file.names == ["good", "old"])
        #expect(throws: ConfigurationError.self) { try file.profile("old") }
    }

    @Test func `says how each kind of credential goes on a request`() throws {
        let file = try parse(
            """
            [profiles.key]
            auth = "api_key"
            token_env = "KEY"
            [profiles.gateway]
            auth = "header"
            header = "X-Api-Key"
            prefix = "Key "
            keyring = true
            [profiles.old]
            auth = "query"
            query = "key"
            token_file = "old"
            [profiles.app]
            auth = "oauth"
            client_id = "id"
            client_secret_env = "SECRET"
            scopes = ["oauth", "forms"]
            redirect_uri = "http://localhost:9000/back"
            """)
        #expect(try file.profile("key")?.placement == .apiKey)
        #expect(try file.profile("gateway")?.placement == CredentialPlacement(header: "X-Api-Key", prefix: "Key "))
        #expect(try file.profile("gateway")?.token == .keyring)
        #expect(try file.profile("old")?.placement == CredentialPlacement(query: "key"))
        let app = try #require(try file.profile("app")?.app)
        #expect(app.secret == .environment("SECRET") && app.scopes == ["oauth", "forms"])
        #expect(try file.profile("app")?.login.path == "/home/ada/app.oauth")
    }

    @Test func `may be missing`() throws {
        let file = try ConfigurationFile.load("/nonexistent/config.toml")
        #expect(file.profiles.isEmpty)
        #expect(try file.profile(nil) == nil)
        #expect(throws: ConfigurationError.self) { try file.profile("acme") }
    }

    @Test func `tells of a default that does not exist where it is asked for alone`() throws {
        let file = try parse("default_profile = 'acne'\n[profiles.acme]")
        #expect(try file.profile("acme")?.name == "acme")
        let error = #expect(throws: ConfigurationError.self) { try file.profile(nil) }
        #expect(error?.message.contains("default_profile names 'acne'") == true)
        #expect(error?.message.contains("did you mean 'acme'?") == true)
    }

    @Test(arguments: [
        (
            "[profiles.acme]\ntoken_comand = 'x'",
            "profile 'acme': unknown key 'token_comand'; did you mean 'token_command'?"
        ),
        ("[profiles.acme]\nportal_id = 1", "did you mean 'portalId'?"),
        ("[profiles.acme]\nzzz = 1", "known are auth"),
        ("defaultprofile = 'x'", "did you mean 'default_profile'?"),
        ("[profiles.acme]\nportalId = 'x'", "portalId must be a whole number"),
        ("[profiles.acme]\nportalId = -1", "positive"),
        ("[profiles.acme]\nread_only = 'yes'", "read_only must be true or false, not string"),
        ("[profiles.acme]\ntoken_command = 7", "token_command must be a string, not integer"),
        ("[profiles.acme]\nauth = 'magic'", "there is no such kind of credential"),
        ("[profiles.acme]\nauth = 'oath'", "did you mean 'oauth'?"),
        ("[profiles.acme]\nauth = 'oauth'", "needs the app's client_id"),
        ("[profiles.acme]\nauth = 'oauth'\nclient_id = 'x'\ntoken_env = 'A'", "gets its tokens itself"),
        (
            "[profiles.acme]\nauth = 'oauth'\nclient_id = 'x'\nclient_secret = 'pat-na1-secret'",
            "does not belong into this file"
        ),
        ("[profiles.acme]\nauth = 'oauth'\nclient_id = 'x'\nscopes = 'forms'", "scopes must be a list of strings"),
        ("[profiles.acme]\nauth = 'oauth'\nclient_id = 'x'\nauth_url = 'http://x.org/a'", "auth_url:"),
        (
            "[profiles.acme]\nauth = 'oauth'\nclient_id = 'x'\nredirect_uri = 'https://x.org/a'",
            "must lead to this machine"
        ),
        ("[profiles.acme]\nclient_id = 'x'", "belongs to auth = \"oauth\""),
        ("[profiles.acme]\nauth = 'header'", "needs the header's name"),
        ("[profiles.acme]\nauth = 'header'\nheader = 'a b'", "no header's name"),
        ("[profiles.acme]\nauth = 'query'", "needs the query's key"),
        ("[profiles.acme]\nquery = 'key'", "belongs to auth = \"query\""),
        ("[profiles.acme]\nkeyring = true\ntoken_env = 'A'", "keyring and another source"),
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
