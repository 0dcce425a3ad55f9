import ArgumentParser
import Bindings
import CEdit
import HubSpot
import Logging

/// `moonspot auth`: profiles and their credentials.
struct AuthCommand: ParsableCommand {
    static let configuration = CommandConfiguration.command(
        "auth", abstract: "Profiles and their credentials.",
        subcommands: [Login.self, AuthStatusCommand.self, Logout.self])

    static var _errorPrefix: String { CommandConfiguration.errorPrefix }

    /// `moonspot auth login`.
    struct Login: PerformedCommand {
        static let configuration = CommandConfiguration(
            commandName: "login", abstract: "Checks a token with HubSpot and keeps it for a profile.",
            discussion: """
                Asks for a private app's token or a service key without showing it, or reads it from standard input. It is \
                kept in a file of mode 0600 beside config.toml, which names it.
                """)

        @OptionGroup var session: PortalArguments

        // Declared so that it is told why it is not taken.
        @Flag(help: .hidden) var simulator = false

        func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
            await AuthCommand.guarded(session.logLevel) {
                guard !simulator else {
                    throw AuthProblem(
                        .usage,
                        "auth login --simulator: the simulator in the process needs no profile; for one that runs as a server give its address with --base-url"
                    )
                }
                let profiles = ProfileFile(environment: environment)
                let name = try session.profile ?? environment["MOONSPOT_PROFILE"] ?? profiles.defaultName()
                try ProfileFile.check(name)
                guard
                    let text = AuthCommand.secret(
                        "Token for profile '\(name)' (a private app's token or a service key): ")
                else {
                    throw AuthProblem(.refused, "no token was given")
                }
                let token = try AccessToken(text)
                var plan = try SessionPlan(
                    options: session.options, environment: environment, toleratesMissingProfile: true)
                plan.configuration.credential = FixedCredential(token)
                // A portal that the profile names already would be taken for HubSpot's answer.
                plan.configuration.portalID = nil
                let live = Session(plan.configuration)
                let portal: Int64
                do {
                    portal = try await live.portalID()
                } catch {
                    await live.close()
                    throw error
                }
                await live.close()
                try profiles.login(
                    name, secret: text, portalID: portal,
                    baseURL: plan.configuration.baseURL == .api ? nil : plan.configuration.baseURL)
                Output.standard.line("profile '\(name)' is set up for portal \(portal) with \(token)")
                if !profiles.isDefault(name) {
                    Output.standard.line(
                        "use it with --profile \(name), or make it the default_profile in \(profiles.path)")
                }
            }
        }
    }

    /// `moonspot auth logout`.
    struct Logout: PerformedCommand {
        static let configuration = CommandConfiguration(
            commandName: "logout", abstract: "Forgets the token of a profile.",
            discussion:
                "Removes what auth login made: the token's file, and the profile where it holds nothing else. The token itself stays valid at HubSpot."
        )

        @Option(help: ArgumentHelp("The profile. (default: the default profile)", valueName: "name"))
        var profile: String?

        func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
            await AuthCommand.guarded(.warning) {
                let profiles = ProfileFile(environment: environment)
                let name = try profile ?? environment["MOONSPOT_PROFILE"] ?? profiles.defaultName()
                try ProfileFile.check(name)
                let left = try profiles.logout(name)
                Output.standard.line(
                    left == .profileIsGone
                        ? "profile '\(name)' is gone, and its token's file with it"
                        : "the token of profile '\(name)' is gone; the rest of the profile stays, since it was written by hand"
                )
            }
        }
    }

    private static func secret(_ prompt: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = ce_read_secret(0, 2, prompt, &buffer, buffer.count)
        guard count > 0 else { return nil }
        defer { for index in buffer.indices { buffer[index] = 0 } }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func guarded(_ level: Logger.Level, _ body: () async throws -> Void) async -> ExitStatus {
        StandardErrorLog.start(level: level)
        do {
            try await body()
            return .fine
        } catch let problem as AuthProblem {
            Output.complain(Escaping.visible(problem.message))
            return problem.status
        } catch let problem as ConfigurationError {
            Output.complain(Escaping.visible(problem.message))
            return .usage
        } catch let error as HubSpotError {
            Output.complain(Escaping.visible(error.description))
            return ExitStatus(kind: error.kind.rawValue)
        } catch {
            Output.complain(Escaping.visible("\(error)"))
            return .failed
        }
    }
}

/// A reason why one cannot log in or out.
struct AuthProblem: Error {
    var status: ExitStatus
    var message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }
}
