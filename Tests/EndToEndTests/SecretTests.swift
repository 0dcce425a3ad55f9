import Foundation
import Testing

@Suite("The token") struct SecretTests {
    static let token = "pat-na1-11111111-2222-4333-8444-555555555555"

    @Test func `is not in the environment of the script, its children, or the process`() async throws {
        try await Home.with { home in
            let code = """
                print(os.getenv("HUBSPOT_ACCESS_TOKEN"))
                local list = io.popen("env"):read("a")
                local own = io.open("/proc/self/environ", "rb"):read("a")
                local command = io.open("/proc/self/cmdline", "rb"):read("a")
                print((list .. own .. command):find("11111111-" .. "2222", 1, true))
                """
            let result = try await home.run("-e", code, environment: ["HUBSPOT_ACCESS_TOKEN": Self.token])
            #expect(result.output == "nil\nnil\n", "\(result.errors)")
        }
    }

    @Test func `is not in an error, a log or the session's table`() async throws {
        try await Home.with { home in
            let code = """
                for name, value in pairs(hubspot.session) do print(name, value) end
                print(select(2, pcall(hubspot.contacts.list)))
                error(select(2, pcall(hubspot.contacts.list)))
                """
            let result = try await home.run(
                "--log-level", "trace", "--base-url", "http://127.0.0.1:1", "-e", code,
                environment: ["HUBSPOT_ACCESS_TOKEN": Self.token])
            #expect(!(result.output + result.errors).contains("11111111-2222"))
            #expect(result.status == 5, "\(result.errors)")
        }
    }

    @Test(arguments: [
        "auth login TK", "auth login --kind TK", "auth login --port TK", "auth login --timeout TK", "auth login -tTK",
        "auth login --TK", "auth status TK", "auth list TK", "auth TK", "auth logout TK", "auth default TK",
        "auth status --profile TK", "doctor TK", "doctor --profile TK --output json", "limits TK", "repl TK",
        "simulator TK", "--profile TK -e 1", "TK", "run TK", "check TK", "history TK", "undo TK",
        "--base-url https://x:TK@api.hubapi.com -e 1", "--forms-url https://x:TK@api.hubapi.com -e 1",
        "--base-url http://127.0.0.1:9/?hapikey=TK -e 1", "--store redis://:TK@127.0.0.1/0 -e 1",
        "auth login --base-url https://TK@api.hubapi.com",
    ]) func `given as an argument is refused by no command with the token in the answer`(line: String) async throws {
        try await Home.with { home in
            for secret in [Self.token, "s3cret-0f-n0-shape-at-all"] {
                // One without a shape is known by its place: in an address, or a word too many for one of these commands.
                guard secret == Self.token || line.contains(/@|hapikey|^auth (login |status |list |logout |)TK$/) else {
                    continue
                }
                let words = line.split(separator: " ").map { String($0).replacing("TK", with: secret) }
                let result = try await home.start(words).finish()
                #expect(result.status != 0)
                #expect(!(result.output + result.errors).contains(secret), "\(result.output)\(result.errors)")
                #expect(result.output + result.errors != "")
            }
        }
    }

    @Test func `is in no file of the state folder`() async throws {
        try await Home.with { home in
            try await SimulatorServer.with(home, "--token", Self.token) { server in
                _ = try await home.run("-e", "hubspot.contacts.count()", environment: server.environment)
            }
            let found = try await home.shell("grep -rlaF 11111111-2222 \"$HOME\"; true")
            #expect(found.output.isEmpty, "\(found.output)")
        }
    }
}
