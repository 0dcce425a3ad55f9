import HubSpot
import Testing

@testable import Moonspot

@Suite("Logging in and out") struct ProfileFileTests {
    private func make(_ folder: TemporaryFolder) -> ProfileFile {
        ProfileFile(environment: ProcessEnvironment(variables: ["MOONSPOT_CONFIG": folder.path + "/config.toml"]))
    }

    private func settings(_ token: String, portalID: Int64, baseURL: BaseURL? = nil) -> LoginSettings {
        LoginSettings(secret: Array(token.utf8), portalID: portalID, baseURL: baseURL)
    }

    @Test func `makes the first profile the default and keeps its token to its owner`() async throws {
        let folder = try TemporaryFolder()
        try await make(folder).login("acme", settings("pat-na1-x", portalID: 7))
        #expect(
            folder.read("config.toml") == """
                default_profile = "acme"
                [profiles.acme]
                auth = "token"  # by moonspot auth login
                token_file = "acme.token"  # by moonspot auth login
                portalId = 7  # by moonspot auth login

                """)
        #expect(folder.read("acme.token") == "pat-na1-x\n")
        #expect(folder.mode(of: "acme.token") == 0o600)
    }

    @Test func `leaves alone what it does not own`() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            # mine
            default_profile = "old"
            [profiles.acme] # to be changed
            read_only = true
            token_command = "pass show acme"
            [profiles.old]
            token_env = "OLD_TOKEN"
            """, to: "config.toml")
        let file = make(folder)
        try await file.login("acme", settings("t", portalID: 8, baseURL: try BaseURL("http://127.0.0.1:9")))
        #expect(
            folder.read("config.toml") == """
                # mine
                default_profile = "old"
                [profiles.acme] # to be changed
                auth = "token"  # by moonspot auth login
                token_file = "acme.token"  # by moonspot auth login
                portalId = 8  # by moonspot auth login
                base_url = "http://127.0.0.1:9"  # by moonspot auth login
                read_only = true
                [profiles.old]
                token_env = "OLD_TOKEN"

                """)
        #expect(try await file.logout("acme") == .tokenIsGone)
        #expect(folder.read("acme.token") == nil)
        #expect(
            folder.read("config.toml") == """
                # mine
                default_profile = "old"
                [profiles.acme] # to be changed
                read_only = true
                [profiles.old]
                token_env = "OLD_TOKEN"

                """)
        await #expect(throws: ConfigurationError.self) { try await file.logout("old") }
        await #expect(throws: ConfigurationError.self) { try await file.logout("nobody") }
    }

    @Test func `removes no file that a login has not made`() async throws {
        let folder = try TemporaryFolder()
        let text = """
            [profiles.acme]
            token_file = "acme.token"

            # about the next one
            [profiles.other]
            token_env = "OTHER"

            """
        try folder.write(text, to: "config.toml")
        try folder.write("pat-na1-mine", to: "acme.token")
        await #expect(throws: ConfigurationError.self) { try await make(folder).logout("acme") }
        #expect(folder.read("acme.token") == "pat-na1-mine")
        #expect(folder.read("config.toml") == text)
    }

    @Test func `takes nothing over that a person wrote`() async throws {
        let folder = try TemporaryFolder()
        let file = make(folder)
        try folder.write("pat-na1-mine", to: "acme.token")
        await #expect(throws: ConfigurationError.self) { try await file.login("acme", settings("t", portalID: 7)) }
        #expect(folder.read("acme.token") == "pat-na1-mine")

        let text = "[profiles.hand]\nbase_url = \"http://127.0.0.1:9\" # mine\nlimits = \"free\"\n"
        try folder.write(text, to: "config.toml")
        try await file.login("hand", settings("t", portalID: 7, baseURL: try BaseURL("http://127.0.0.1:9")))
        #expect(try await file.logout("hand") == .tokenIsGone)
        #expect(folder.read("config.toml") == text)
    }

    @Test func `keeps what stands before the next profile`() async throws {
        let folder = try TemporaryFolder()
        let file = make(folder)
        try await file.login("acme", settings("t", portalID: 7))
        try folder.write(
            (folder.read("config.toml") ?? "") + "\n# about the next one\n[profiles.other]\ntoken_env = \"OTHER\"\n",
            to: "config.toml")
        #expect(try await file.logout("acme") == .profileIsGone)
        #expect(folder.read("config.toml") == "\n# about the next one\n[profiles.other]\ntoken_env = \"OTHER\"\n")
    }

    @Test func `leaves no file where nothing is left`() async throws {
        let folder = try TemporaryFolder()
        let file = make(folder)
        try await file.login("acme", settings("t", portalID: 7))
        #expect(try await file.logout("acme") == .profileIsGone)
        #expect(folder.read("config.toml") == nil)
    }

    @Test(arguments: ["", "a b", "../x", "a.b", "ü"])
    func `refuses a name that is no bare key`(name: String) {
        #expect(throws: ConfigurationError.self) { try ProfileFile.check(name) }
    }

    @Test func `reads keys in quotes, and texts and lists over several lines`() async throws {
        let folder = try TemporaryFolder()
        let other = """
            [profiles.b]
            token_command = \"\"\"
            [profiles.acme]
            token_env = "no"
            echo x\"\"\"

            """
        try folder.write(
            other + """
                [profiles."acme"]
                auth = "oauth"
                "client_id" = "7"
                scopes = [  # some
                  "oauth",  # ]
                  "forms",
                ]
                'read_only' = true # mine

                """, to: "config.toml")
        try await make(folder).login("acme", settings("t", portalID: 7))
        #expect(
            folder.read("config.toml") == other + """
                [profiles."acme"]
                auth = "token"  # by moonspot auth login
                token_file = "acme.token"  # by moonspot auth login
                portalId = 7  # by moonspot auth login
                'read_only' = true # mine

                """)
        #expect(try await make(folder).logout("acme") == .tokenIsGone)
        #expect(folder.read("config.toml") == other + "[profiles.\"acme\"]\n'read_only' = true # mine\n")
    }

    @Test func `keeps the line ends of Windows`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("[profiles.acme]\r\nread_only = true\r\n", to: "config.toml")
        try await make(folder).login("acme", settings("t", portalID: 7))
        let text = try #require(folder.read("config.toml"))
        #expect(text.hasPrefix("[profiles.acme]\r\nauth = ") && text.hasSuffix("read_only = true\r\n"))
        #expect(!text.unicodeScalars.split(separator: "\n").dropLast().contains { $0.last != "\r" })
        #expect(try await make(folder).logout("acme") == .tokenIsGone)
        #expect(folder.read("config.toml") == "[profiles.acme]\r\nread_only = true\r\n")
    }

    @Test(arguments: [
        "profiles = { acme = { token_env = \"Y\" } }\n", "profiles.acme.token_env = \"Y\"\n",
        "[profiles]\nacme.token_env = \"Y\"\n",
    ]) func `changes no profile without a heading, and leaves no secret behind`(text: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "config.toml")
        for isLogin in [true, false] {
            let error = await #expect(throws: ConfigurationError.self) {
                if isLogin { try await make(folder).login("acme", settings("t", portalID: 7)) }
                if !isLogin { _ = try await make(folder).logout("acme") }
            }
            #expect(error?.message.contains("[profiles.acme]") == true)
        }
        #expect(throws: ConfigurationError.self) { try make(folder).checkChange("acme") }
        #expect(folder.read("config.toml") == text && folder.read("acme.token") == nil)
    }

    @Test func `takes away what an earlier login has kept and this one does not need`() async throws {
        let folder = try TemporaryFolder()
        let file = make(folder)
        try await file.login("acme", settings("t", portalID: 7))
        var app = settings("s", portalID: 7)
        app.kind = .clientCredentials
        app.clientID = "7"
        app.scopes = ["oauth"]
        try await file.login("acme", app)
        #expect(folder.read("acme.token") == nil && folder.read("acme.client") == "s\n")
        try await file.login("acme", settings("t", portalID: 7))
        #expect(folder.read("acme.token") == "t\n" && folder.read("acme.client") == nil)
    }
}
