import HeapModule

/// The event that a suspended call waits for.
struct Wait {
    enum Kind {
        case call(Task<Void, Never>)
        /// The end of a task; with `claims` its outcome is taken over.
        case task(LuaTask, claims: Bool)
        case timer
    }
    enum Answer {
        case values([LuaValue])
        case failure(LuaValue)
    }
    let task: LuaTask
    let kind: Kind
    fileprivate(set) var answer: Answer?
}

/// The waits of suspended calls by their tokens, and the times at which some of them end.
struct WaitTable {
    private struct Timer: Comparable {
        let deadline: UInt64
        let token: UInt64
        static func < (a: Timer, b: Timer) -> Bool { (a.deadline, a.token) < (b.deadline, b.token) }
        static func == (a: Timer, b: Timer) -> Bool { a.token == b.token }
    }

    private var waits: [UInt64: Wait] = [:]
    private var timers: Heap<Timer> = []
    /// Waits for calls that have no answer yet.
    private var callsInFlight = 0

    subscript(token: UInt64) -> Wait? { waits[token] }

    mutating func add(_ kind: Wait.Kind, of task: LuaTask, token: UInt64) {
        waits[token] = Wait(task: task, kind: kind)
        if case .call = kind { callsInFlight += 1 }
    }

    /// Answers a wait; only its first answer counts.
    /// - Returns: The wait, if this was the first answer.
    mutating func answer(_ token: UInt64, _ answer: Wait.Answer) -> Wait? {
        guard let wait = waits[token], wait.answer == nil else { return nil }
        waits[token]?.answer = answer
        switch wait.kind {
        case .call: callsInFlight -= 1
        case .task(let target, _): target.waiters.removeAll { $0 == token }
        case .timer: break
        }
        return wait
    }

    /// Ends a wait. A call that has no answer yet is no longer counted as in flight: its answer would reach no task.
    mutating func take(_ token: UInt64) -> Wait? {
        let wait = waits.removeValue(forKey: token)
        if case .call = wait?.kind, wait?.answer == nil { callsInFlight -= 1 }
        return wait
    }

    // MARK: Times

    /// Has ``takeDue(by:)`` return the token from that time of the monotonic clock on.
    mutating func addTimer(_ token: UInt64, deadline: UInt64) {
        timers.insert(Timer(deadline: deadline, token: token))
    }

    var firstDeadline: UInt64? { timers.min?.deadline }

    mutating func takeDue(by now: UInt64) -> UInt64? {
        guard let timer = timers.min, timer.deadline <= now else { return nil }
        timers.removeMin()
        return timer.token
    }

    /// Whether a call or a time is to come that ends a wait.
    mutating func isAnythingUnderWay() -> Bool {
        while let timer = timers.min, waits[timer.token] == nil { timers.removeMin() }  // of a task that was stopped
        return callsInFlight > 0 || !timers.isEmpty
    }
}
