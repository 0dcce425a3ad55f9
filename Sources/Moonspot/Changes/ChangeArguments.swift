import ArgumentParser
import Glibc
import HubSpot

/// What the commands have in common that look at the portal, show what they would change, ask, and send it.
struct ChangeArguments: ParsableArguments {
    @Flag(help: "Goes ahead with what was changed since as well, and with what may have been there, or sent, before.")
    var force = false
}

extension SessionArguments {
    /// A person's yes, at the terminal or by `--yes`.
    /// - Parameter question: What is about to be done, with its question mark.
    /// - Throws: kind `not_allowed` where there is no terminal to ask at.
    func confirms(_ question: String) throws(HubSpotError) -> Bool {
        if yes { return true }
        guard isatty(0) == 1 else {
            throw HubSpotError(.notAllowed, "nothing is sent: there is no terminal to ask at; say --yes to go ahead")
        }
        Output.error.write("\(question) [y/N] ")
        return ["y", "yes"].contains(readLine()?.lowercased())
    }
}
