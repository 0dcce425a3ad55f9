import ArgumentParser
import HubSpot
import Logging

/// `moonspot auth`: profiles and their credentials.
struct AuthCommand: ParsableCommand {
    static let configuration = CommandConfiguration.command(
        "auth", abstract: "Profiles and their credentials.",
        subcommands: [
            AuthLoginCommand.self, AuthStatusCommand.self, AuthLogoutCommand.self, AuthListCommand.self,
            AuthDefaultCommand.self,
        ])

    static var _errorPrefix: String { CommandConfiguration.errorPrefix }

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
