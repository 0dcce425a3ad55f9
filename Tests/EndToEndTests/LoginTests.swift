import Foundation
import Glibc
import Testing

@Suite("A login") struct LoginTests {
    private static let secret = "pat-na1-11111111-2222-4333-8444-555555555555"

    @Test func `asks a person what there is, and shows no secret as it is typed`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(
                home, "--token", Self.secret, "--scopes",
                "crm.objects.contacts.read,crm.objects.contacts.highly_sensitive.read.v2"
            ) { server in
                let terminal = try Terminal(
                    home,
                    ["auth", "login", "--base-url", server.url])
                try await terminal.expect("a service key or a private app's token")
                try await terminal.expect("Number [1]:")
                terminal.enter("9")
                try await terminal.expect("a number from 1 to 6")
                terminal.enter("")
                try await terminal.expect("A service key: in HubSpot under Settings")
                try await terminal.expect("can no longer be created")
                try await terminal.expect("no others")
                try await terminal.expect("Token (a service key or a private app's token) for profile 'default':")
                terminal.enter(Self.secret)
                try await terminal.expect("is set up for portal 20000001 with pat-na1-••••")
                try await terminal.expect("account DEVELOPER_TEST, region na1")
                try await terminal.expect("crm.objects.contacts.read opens contacts:read")
                try await terminal.expect(
                    "it may do more than moonspot needs here: crm.objects.contacts.highly_sensitive.read.v2")
                #expect(try await terminal.end() == 0)
                #expect(!terminal.transcript.contains("2222-4333"))
                let status = try await home.run("auth", "status", "--allow", "contacts:read,account:read")
                #expect(status.status == 0, "\(status.errors)")
                #expect(status.output.contains("calls used") && status.output.contains("0 days"), "\(status.output)")
            }
        }
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT]) func `gives the terminal its echo back when a signal ends it`(
        signal: Int32
    ) async throws {
        try await Home.with { home in
            let terminal = try Terminal(home, ["auth", "login", "--kind", "token"])
            try await terminal.expect("for profile 'default':")
            #expect(try await terminal.echo(is: false))
            kill(terminal.pid, signal)
            #expect(try await terminal.echo(is: true))
            #expect(try await terminal.end() == 128 + signal)
        }
    }

    @Test(arguments: [
        ["auth", "login", secret], ["auth", "login", "--", secret], ["auth", "login", "--token=\(secret)"],
    ])
    func `takes no secret as an argument, and does not repeat it`(words: [String]) async throws {
        try await Home.with { home in
            let result = try await home.start(words).finish()
            #expect(result.status == 2)
            #expect(!(result.output + result.errors).contains("2222-4333"), "\(result.errors)")
        }
    }

    @Test func `loses nothing of seven others at the same time, nor of what a person wrote`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--token", Self.secret) { server in
                let configuration = try home.write(
                    "# mine\n[profiles.hand] # by hand\ntoken_env = 'X'\n", to: "config.toml")
                try await withThrowingTaskGroup(of: Child.Result.self) { group in
                    for number in 1...8 {
                        group.addTask {
                            try await home.start(
                                ["auth", "login", "--profile", "p\(number)", "--base-url", server.url],
                                environment: ["MOONSPOT_CONFIG": configuration]
                            ).finish(input: "\(Self.secret)\n")
                        }
                    }
                    for try await result in group { #expect(result.status == 0, "\(result.errors)") }
                }
                let list = try await home.run("auth", "list", environment: ["MOONSPOT_CONFIG": configuration])
                let names = list.output.split(separator: "\n").compactMap { $0.split(separator: " ").first }
                #expect(names.sorted() == ["hand", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"])
                #expect(try home.read("config.toml").hasPrefix("# mine\n[profiles.hand] # by hand\ntoken_env = 'X'\n"))
                let modes = try await home.shell("stat -c %a \"$HOME\"/*.token \"$HOME/config.toml\" | sort -u")
                #expect(modes.output == "600\n")
            }
        }
    }

    @Test func `is refused for HubSpot's own servers where they take no such credential`() async throws {
        try await Home.with { home in
            for kind in ["api_key", "header", "query"] {
                let result = try await home.start([
                    "auth", "login", "--kind", kind, "--header", "X-Api-Key", "--query", "key",
                ]).finish(input: "canary-secret\n")
                #expect(result.status == 2)
                #expect(result.errors.contains("service key"), "\(result.errors)")
                #expect((kind == "api_key") == result.errors.contains("30 November 2022"))
            }
        }
    }

    @Test func `to a gateway keeps what it takes, and the session sends it there`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home) { server in
                // The simulator stands for a gateway that looks at nothing.
                try await server.control(
                    "PUT", "/_simulator/faults",
                    body:
                        #"{"rules":[{"path":"/account-info/*/details","times":100,"action":{"status":200,"body":"{\"portalId\":7}"}}]}"#
                )
                let login = try await home.start([
                    "auth", "login", "--kind", "header", "--header", "X-Api-Key", "--base-url", server.url,
                ]).finish(input: "canary-secret-value\n")
                #expect(login.status == 0, "\(login.errors)")
                #expect(login.output.contains("portal 7"))
                let text = try home.read(".config/moonspot/config.toml")
                #expect(
                    text.contains("auth = \"header\"") && text.contains("header = \"X-Api-Key\"")
                        && !text.contains("canary"))
                let status = try await home.run("auth", "status")
                #expect(status.status == 0, "\(status.errors)")
                #expect(!(status.output + status.errors).contains("canary"))
            }
        }
    }
}

@Suite("Profiles") struct ProfileCommandTests {
    @Test func `are listed, made the default, and asked about one by one`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home) { server in
                let configuration = try home.write(
                    """
                    default_profile = "b" # mine
                    [profiles.a]
                    base_url = "\(server.url)"
                    token_env = "GOOD"
                    [profiles.b]
                    base_url = "\(server.url)"
                    token_env = "BAD"
                    [profiles.c]
                    auth = "magic"

                    """, to: "config.toml")
                let environment = [
                    "MOONSPOT_CONFIG": configuration, "GOOD": server.token, "BAD": "pat-na1-99999999-2222",
                ]
                let list = try await home.run("auth", "list", "--output", "json", environment: environment)
                let rows = try #require(
                    try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]])
                #expect(rows.map { $0["profile"] as? String } == ["a", "b", "c"])
                #expect(rows.map { $0["default"] as? Bool } == [false, true, false])
                #expect(rows[2]["problem"] != nil)

                let all = try await home.run("auth", "status", "--all", "--output", "json", environment: environment)
                #expect(all.status == 3)
                let documents = try #require(
                    try JSONSerialization.jsonObject(with: Data(all.output.utf8)) as? [[String: Any]])
                #expect(documents.map { $0["state"] as? String } == ["works", "unrecognised", "misconfigured"])
                #expect(!(all.output + all.errors).contains("99999999"))

                #expect(try await home.run("auth", "default", "a", environment: environment).status == 0)
                #expect(try home.read("config.toml").hasPrefix("default_profile = \"a\"\n[profiles.a]\n"))
                #expect(try await home.run("-e", "hubspot.session.profile", environment: environment).output == "a\n")
                let unknown = try await home.run("auth", "default", "zz", environment: environment)
                #expect(unknown.status == 2 && unknown.errors.contains("no profile 'zz'"))
            }
        }
    }

    @Test func `say what they do not know with the nearest name`() async throws {
        try await Home.with { home in
            let configuration = try home.write("[profiles.a]\nauth = 'header'\nheadr = 'X'\n", to: "config.toml")
            let result = try await home.run(
                "--profile", "a", "-e", "1", environment: ["MOONSPOT_CONFIG": configuration])
            #expect(result.status == 2 && result.errors.contains("did you mean 'header'?"), "\(result.errors)")
        }
    }

    @Test func `may have a command that asks on the terminal, and Ctrl-C ends it`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home) { server in
                let configuration = try home.write(
                    "[profiles.a]\nbase_url = '\(server.url)'\ntoken_command = 'printf \"Passphrase: \" >&2; read word; test \"$word\" = sesame && echo \(server.token)'\n",
                    to: "config.toml")
                let environment = ["MOONSPOT_CONFIG": configuration]
                let code = ["--profile", "a", "-e", "hubspot.account.info().portalId"]
                let asked = try Terminal(home, code, environment: environment)
                try await asked.expect("Passphrase: ")
                asked.enter("sesame")
                try await asked.expect("20000001")
                #expect(try await asked.end() == 0)

                let ended = try Terminal(home, code, environment: environment)
                try await ended.expect("Passphrase: ")
                ended.type("\u{03}")
                #expect(try await ended.end() == 130)
            }
        }
    }
}
