import Foundation
import Testing

@Suite("moonspot auth") struct AuthCommandTests {
    @Test func `status asks HubSpot, and ends with 3 where the token is not accepted`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home) { server in
                let good = try await home.run("auth", "status", environment: server.environment)
                #expect(good.status == 0, "\(good.errors)")
                #expect(good.output.contains("portal"))
                #expect(good.output.contains("20000001"))
                #expect(!good.output.contains(server.token))

                var wrong = server.environment
                wrong["HUBSPOT_ACCESS_TOKEN"] = "pat-na1-11111111-2222-3333-4444-555555555555"
                let bad = try await home.run("auth", "status", "--output", "json", environment: wrong)
                #expect(bad.status == 3)
                let document = try #require(
                    try JSONSerialization.jsonObject(with: Data(bad.output.utf8)) as? [String: Any])
                #expect(document["works"] as? Bool == false)
                #expect(!(bad.output + bad.errors).contains("11111111-2222"))
            }
        }
    }

    @Test func `takes the session's options before its own commands`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home) { server in
                let login = try await home.start(
                    ["--base-url", server.url, "--profile", "here", "auth", "login"]
                ).finish(input: server.token + "\n")
                #expect(login.status == 0, "\(login.errors)")
                #expect(login.errors.isEmpty)
                let status = try await home.run("--profile", "here", "auth", "status")
                #expect(status.status == 0, "\(status.errors)")
                #expect(status.output.contains("here"))
            }
        }
    }

    @Test func `login stores nothing that was not tested with HubSpot`() async throws {
        try await Home.with { home in
            let refused = try await home.start(["auth", "login", "--simulator"]).finish(input: "anything\n")
            #expect(refused.status == 2)
            #expect(refused.errors.contains("--base-url"))
            try await SimulatorServer.with(home) { server in
                _ = try home.write(
                    "[profiles.here]\nportalId = 7\nbase_url = \"\(server.url)\"\n", to: "config.toml")
                let wrong = try await home.start(
                    ["auth", "login", "--profile", "here"], environment: ["MOONSPOT_CONFIG": home.path("config.toml")]
                ).finish(input: "pat-na1-11111111-2222-3333-4444-555555555555\n")
                #expect(wrong.status == 3, "\(wrong.errors)")
            }
            #expect(!home.exists("here.token"))
            #expect(!home.exists(".config/moonspot/default.token"))
        }
    }

    @Test(arguments: [["--output", "json"], ["--read-only"], ["--limits", "free"], ["--untrusted"]])
    func `login takes no option that means nothing to it`(options: [String]) async throws {
        try await Home.with { home in
            let refused = try await home.start(["auth", "login"] + options).finish(input: "pat-na1-x\n")
            #expect(refused.status == 2)
            #expect(refused.errors.contains("Unknown option '\(options[0])'"), "\(refused.errors)")
            #expect(!home.exists(".config/moonspot/config.toml"))
        }
    }

    @Test func `status does not show a token_command, nor does its failure`() async throws {
        try await Home.with { home in
            _ = try home.write(
                "default_profile = \"a\"\n[profiles.a]\ntoken_command = \"echo pat-na1-canary >/dev/null; exit 3\"\n",
                to: "config.toml")
            let result = try await home.run(
                "auth", "status", environment: ["MOONSPOT_CONFIG": home.path("config.toml")])
            #expect(result.status == 3)
            #expect(!(result.output + result.errors).contains("canary"))
            #expect(result.errors.contains("status 3"))
        }
    }
}

@Suite("A profile's token") struct ProfileCredentialTests {
    private static let expired =
        #"{\"message\":\"The OAuth token used to make this call expired 2 hour(s) ago.\",\"category\":\"EXPIRED_AUTHENTICATION\",\"context\":{\"expire time\":[\"2026-11-21T10:00:00Z\"]}}"#

    @Test func `comes anew from its command where it has expired`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                try await server.control(
                    "PUT", "/_simulator/faults",
                    body: #"{"rules":[{"nth":1,"times":1,"action":{"status":401,"body":"\#(Self.expired)"}}]}"#)
                // Gives an old token once, and the new one from then on.
                let file = home.path("token")
                let command =
                    "cat '\(file)' 2>/dev/null || echo pat-na1-old; umask 077; echo \(server.token) > '\(file)'"
                let configuration = try home.write(
                    "[profiles.acme]\nbase_url = \"\(server.url)\"\ntoken_command = \"\(command)\"\n", to: "config.toml"
                )
                let result = try await home.run(
                    "--profile", "acme", "-e", "hubspot.contacts.create{ email = 'ada@example.org' }.email",
                    environment: ["MOONSPOT_CONFIG": configuration])
                #expect(result.status == 0 && result.output == "ada@example.org\n", "\(result.errors)")
                let stats = try await server.control("GET", "/_simulator/stats")
                #expect(stats["by_status"] as? [String: Int] == ["401": 1, "201": 1])
            }
        }
    }
}

@Suite("Commands say what they do") struct CommandOutputTests {
    @Test(arguments: ["limits", "doctor", "auth status"]) func `as JSON where that is asked for`(command: String)
        async throws
    {
        try await Home.with { home in
            let words = ["--simulator"] + command.split(separator: " ").map(String.init)
            let result = try await home.start(words + ["--output", "json"]).finish()
            #expect(result.status == 0, "\(result.errors)")
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(result.output.utf8)) }
            let csv = try await home.start(words + ["--output", "csv"]).finish()
            #expect(csv.status == 2)
            #expect(csv.output.isEmpty)
            #expect(csv.errors.contains("--output json"))
        }
    }

    @Test(arguments: ["limits", "doctor", "auth status"]) func `and which options mean nothing to them`(command: String)
        async throws
    {
        try await Home.with { home in
            let words =
                ["--simulator", "--untrusted", "--time-limit", "5s"] + command.split(separator: " ").map(String.init)
            let result = try await home.start(words).finish()
            #expect(result.status == 0)
            #expect(
                result.errors
                    == "moonspot: --time-limit, --untrusted mean nothing to \(command), which runs no script\n")
        }
    }

    @Test(arguments: [("bash", "_moonspot"), ("zsh", "#compdef moonspot"), ("fish", "complete -c 'moonspot'")])
    func `in the shell that completions are written for`(shell: String, words: String) async throws {
        try await Home.with { home in
            let result = try await home.run("--generate-completion-script", shell)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains(words), "\(result.output.prefix(80))")
        }
    }

    @Test(arguments: ["auth", "simulator", "limits", "doctor", "run", "repl"])
    func `under one name in their help`(command: String) async throws {
        try await Home.with { home in
            let result = try await home.run(command, "--help")
            #expect(result.status == 0)
            #expect(!result.output.contains("moonspot moonspot"))
            #expect(result.output.contains("moonspot"))
        }
    }

    @Test func `where the simulator cannot listen or open its file`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home) { server in
                let port = String(server.url.split(separator: ":").last ?? "")
                let taken = try await home.run("simulator", "--port", port)
                #expect(taken.status == 1)
                #expect(
                    taken.errors
                        == "moonspot: the simulator could not be started: 127.0.0.1:\(port) is in use; give another --port, or 0 for any that is free\n"
                )
            }
            let host = try await home.run("simulator", "--host", "203.0.113.7")
            #expect(host.status == 1)
            #expect(host.errors.contains("no address of this machine"))
            let unknown = try await home.run("simulator", "--host", "256.1.1.1")
            #expect(unknown.errors.contains("the host '256.1.1.1' is not known; give another --host"))
            let file = try await home.run("simulator", "--db", "/nowhere/at/all.sqlite")
            #expect(file.status == 1)
            #expect(file.errors.contains("--db /nowhere/at/all.sqlite"))
            #expect(!file.errors.contains("Error("))
        }
    }
}
