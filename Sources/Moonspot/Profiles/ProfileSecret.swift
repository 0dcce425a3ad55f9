import Glibc
import HubSpot

/// Where a secret comes from. The configuration file never holds one.
enum SecretSource: Sendable, Equatable {
    /// A shell command whose standard output is the secret.
    case command(String)
    /// An environment variable.
    case environment(String)
    /// A file that no other user may read: an absolute path, or one that begins with `~`.
    case file(String)
    /// The desktop's Secret Service.
    case keyring
}

/// One of a profile's secrets: its token, or its app's.
struct ProfileSecret: Sendable {
    enum Role: String, Sendable {
        case token
        case clientSecret = "client_secret"

        /// For people.
        var name: String { self == .token ? "the access token" : "the client's secret" }
    }

    let profile: String
    /// Of config.toml.
    let folder: String
    let role: Role
    let source: SecretSource
    /// Where a variable is looked up, and `HOME`.
    let environment: [String: String]

    /// May run a program or read a file.
    ///
    /// - Throws: ``HubSpotError`` of kind `unauthenticated`, which names the profile and the source.
    func read() async throws(HubSpotError) -> AccessToken {
        func refuse(_ reason: String) -> HubSpotError {
            HubSpotError(.unauthenticated, "profile '\(profile)': \(reason)")
        }
        let text: String
        switch source {
        case .environment(let variable):
            guard let value = environment[variable], !value.isEmpty else {
                throw refuse("\(role.rawValue)_env names \(variable), which is not set")
            }
            text = value
        case .file(let path):
            text = try TokenFile.read(Profile.expanded(path, environment), key: "\(role.rawValue)_file", refuse)
        case .keyring:
            let value: String?
            do { value = try await Keyring(profile: profile, folder: folder).lookup(role.rawValue) } catch {
                throw refuse(error.description)
            }
            guard let value else {
                throw refuse("the keyring holds nothing for it; run moonspot auth login --keyring --profile \(profile)")
            }
            text = value
        case .command(let command):
            let result: CommandOutput
            do { result = try await SecretCommand.shell(command) } catch {
                throw refuse("\(role.rawValue)_command could not be run: \(error)")
            }
            if result.status == 128 + SIGINT {
                // Ctrl-C is meant for this process too, and ends this very call.
                try? await Task.sleep(for: .seconds(1), clock: .continuous)
                if Task.isCancelled { throw .cancelled }
            }
            guard result.status == 0 else {
                // The command itself may hold what it should not: it is not quoted.
                throw refuse("\(role.rawValue)_command failed (status \(result.status)); run it by hand to see why")
            }
            // `pass` keeps notes under the first line.
            text = result.output.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        }
        do {
            return try AccessToken(text)
        } catch {
            throw refuse(error.message.replacing(Role.token.name, with: role.name))
        }
    }
}
