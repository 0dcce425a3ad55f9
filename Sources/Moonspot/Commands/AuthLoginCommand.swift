import ArgumentParser
import HubSpot

import Glibc

/// `moonspot auth login`.
struct AuthLoginCommand: PerformedCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Checks a credential with HubSpot and keeps it for a profile.",
        discussion: """
            Asks for the secret without showing it, or reads it from standard input. It is tested, and then kept in a file \
            of mode 0600 beside config.toml, which names it, or with --keyring in the desktop's keyring.

            Kinds: token (a service key or a private app's token), oauth (an app that you agree to in the browser), \
            client_credentials (an app's own calls), and for servers that are not HubSpot's api_key (?hapikey=), header \
            and query.
            """)

    @OptionGroup var session: PortalArguments

    // Declared so that it is told why it is not taken.
    @Flag(help: .hidden) var simulator = false

    @Option(
        help: ArgumentHelp(
            "token, oauth, client_credentials, api_key, header or query. (default: asked for; token where nobody can be asked)",
            valueName: "kind"),
        transform: {
            guard let kind = CredentialKind(rawValue: $0) else {
                throw ArgumentProblem(
                    "the kinds are \(CredentialKind.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return kind
        })
    var kind: CredentialKind?

    @Flag(help: "Keeps the secret in the desktop's keyring, through secret-tool.")
    var keyring = false

    @Option(name: .customLong("client-id"), help: ArgumentHelp("The OAuth app's client id.", valueName: "id"))
    var clientID: String?

    @Option(
        help: ArgumentHelp("The scopes that the app asks for, separated by commas.", valueName: "list"),
        transform: { $0.split { $0 == "," || $0 == " " }.map(String.init) })
    var scopes: [String]?

    @Option(
        help: ArgumentHelp(
            "Where the browser's answer is waited for: http://localhost:PORT/oauth-callback. (default: 8976)",
            valueName: "port"))
    var port: UInt16?

    @Flag(name: .customLong("no-browser"), help: "Prints the address of the consent page and opens no browser.")
    var noBrowser = false

    @Option(help: ArgumentHelp("With --kind header: the header's name.", valueName: "name"))
    var header: String?

    @Option(help: ArgumentHelp("With --kind query: the query's key.", valueName: "name"))
    var query: String?

    /// Taken so that it can be refused without being repeated.
    @Argument(help: .hidden)
    var words: [String] = []

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        await AuthCommand.guarded(session.logLevel) {
            guard words.isEmpty else {
                throw AuthProblem(
                    .usage,
                    "auth login takes no secret as an argument: every user of this machine can read it there, and the shell keeps it. Run it without, and type the secret when you are asked; and take what was given for known to others"
                )
            }
            guard !simulator else {
                throw AuthProblem(
                    .usage,
                    "auth login --simulator: the simulator in the process needs no profile; for one that runs as a server give its address with --base-url"
                )
            }
            guard port != 0 else { throw AuthProblem(.usage, "--port takes a number from 1 to 65535") }
            var login = try Login(self, environment)
            try await login.perform()
        }
    }
}
