import Synchronization

/// Which hosts a session talks to. They are the configured ones, until HubSpot says that the account is in another of its
/// data centres.
///
/// A host of HubSpot's is made from a checked word and HubSpot's own pattern, never taken from an answer: the token goes
/// there. A base URL that is not HubSpot's own is left as it is.
final class Hosts: Sendable {
    /// How HubSpot names the hosts of its data centres; tests have their own.
    struct Pattern: Sendable {
        /// The API host that serves all regions.
        var home = BaseURL.api
        var api: @Sendable (Region) -> BaseURL = { .api(of: $0) }
        var forms: @Sendable (Region) -> BaseURL = { .forms(of: $0) }
    }

    private let configured: BaseURL
    private let pattern: Pattern
    private struct State {
        var api: BaseURL
        /// Nil until it is decided.
        var forms: BaseURL?
        /// Whether it was given, so that nothing which HubSpot says changes it.
        let formsAreGiven: Bool
    }
    private let state: Mutex<State>

    init(_ configuration: SessionConfiguration) {
        configured = configuration.baseURL
        pattern = configuration.hosts
        var forms = configuration.formsURL
        if forms == nil, configured != pattern.home {
            forms = configured.isLoopback ? configured : configured.region.map(pattern.forms) ?? .forms
        }
        state = Mutex(State(api: configured, forms: forms, formsAreGiven: configuration.formsURL != nil))
    }

    var api: BaseURL { state.withLock { $0.api } }
    /// Nil until the account's region is known, or is known not to be known.
    var forms: BaseURL? { state.withLock { $0.forms } }

    func url(for host: APIRequest.Host) -> BaseURL {
        state.withLock { host == .api ? $0.api : $0.forms ?? .forms }
    }

    /// Chooses where forms are submitted, unless that is known.
    /// - Parameter region: The account's; nil where nothing tells it.
    func chooseForms(_ region: Region?) -> BaseURL {
        state.withLock { state in
            let url = state.forms ?? region.map(pattern.forms) ?? .forms
            state.forms = url
            return url
        }
    }

    /// Goes on in another region, after a request to `url` was answered that the account is there. Once in a session: what
    /// the new host refuses is an error.
    /// - Returns: False where the request would go to the same host again.
    func move(to region: Region, from url: BaseURL) -> Bool {
        state.withLock { state in
            guard url == pattern.home, configured == pattern.home else { return false }
            if state.api == pattern.home {
                state.api = pattern.api(region)
                if !state.formsAreGiven { state.forms = pattern.forms(region) }
            }
            return state.api != url
        }
    }

    /// What to do about an account that is in another region than the host that was asked.
    static func remedy(_ region: Region?, for host: APIRequest.Host) -> HubSpotError.Remedy {
        switch (host, region) {
        case (.forms, let region?): .useFormsURL(.forms(of: region))
        case (_, let region): .useBaseURL(region.map { .api(of: $0) })
        }
    }
}
