import Synchronization

/// The session's token: asked of its source on the first call, and again when HubSpot says that it has expired. All who
/// wait share one asking.
final class SessionToken: Sendable {
    /// A token, and how often the source had been asked before it was handed out.
    struct Issue: Sendable {
        var token: AccessToken
        fileprivate var number: Int
    }

    private struct State {
        var current: Shared<AccessToken>
        var number = 0
        /// An asking that is under way, for those who hold the token before it.
        var renewal: Shared<AccessToken>?
    }

    private let state: Mutex<State>
    /// The first token: the quota's key, whatever token the session has later. HubSpot counts by app and by account, and a
    /// renewed token is the same app's and the same account's: the places that were taken under the first one go on
    /// counting, which a key made of the new one would forget. A process that begins with the new token has a key of its
    /// own; what the two use beside each other, each learns from HubSpot's answers.
    let first: Shared<AccessToken>
    private let ask: @Sendable () async throws(HubSpotError) -> AccessToken
    private let executor: (any TaskExecutor)?

    init(on executor: (any TaskExecutor)?, _ ask: @escaping @Sendable () async throws(HubSpotError) -> AccessToken) {
        self.ask = ask
        self.executor = executor
        first = Shared(on: executor, ask)
        state = Mutex(State(current: first))
    }

    func value() async throws(HubSpotError) -> AccessToken { try await issue().token }

    func issue() async throws(HubSpotError) -> Issue {
        let (current, number) = state.withLock { ($0.current, $0.number) }
        return Issue(token: try await current.value(), number: number)
    }

    /// Whether there is another token to go on with than one that HubSpot takes no more: the source is asked once for all
    /// who were refused with that token.
    /// - Throws: why the source gave none.
    func renew(after old: Issue) async throws(HubSpotError) -> Bool {
        let renewal = state.withLock { state -> Shared<AccessToken>? in
            // It was asked since the refused call took its token.
            guard state.number == old.number else { return nil }
            if let renewal = state.renewal { return renewal }
            let renewal = Shared(on: executor, ask)
            state.renewal = renewal
            return renewal
        }
        guard let renewal else { return try await value() != old.token }
        do throws(HubSpotError) {
            let new = try await renewal.value()
            end(renewal, isNew: new != old.token)
            return new != old.token
        } catch {
            // Who gives up waiting ends it for nobody else.
            if error.kind != .cancelled { end(renewal, isNew: false) }
            throw error
        }
    }

    private func end(_ renewal: Shared<AccessToken>, isNew: Bool) {
        state.withLock { state in
            guard state.renewal === renewal else { return }
            state.renewal = nil
            state.number += 1
            if isNew { state.current = renewal }
        }
    }

    func cancel() {
        let (current, renewal) = state.withLock { ($0.current, $0.renewal) }
        current.cancel()
        renewal?.cancel()
    }
}
