import ArgumentParser
import HubSpot
import JSON
import Logging
import Words

/// `moonspot auth logout`.
struct AuthLogoutCommand: PerformedCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout", abstract: "Forgets the credential of a profile.",
        discussion: """
            Removes what auth login made: the secret's file or its place in the keyring, and the profile where it holds \
            nothing else. With --revoke an OAuth login ends at HubSpot too; a service key or a private app's token stays \
            valid there until it is deleted in HubSpot's settings.
            """)

    @Option(help: ArgumentHelp("The profile. (default: the default profile)", valueName: "name"))
    var profile: String?

    @Flag(help: "Has HubSpot forget the OAuth login as well.")
    var revoke = false

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        await AuthCommand.guarded(.warning) {
            let profiles = ProfileFile(environment: environment)
            let name = try profile ?? environment["MOONSPOT_PROFILE"] ?? profiles.defaultName()
            try ProfileFile.check(name)
            if revoke { try await revoke(name, profiles, environment) }
            let left = try await profiles.logout(name)
            Output.standard.line(
                left == .profileIsGone
                    ? "profile '\(name)' is gone, and its secret with it"
                    : "the credential of profile '\(name)' is gone; the rest of the profile stays, since it was written by hand"
            )
        }
    }

    /// Nothing is removed here before HubSpot has forgotten it: what failed can be tried again.
    private func revoke(_ name: String, _ profiles: ProfileFile, _ environment: ProcessEnvironment) async throws {
        guard let known = try ConfigurationFile.load(profiles.path).profile(name), let app = known.app,
            known.auth == .oauth
        else {
            throw AuthProblem(
                .usage,
                "profile '\(name)' has no OAuth login to revoke; delete a service key or a private app's token in HubSpot's settings, and log out without --revoke"
            )
        }
        var options = SessionOptions()
        options.profile = name
        let plan = try SessionPlan(options: options, environment: environment)
        guard let token = try await known.login.read()?.refresh else { return }
        try await AppCredential(profile: known, app: app, environment: environment.variables)
            .client(plan.configuration).revoke(token)
        Output.standard.line("HubSpot has forgotten the login of profile '\(name)'")
    }
}

/// `moonspot auth list`.
struct AuthListCommand: PerformedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "The profiles, and how each authenticates. Asks nobody.")

    @Option(help: ArgumentHelp("How it is printed: text or json.", valueName: "format"))
    var output = "text"

    func validate() throws {
        guard ["text", "json"].contains(output) else { throw ValidationError("--output is text or json") }
    }

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        await AuthCommand.guarded(.warning) {
            let file = try ConfigurationFile.load(ProfileFile(environment: environment).path)
            if let problem = file.missingDefault { Output.error.line("moonspot: \(problem.message)") }
            let rows = file.names.sorted().map { Row($0, in: file) }
            guard output == "text" else {
                return _ = Output.standard.write(JSONValue.array(rows.map(\.json)).bytes + [0x0A])
            }
            guard !rows.isEmpty else {
                return Output.standard.line("no profiles in \(file.path); make one with moonspot auth login")
            }
            let width = (rows.map { DisplayWidth.of($0.name) }.max() ?? 0) + 2
            for row in rows {
                let mark = row.isDefault ? "* " : "  "
                Output.standard.line(mark + DisplayWidth.pad(row.name, to: width) + Escaping.visible(row.text))
            }
        }
    }

    private struct Row {
        let name: String
        let isDefault: Bool
        let profile: Profile?
        let fault: String?

        init(_ name: String, in file: ConfigurationFile) {
            self.name = name
            isDefault = file.defaultProfile == name
            do {
                profile = try file.profile(name)
                fault = nil
            } catch {
                profile = nil
                fault = error.message
            }
        }

        var text: String {
            guard let profile else { return "cannot be used: \(fault ?? "")" }
            var parts = [profile.auth.rawValue]
            if let id = profile.portalID { parts.append("portal \(id)") }
            if let url = profile.baseURL { parts.append("at \(url)") }
            if profile.isReadOnly { parts.append("read-only") }
            return parts.joined(separator: ", ")
        }

        var json: JSONValue {
            .object([
                "profile": .string(name), "default": .bool(isDefault),
                "auth": profile.map { .string($0.auth.rawValue) },
                "portalId": profile?.portalID.map { .integer($0) },
                "base_url": profile?.baseURL.map { .string("\($0)") }, "problem": fault.map { .string($0) },
            ])
        }
    }
}

/// `moonspot auth default NAME`.
struct AuthDefaultCommand: PerformedCommand {
    static let configuration = CommandConfiguration(
        commandName: "default", abstract: "Makes a profile the one that is used where none is named.")

    @Argument(help: "The profile.")
    var name: String

    func perform(_ environment: ProcessEnvironment) async -> ExitStatus {
        await AuthCommand.guarded(.warning) {
            try ProfileFile.check(name)
            let profiles = ProfileFile(environment: environment)
            guard FileBytes.exists(profiles.path) else {
                throw ConfigurationError("no profile '\(name)': \(profiles.path) does not exist")
            }
            try await profiles.makeDefault(name)
            Output.standard.line("profile '\(name)' is used where none is named")
        }
    }
}
