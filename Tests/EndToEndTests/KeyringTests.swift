import Foundation
import Testing

/// The desktop's keyring: gnome-keyring on a bus of its own, or where that cannot be installed a stand-in for `secret-tool`.
private struct Desktop: Sendable {
    let home: Home
    private let isReal: Bool

    init(_ home: Home) async throws {
        self.home = home
        let tools = try await home.shell("command -v dbus-run-session gnome-keyring-daemon secret-tool | wc -l")
        isReal = tools.output == "3\n"
        guard !isReal else { return }
        if ProcessInfo.processInfo.environment["CI"] == "true" {
            Issue.record("dbus, gnome-keyring and libsecret-tools are not installed")
        }
        FileHandle.standardError.write(Data("the keyring's tests run against a stand-in for secret-tool\n".utf8))
        let keeper = """
            #!/bin/sh
            verb=$1; shift
            [ "${1#--label}" = "$1" ] || shift
            file="$HOME/keyring-$(echo "$*" | tr -c 'a-z0-9\\n' '-')"
            case $verb in
            store) cat > "$file" ;;
            lookup) cat "$file" 2>/dev/null || exit 1 ;;
            clear) rm -f "$file" ;;
            esac
            """
        _ = try await home.writeProgram(keeper, to: "secret-tool")
    }

    /// Runs lines of shell in a session with an unlocked keyring; `$MOONSPOT` is the program.
    func session(_ lines: String, environment: [String: String] = [:]) async throws -> Child.Result {
        let variables = environment.merging(["MOONSPOT": Home.binary]) { $1 }
        guard isReal else {
            return try await home.shell("PATH=\"$HOME:$PATH\"\n\(lines)", environment: variables)
        }
        let script = try await home.writeProgram(
            """
            #!/bin/bash
            printf 'keyring' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
            \(lines)
            """, to: "session")
        return try await home.shell("dbus-run-session -- '\(script)'", environment: variables)
    }
}

@Suite("The keyring") struct KeyringTests {
    @Test func `keeps a token, gives it back, and forgets it`() async throws {
        try await Home.with { home in
            let desktop = try await Desktop(home)
            try await SimulatorServer.with(home, "--contacts", "2") { server in
                let done = try await desktop.session(
                    """
                    set -e
                    printf '%s\\n' '\(server.token)' | "$MOONSPOT" auth login --keyring --base-url \(server.url) >/dev/null
                    ls "$HOME/.config/moonspot"
                    grep -c keyring "$HOME/.config/moonspot/config.toml"
                    "$MOONSPOT" -e 'hubspot.contacts.count()'
                    "$MOONSPOT" auth status --output json
                    "$MOONSPOT" doctor | grep keyring
                    "$MOONSPOT" auth logout
                    secret-tool lookup application moonspot configuration "$HOME/.config/moonspot" profile default secret token || echo forgotten
                    """)
                #expect(done.status == 0, "\(done.output)\(done.errors)")
                let lines = done.output.split(separator: "\n")
                #expect(lines.prefix(4) == ["config.toml", "config.toml.lock", "1", "2"], "\(done.output)")
                #expect(done.output.contains("\"works\":true") && done.output.contains("the Secret Service answers"))
                #expect(lines.last == "forgotten", "\(done.output)")
                #expect(!done.output.contains(server.token))
                let left = try await home.shell("grep -rlF '\(server.token)' \"$HOME/.config\"; true")
                #expect(left.output.isEmpty)
            }
        }
    }

    @Test func `is told where it does not answer, and nothing is kept`() async throws {
        try await Home.with { home in
            _ = try await home.writeProgram(
                "#!/bin/sh\necho 'secret-tool: Cannot autolaunch D-Bus without X11 $DISPLAY' >&2; exit 1\n",
                to: "secret-tool")
            try await SimulatorServer.with(home, "--contacts", "0") { server in
                let login = "PATH=\"$HOME:$PATH\"; printf '%s\\n' '\(server.token)' | \"$@\""
                let refused = try await home.shell(login, "auth", "login", "--keyring", "--base-url", server.url)
                #expect(refused.status != 0)
                #expect(refused.errors.contains("Cannot autolaunch D-Bus"), "\(refused.errors)")
                #expect(!home.exists(".config/moonspot/config.toml"))
                let configuration = try home.write(
                    "[profiles.a]\nkeyring = true\nbase_url = '\(server.url)'\n", to: "config.toml")
                let used = try await home.shell(
                    "PATH=\"$HOME:$PATH\"; \"$@\"", "--profile", "a", "-e", "hubspot.contacts.count()",
                    environment: ["MOONSPOT_CONFIG": configuration])
                #expect(used.status == 3)
                #expect(used.errors.contains("the keyring did not answer"), "\(used.errors)")
            }
        }
    }
}
