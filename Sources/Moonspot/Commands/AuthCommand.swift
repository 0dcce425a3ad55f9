import ArgumentParser
import Bindings
import CEdit
import HubSpot
import Words

/// `moonspot auth`: profiles and their credentials.
struct AuthCommand: ParsableCommand {
    static let configuration = CommandConfiguration.command(
        "auth", abstract: "Profiles and their credentials.", subcommands: [Login.self, Status.self, Logout.self])

    static var _errorPrefix: String { CommandConfiguration.errorPrefix }

    /// `moonspot auth login`.
    struct Login: PerformedCommand {
        static let configuration = CommandConfiguration(
            commandName: "login", abstract: "Checks a token with HubSpot and keeps it for a profile.",
            discussion: """
                Asks for a private app's token or a service key without showing it, or reads it from standard input. It is \
                kept in a file of mode 0600 beside config.toml, which names it.
                """)

        @OptionGroup var session: SessionArguments

        func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
            await AuthCommand.guarded {
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

    /// `moonspot auth status`.
    struct Status: PerformedCommand {
        static let configuration = CommandConfiguration(
            commandName: "status", abstract: "Which credential is used, and where it comes from.",
            discussion: "Reads the profile and its token; asks HubSpot nothing.")

        @OptionGroup var session: SessionArguments

        func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
            await AuthCommand.guarded {
                let plan = try SessionPlan(options: session.options, environment: environment)
                let description = plan.description
                var rows = [("profile", description.profile ?? "none"), ("credential", plan.credentialOrigin)]
                var failure: HubSpotError?
                if let credential = plan.configuration.credential {
                    do throws(HubSpotError) {
                        rows.append(("token", "\(try await credential.token())"))
                    } catch {
                        rows.append(("token", "not usable"))
                        failure = error
                    }
                }
                rows.append(("portal", description.portalID.map(String.init) ?? "not known until the first call"))
                rows.append(("base URL", description.baseURL ?? "the simulator's own"))
                rows.append(("configuration", environment.configurationPath))
                for (name, text) in rows {
                    Output.standard.line(DisplayWidth.pad(name, to: 14) + Escaping.visible(text))
                }
                if let failure { throw failure }
                if plan.configuration.credential == nil && !description.isSimulator {
                    throw AuthProblem(.refused, "no credential is set up")
                }
            }
        }
    }

    /// `moonspot auth logout`.
    struct Logout: PerformedCommand {
        static let configuration = CommandConfiguration(
            commandName: "logout", abstract: "Forgets the token of a profile.",
            discussion:
                "Removes the profile that auth login made, and its token's file. The token itself stays valid at HubSpot."
        )

        @Option(help: ArgumentHelp("The profile. (default: the default profile)", valueName: "name"))
        var profile: String?

        func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
            await AuthCommand.guarded {
                let profiles = ProfileFile(environment: environment)
                let name = try profile ?? environment["MOONSPOT_PROFILE"] ?? profiles.defaultName()
                try ProfileFile.check(name)
                try profiles.logout(name)
                Output.standard.line("profile '\(name)' is gone, and its token's file with it")
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

    private static func guarded(_ body: () async throws -> Void) async -> ExitStatus {
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

/// What stands in the way of logging in or out.
struct AuthProblem: Error {
    var status: ExitStatus
    var message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }
}
