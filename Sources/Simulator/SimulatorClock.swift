import Synchronization
import Waiting

/// Where the simulator takes time from: rolling windows, lags, latency and the times in its answers.
public protocol SimulatorClock: Sendable {
    /// Microseconds since 1970. Never goes backward.
    func now() -> Int64
    /// Returns once `duration` of this clock's time has passed.
    func sleep(for duration: Duration) async throws
    /// Moves the clock forward; a negative duration counts as zero.
    func advance(by duration: Duration)
    /// Carries out a request: a clock that jumps must know the requests that are under way. Others just do it.
    /// - Parameter number: The request's number in the client's own clock, where client and simulator share one.
    func serving<Value: Sendable>(
        _ number: UInt64?, _ body: () async throws -> Value
    ) async rethrows -> Value
    /// Runs `body`, which waits until the request's sender goes away.
    func abandoned(_ body: () async -> Void) async
}

extension SimulatorClock {
    public func serving<Value: Sendable>(
        _ number: UInt64?, _ body: () async throws -> Value
    ) async rethrows -> Value { try await body() }

    public func abandoned(_ body: () async -> Void) async { await body() }
}

/// The header by which a client that shares the simulator's clock numbers its requests.
public enum SimulatorFlight {
    public static let headerName = "X-Simulator-Flight"
}

/// The machine's time, which steps of the wall clock do not disturb, plus the time that it has been advanced by.
public final class SystemSimulatorClock: SimulatorClock {
    /// A day: a longer sleep looks again then. The machine's own timers do not take every length.
    private let longestNap: Int64 = 86_400_000_000
    private let wallAtStart: Int64
    private let start = ContinuousClock.now
    private struct State {
        var offset: Int64 = 0
        /// The sleeps under way: when the clock is moved on they look again.
        var naps: [Int: Task<Void, Never>] = [:]
        var lastNap = 0
    }
    private let state = Mutex(State())

    public init() {
        wallAtStart = WallClock.microseconds()
    }

    public func now() -> Int64 {
        wallAtStart + start.duration(to: .now).microseconds + state.withLock { $0.offset }
    }

    /// How many calls of ``sleep(for:)`` are waiting.
    var sleeperCount: Int { state.withLock { $0.naps.count } }

    public func sleep(for duration: Duration) async throws {
        let due = now() + duration.microseconds
        while true {
            try Task.checkCancellation()
            let nap = state.withLock { state -> (number: Int, task: Task<Void, Never>)? in
                let left = due - wallAtStart - start.duration(to: .now).microseconds - state.offset
                guard left > 0 else { return nil }
                let nap = Duration.microseconds(min(left, longestNap))
                let task = Task { _ = try? await Task.sleep(for: nap, clock: .continuous) }
                state.lastNap += 1
                state.naps[state.lastNap] = task
                return (state.lastNap, task)
            }
            guard let nap else { return }
            await withTaskCancellationHandler {
                await nap.task.value
            } onCancel: {
                nap.task.cancel()
            }
            state.withLock { $0.naps[nap.number] = nil }
        }
    }

    public func advance(by duration: Duration) {
        let naps = state.withLock { state in
            state.offset += max(0, duration.microseconds)
            return state.naps.values
        }
        for nap in naps { nap.cancel() }
    }
}

/// A clock that stands still until it is advanced: for tests.
public final class ManualSimulatorClock: SimulatorClock {
    private struct Sleeper {
        var due: Int64
        /// Ends with true when it is due, with false where the sleep is cancelled.
        let end = OneShot<Bool>()
    }

    private struct State {
        var now: Int64
        var next = 0
        var sleepers: [Int: Sleeper] = [:]
    }

    private let state: Mutex<State>

    /// - Parameter milliseconds: The time to begin at, since 1970.
    public init(startingAt milliseconds: Int64 = 1_795_255_200_000) {
        state = Mutex(State(now: milliseconds * 1000))
    }

    public func now() -> Int64 {
        state.withLock { $0.now }
    }

    /// How many calls of ``sleep(for:)`` are waiting.
    public var sleeperCount: Int {
        state.withLock { $0.sleepers.count }
    }

    public func sleep(for duration: Duration) async throws {
        guard duration > .zero else { return }
        let (id, end) = state.withLock { state in
            state.next += 1
            let sleeper = Sleeper(due: state.now + duration.microseconds)
            state.sleepers[state.next] = sleeper
            return (state.next, sleeper.end)
        }
        guard await end.wait(orWhenCancelled: { false }) else {
            state.withLock { $0.sleepers[id] = nil }
            throw CancellationError()
        }
    }

    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now += max(0, duration.microseconds)
            let due = state.sleepers.filter { $0.value.due <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.due < $1.due }
        }
        for sleeper in due { sleeper.end.finish(true) }
    }
}

extension Duration {
    /// Whole microseconds, rounded toward zero.
    var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
