// Time that jumps. Several parties that know nothing of each other share one clock: a party that runs holds it, and
// when none does, it goes to the next timer at once. Knows neither Lua, HubSpot nor the simulator.

import Dispatch
import Foundation
import HeapModule
import Synchronization

/// One virtual clock, and the thread on which the Swift tasks run that it waits for.
///
/// Time stands still while something runs: a job of this executor, a ``Hold``, a request on the wire (``Flight``), a
/// server at work on one (``serving(_:_:)``). When nothing does, the clock jumps to the next timer and fires that one
/// alone; only when all that followed from it has come to rest is it the next one's turn. So what happens at one
/// instant happens one after another, in an order that depends on nothing but the timers: two runs of one program go
/// alike.
///
/// Nothing is polled: each end of a hold wakes the thread that looks.
public final class VirtualTime: TaskExecutor, Sendable {
    /// Which comes first among timers of the same instant.
    public enum Rank: Int, Comparable, Sendable {
        /// A request that has arrived at the server.
        case arrival
        /// A request that waits inside the server.
        case visit
        /// The timers of the client's own work.
        case work
        /// The timers of a script.
        case script

        public static func < (a: Rank, b: Rank) -> Bool { a.rawValue < b.rawValue }
    }

    struct Timer: Comparable, Sendable {
        var instant: Duration
        var rank: Rank
        /// Among timers of the same rank, the smaller one first.
        var order: UInt64
        var id: UInt64

        static func < (a: Timer, b: Timer) -> Bool {
            (a.instant, a.rank, a.order, a.id) < (b.instant, b.rank, b.order, b.id)
        }
    }

    /// A timer's action. It runs on the clock's thread and must not block.
    typealias Action = @Sendable () -> Void

    struct State: Sendable {
        var now: Duration = .zero
        var jobs: [UnownedJob] = []
        /// How many of ``jobs`` have run.
        var done = 0
        /// How many run elsewhere, and keep the clock from jumping.
        var holds = 0
        var timers: Heap<Timer> = []
        /// Of the timers that were not cancelled; a visit is held again from the moment that its timer fires.
        var actions: [UInt64: (timer: Timer, visit: UInt64?, run: Action)] = [:]
        /// Requests that a caller waits for.
        var flights: [UInt64: Journey] = [:]
        /// Requests inside a server.
        var visits: [UInt64: Visitor] = [:]
        var lastNumber: UInt64 = 0
        var isAsleep = false
        var isOver = false

        mutating func nextNumber() -> UInt64 {
            lastNumber += 1
            return lastNumber
        }
    }

    struct Journey: Sendable {
        /// How many servers are at work on it.
        var servers = 0
        /// The caller is about to go on without an answer.
        var isGivenUp = false
        /// Otherwise the server answers for it.
        var holds: Bool { servers == 0 || isGivenUp }
    }

    struct Visitor: Sendable {
        var flight: UInt64?
        /// It waits for a timer, or for the other end to go.
        var isParked = false
    }

    private let state = Mutex(State())
    private let awake = DispatchSemaphore(value: 0)

    /// Starts a thread, which lives until ``stop()``.
    public init() {
        Thread.detachNewThread { self.run() }
    }

    /// Time since the clock was made.
    public var now: Duration { state.withLock { $0.now } }

    /// Moves the clock on without waiting for its holders; a negative duration counts as zero. Timers that are due then
    /// fire in their order.
    public func advance(by duration: Duration) {
        change { $0.now += max(.zero, duration) }
    }

    /// Runs `action` once, on the clock's thread, when the clock has come to `instant`. It must not block.
    public func schedule(
        at instant: Duration, rank: Rank = .work, _ action: @escaping @Sendable () -> Void
    ) -> Alarm {
        Alarm(time: self, id: addTimer(at: instant, rank: rank, run: action))
    }

    /// Something that the clock will run.
    public struct Alarm: Sendable {
        fileprivate let time: VirtualTime
        fileprivate let id: UInt64
        /// Has no effect once it runs.
        public func cancel() { time.cancelTimer(id) }
    }

    /// Ends the thread once it has nothing to run. Tasks that prefer this executor stand still from then on.
    public func stop() { change { $0.isOver = true } }

    // MARK: Holding the clock

    /// Keeps the clock from jumping until it ends.
    public final class Hold: Sendable {
        private let time: VirtualTime
        private let isOver = Atomic(false)

        fileprivate init(_ time: VirtualTime) { self.time = time }
        deinit { end() }

        /// May be called twice.
        public func end() {
            guard !isOver.exchange(true, ordering: .relaxed) else { return }
            time.change { $0.holds -= 1 }
        }
    }

    public func hold() -> Hold {
        change { $0.holds += 1 }
        return Hold(self)
    }

    // MARK: The state

    /// Changes the state, and wakes the thread where it has something to do now.
    @discardableResult
    func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        let (value, wakes) = state.withLock { state -> (Value, Bool) in
            let value = body(&state)
            let wakes = state.isAsleep && state.hasWork
            if wakes { state.isAsleep = false }
            return (value, wakes)
        }
        if wakes { awake.signal() }
        return value
    }

    /// - Parameters:
    ///   - order: By default the order in which timers are added.
    ///   - visit: The server's waiter for it.
    func addTimer(
        at instant: Duration, rank: Rank, order: UInt64? = nil, visit: UInt64? = nil, run: @escaping Action
    ) -> UInt64 {
        change { state in
            let id = state.nextNumber()
            let timer = Timer(instant: instant, rank: rank, order: order ?? id, id: id)
            state.timers.insert(timer)
            state.actions[id] = (timer, visit, run)
            if let visit { state.park(visit) }
            return id
        }
    }

    /// - Returns: False where it has fired.
    @discardableResult
    func cancelTimer(_ id: UInt64) -> Bool {
        change { state in
            guard let action = state.actions.removeValue(forKey: id) else { return false }
            if let visit = action.visit { state.unpark(visit) }
            // Cancelled timers stay in the heap until they are its larger part.
            if state.timers.count > 64 + 2 * state.actions.count {
                state.timers = Heap(state.actions.values.map(\.timer))
            }
            return true
        }
    }

    /// How many timers take up memory, cancelled ones too.
    var rememberedTimers: Int { state.withLock { $0.timers.count } }

    // MARK: The thread

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        change { $0.jobs.append(job) }
    }

    enum Step {
        case run(UnownedJob)
        case fire(Action)
        case sleep
        case end
    }

    private func run() {
        let executor = asUnownedTaskExecutor()
        while true {
            switch state.withLock({ $0.nextStep() }) {
            case .run(let job): job.runSynchronously(on: executor)
            case .fire(let action): action()
            case .sleep: awake.wait()
            case .end: return
            }
        }
    }
}

extension VirtualTime.State {
    /// Whether the thread has something to run: a job, or a timer while the clock is not held.
    var hasWork: Bool { done < jobs.count || holds == 0 && !actions.isEmpty || isOver }

    mutating func nextStep() -> VirtualTime.Step {
        if done < jobs.count {
            done += 1
            defer {
                if done == jobs.count {
                    jobs.removeAll(keepingCapacity: true)
                    done = 0
                }
            }
            return .run(jobs[done - 1])
        }
        if isOver { return .end }
        if holds == 0, let action = popTimer() { return .fire(action) }
        isAsleep = true
        return .sleep
    }

    private mutating func popTimer() -> VirtualTime.Action? {
        while let timer = timers.popMin() {
            guard let action = actions.removeValue(forKey: timer.id) else { continue }
            now = max(now, timer.instant)
            if let visit = action.visit { unpark(visit) }
            return action.run
        }
        return nil
    }

    mutating func park(_ visit: UInt64) {
        guard visits[visit]?.isParked == false else { return }
        visits[visit]?.isParked = true
        holds -= 1
    }

    mutating func unpark(_ visit: UInt64) {
        guard visits[visit]?.isParked == true else { return }
        visits[visit]?.isParked = false
        holds += 1
    }
}
