/// One step of a store: the state, to be changed, and the time.
struct StoreDecision {
    var state: QuotaState
    /// On the store's clock.
    let now: Duration
    /// The same moment, or one shortly before, on the session's.
    let session: Duration
    /// Which records are to be saved.
    private(set) var savesClient = false
    private(set) var savesAccount = false

    init(state: QuotaState, now: Duration, session: Duration) {
        self.state = state
        self.now = now
        self.session = session
    }

    func toSession(_ moment: Duration) -> Duration { session + (moment - now) }

    /// A moment on the session's clock. Never earlier than it was, since ``session`` was read first.
    private func fromSession(_ moment: Duration) -> Duration { now + (moment - session) }

    /// Says how permits ended.
    mutating func settle(_ ended: [EndedPermit]) -> [LimitNotice] {
        var notices: [LimitNotice] = []
        for end in ended {
            if case .unanswered = end.outcome { continue }
            save(end.permit.lanes)
            notices += state.settle(end.permit, end.outcome, answered: end.at.map(fromSession), at: now)
        }
        return notices
    }

    /// Kept with the client's lanes: limits, waits and consoles.
    mutating func saveClient() { savesClient = true }

    mutating func save(_ lanes: LaneSet) {
        for lane in state.layout.windows(lanes) {
            switch lane.scope {
            case .client: savesClient = true
            case .account: savesAccount = true
            }
        }
        if lanes.contains(.day) { savesAccount = true }
    }
}
