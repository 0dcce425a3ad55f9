import ArgumentParser

/// `moonspot forms`: a portal's forms.
struct FormsCommand: ParsableCommand {
    static let configuration = CommandConfiguration.command(
        "forms", abstract: "A portal's forms.", subcommands: [FormsServeCommand.self])

    static var _errorPrefix: String { CommandConfiguration.errorPrefix }
}
