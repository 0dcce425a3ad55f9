import Synchronization

/// The session's credential: asked of its source on the first call, again with a tenth of its life left, and again when
/// HubSpot says that it has expired. All calls that wait share one fetch.
final class SessionToken: Sendable {
    /// A credential, and how often the source had been asked before it was handed out.
    struct Issue: Sendable {
        var credential: Credential
        fileprivate var number: Int
    }

    private struct State {
        var current: FetchOnce<Credential>
        var number = 0
        /// A fetch that is under way, for the calls that hold the credential before it.
        var renewal: FetchOnce<Credential>?
        /// After one ahead of time has failed, none is begun before this moment, since 1970.
        var restsUntil: Duration?
    }

    private let state: Mutex<State>
    /// The quota's key: what the first credential is known by, whatever one the session has later. HubSpot counts by app and by account, and a
    /// renewed token is the same app's and the same account's: the places that were taken under the first one go on
    /// counting, which a key made of the new one would forget. A process that begins with the new token has a key of its
    /// own; what the two use beside each other, each learns from HubSpot's answers.
    let first: FetchOnce<AccessToken>
    private let ask: @Sendable (Credential?) async throws(HubSpotError) -> Credential
    private let executor: (any TaskExecutor)?
    private let clock: any SessionClock
    private let onFailedRenewal: @Sendable (HubSpotError) -> Void

    /// - Parameter onFailedRenewal: Hears why one ahead of time failed; the old credential is used meanwhile.
    init(
        on executor: (any TaskExecutor)?, clock: any SessionClock,
        onFailedRenewal: @escaping @Sendable (HubSpotError) -> Void,
        _ ask: @escaping @Sendable (Credential?) async throws(HubSpotError) -> Credential
    ) {
        self.ask = ask
        self.executor = executor
        self.clock = clock
        self.onFailedRenewal = onFailedRenewal
        let initial = FetchOnce(on: executor) { () async throws(HubSpotError) in try await ask(nil) }
        first = FetchOnce(on: executor) { () async throws(HubSpotError) in try await initial.value().identity }
        state = Mutex(State(current: initial))
    }

    func value() async throws(HubSpotError) -> Credential { try await issue().credential }

    /// The credential where the source has given one by now.
    var known: Credential? { state.withLock { $0.current }.known }

    /// The credential to send now. One with a tenth of its life left is handed out while another is asked for; one that is
    /// over is waited for.
    func issue() async throws(HubSpotError) -> Issue {
        let issue = try await current()
        guard let life = issue.credential.life else { return issue }
        let now = clock.unixTime
        if now >= life.endsAt {
            _ = try await renew(after: issue)
            return try await current()
        }
        if now >= life.renewsAt { renewAhead(of: issue, until: life.endsAt) }
        return issue
    }

    private func current() async throws(HubSpotError) -> Issue {
        let (current, number) = state.withLock { ($0.current, $0.number) }
        return Issue(credential: try await current.value(), number: number)
    }

    /// Whether there is another credential to go on with than one that is taken no more: the source is asked once for all
    /// calls that hold that one.
    /// - Throws: why the source gave none.
    func renew(after old: Issue) async throws(HubSpotError) -> Bool {
        let renewal = state.withLock { state -> FetchOnce<Credential>? in
            // It was asked since the refused call took its credential.
            guard state.number == old.number else { return nil }
            if let renewal = state.renewal { return renewal }
            let renewal = makeRenewal(of: old) { [self] _ in settle(old, nil) }
            state.renewal = renewal
            return renewal
        }
        guard let renewal else { return try await current().credential.secret != old.credential.secret }
        return try await renewal.value().secret != old.credential.secret
    }

    private func renewAhead(of old: Issue, until end: Duration) {
        let now = clock.unixTime
        let renewal = state.withLock { state -> FetchOnce<Credential>? in
            guard state.number == old.number, state.renewal == nil, now >= state.restsUntil ?? now else { return nil }
            let renewal = makeRenewal(of: old) { [self] error in
                let failed = clock.unixTime
                self.state.withLock { state in
                    state.renewal = nil
                    state.restsUntil = failed + max(.seconds(1), (end - failed) / 4)
                }
                onFailedRenewal(error)
            }
            state.renewal = renewal
            return renewal
        }
        renewal?.begin()
    }

    /// An asking, which is not begun yet.
    private func makeRenewal(
        of old: Issue, onFailure: @escaping @Sendable (HubSpotError) -> Void
    ) -> FetchOnce<Credential> {
        FetchOnce(on: executor) { [self] () async throws(HubSpotError) in
            do throws(HubSpotError) {
                let new = try await ask(old.credential)
                settle(old, new)
                return new
            } catch {
                onFailure(error)
                throw error
            }
        }
    }

    private func settle(_ old: Issue, _ new: Credential?) {
        state.withLock { state in
            state.renewal = nil
            guard state.number == old.number else { return }
            state.number += 1
            state.restsUntil = nil
            if let new, new.secret != old.credential.secret { state.current = FetchOnce(known: new) }
        }
    }

    func cancel() {
        let (current, renewal) = state.withLock { ($0.current, $0.renewal) }
        current.cancel()
        renewal?.cancel()
    }
}
