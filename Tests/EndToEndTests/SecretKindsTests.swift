import Foundation
import Glibc
import Testing

@Suite("The secret of every kind") struct SecretKindsTests {
    private static let canary = "canary-7f3a-11aa-22bb-33cc"

    /// A profile of that kind, for a server that is not HubSpot's.
    private static func profile(_ kind: String, _ url: String) -> String {
        let how =
            switch kind {
            case "header": "auth = 'header'\nheader = 'X-Api-Key'"
            case "query": "auth = 'query'\nquery = 'key'"
            case "client_credentials": "auth = 'client_credentials'\nclient_id = 'app'\nscopes = ['oauth']"
            default: "auth = '\(kind)'"
            }
        let source = kind == "client_credentials" ? "client_secret_env" : "token_env"
        return "default_profile = 'a'\n[profiles.a]\nbase_url = '\(url)'\n\(how)\n\(source) = 'CANARY'\n"
    }

    @Test(arguments: ["token", "api_key", "header", "query", "client_credentials"])
    func `is in no error, no log, no file, no child and no argument`(kind: String) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                // The server repeats the whole address and all that it can in what it answers.
                try await server.control(
                    "PUT", "/_simulator/faults",
                    body:
                        #"{"rules":[{"times":1000,"action":{"status":400,"headers":{"Link":"</x?key=\#(Self.canary)>"},"body":"{\"message\":\"refused \#(Self.canary) and ?hapikey=\#(Self.canary)\",\"error\":\"invalid_client\"}"}}]}"#
                )
                let environment = [
                    "MOONSPOT_CONFIG": try home.write(Self.profile(kind, server.url), to: "config.toml"),
                    "CANARY": Self.canary, "MOONSPOT_STATE": home.path("state"),
                ]
                let code = """
                    print(select(2, pcall(hubspot.contacts.list)))
                    local answer = select(2, pcall(hubspot.request, 'GET', '/crm/v3/objects/contacts', { raise = false }))
                    print(json.encode(answer))
                    for name, value in pairs(hubspot.session) do print(name, value) end
                    print(os.getenv('CANARY'), io.popen('env; ps -ef; cat /proc/$PPID/environ /proc/$PPID/cmdline'):read('a'))
                    hubspot.contacts.create{ email = 'ada@example.org' }
                    """
                let run = try await home.run("--log-level", "trace", "-e", code, environment: environment)
                #expect(run.status != 0 && run.output.contains("refused"), "\(run.errors)")
                #expect(!(run.output + run.errors).contains(Self.canary), "\(run.output)\n\(run.errors)")
                for words in [["auth", "status"], ["auth", "list"], ["doctor"], ["limits"]] {
                    let command = try await home.start(
                        words + (words == ["auth", "list"] ? [] : ["--log-level", "trace"]),
                        environment: environment
                    ).finish()
                    #expect(!(command.output + command.errors).contains(Self.canary), "\(words)")
                }
                let found = try await home.shell("grep -rlaF \(Self.canary) \"$HOME\"; true")
                #expect(found.output.isEmpty, "\(found.output)")
            }
        }
    }

    @Test(arguments: ["token", "api_key", "header", "query", "client_credentials"])
    func `is in no history, transcript, saved script, journal or state file, though it was typed`(
        kind: String
    ) async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0", "--token", Self.canary) { server in
                try await expectNothingKept(
                    home, of: [Self.canary], runs: kind == "client_credentials" ? 0 : 2,
                    environment: [
                        "MOONSPOT_CONFIG": try home.write(Self.profile(kind, server.url), to: "config.toml"),
                        "CANARY": Self.canary,
                    ])
            }
        }
    }

    @Test func `is in none of these for an OAuth app, nor are its tokens`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--contacts", "0", "--oauth-life", "600s") { server in
                let done = try await login(home, server, port: freePort())
                #expect(done.status == 0, "\(done.errors)")
                // It is renewed by the first call, which takes the app's secret.
                try age(home, by: 601)
                _ = try await home.run("-e", "hubspot.contacts.count()")
                try age(home, by: 601)
                let tokens = try JSONSerialization.jsonObject(
                    with: Data(home.read(".config/moonspot/app.oauth").utf8))
                let refresh = try #require((tokens as? [String: Any])?["refresh_token"] as? String)
                try await expectNothingKept(home, of: [App.secret, refresh])
            }
        }
    }

    /// Types secrets in every way that leads to a file, and looks for them there.
    private func expectNothingKept(
        _ home: Home, of secrets: [String], runs: Int = 2, environment: [String: String] = [:]
    ) async throws {
        let variables = environment.merging(["MOONSPOT_STATE": home.path("state")]) { $1 }
        let terminal = try Terminal(home, ["repl"], environment: variables)
        try await terminal.expect("> ")
        try await terminal.runLine("pcall(hubspot.contacts.list)")
        try await terminal.runLine(":set pager off")
        try await terminal.runLine(":record \(home.path("session.txt"))")
        for secret in secrets {
            for line in [
                "typed = '\(secret)'", "failing = '\(secret)' + 1",
                "pcall(hubspot.contacts.create, { firstname = '\(secret)' }); 'crea' .. 'ted', '\(secret)'", ":http",
                ":curl", ":history \(secret)",
            ] {
                try await terminal.runLine(line)
            }
        }
        try await terminal.runLine(":save \(home.path("saved.lua"))")
        try await terminal.runLine(":record off")
        terminal.type("\u{4}")
        #expect(try await terminal.end() == 0)
        // A run of its own, whose very first call is a write. (An app's secret is known where it was needed.)
        let typed = try #require(secrets.last)
        _ = try await home.start(
            ["-e", "hubspot.contacts.create{ lastname = '\(typed)' }", "--", typed], environment: variables
        ).finish()

        #expect(try home.read("state/history").contains("typed = '"))
        #expect(try home.read("session.txt").contains("> typed = '"))
        #expect(try home.read("saved.lua").contains("typed = '"))
        let journal = try await home.start(["history", "--output", "jsonl"], environment: variables).finish()
        // What never had a credential has written nothing.
        #expect(journal.output.split(separator: "\n").count == runs, "\(journal.output)\(journal.errors)")
        for secret in secrets {
            let found = try await home.shell(
                "cd \"$HOME\" && grep -rlaF -e '\(secret)' state session.txt saved.lua; true")
            #expect(found.output.isEmpty, "\(found.output)")
        }
    }

    @Test func `is in no core dump, and no other process may read it out of this one`() async throws {
        try await Home.with { home in
            // What may not be dumped or traced belongs to root in /proc.
            let line = """
                if [ "$(id -u)" = 0 ]; then set -- setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; fi
                "$@" -e "print(io.popen('stat -c %u /proc/\\$PPID/environ'):read('l'))"
                """
            let result = try await home.shell(line)
            #expect(result.output == "0\n", "\(result.errors)")
        }
    }
}
