import HubSpot

/// Sends a person to the consent page, and waits for what comes back.
enum ConsentAnswer {
    private static let limit: Duration = .seconds(300)

    /// - Parameter browser: Shows the page, where that can be done.
    /// - Throws: ``AuthProblem`` where none came, or the person said no.
    static func code(
        _ address: String, _ place: ConsentListener.Place, _ consent: OAuthConsent, browser: (String) async -> Void
    ) async throws -> String {
        let listener: ConsentListener
        do { listener = try await ConsentListener.start(place, state: consent.state) } catch {
            throw AuthProblem(
                .failed,
                "port \(place.port) of this machine cannot be listened on, where the browser's answer would come (\(place.uri)); another program may have it: give another with --port, and add its address to the app's redirect URLs"
            )
        }
        Output.error.line("Agree in the browser, at this address:\n\(address)")
        await browser(address)
        Output.error.line("Waiting for the answer at \(place.uri), five minutes at most; Ctrl-C ends the wait.")
        let answer = await listener.wait(atMost: limit)
        await listener.stop()
        switch answer {
        case .code(let code): return code
        case .refused(let reason): throw AuthProblem(.refused, "the login was refused: \(reason)")
        case nil: throw AuthProblem(.refused, "no answer came within five minutes; run moonspot auth login again")
        }
    }
}
