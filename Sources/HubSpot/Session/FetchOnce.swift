import Synchronization
import Waiting

/// A value that is fetched once for all callers that ask at the same time, and kept. A failure is not kept: the next call
/// fetches again.
final class FetchOnce<Value: Sendable>: Sendable {
    private typealias Answer = OneShot<Result<Value, HubSpotError>>

    private struct State {
        var value: Value?
        var task: Task<Void, Never>?
        var waiting: [(answer: Answer, call: CallContext?)] = []
    }
    private let state = Mutex(State())
    private let fetch: @Sendable () async throws(HubSpotError) -> Value

    private let executor: (any TaskExecutor)?

    /// - Parameter executor: Where it is fetched; nil for Swift's own pool.
    init(on executor: (any TaskExecutor)? = nil, _ fetch: @escaping @Sendable () async throws(HubSpotError) -> Value) {
        self.executor = executor
        self.fetch = fetch
    }

    /// A value that needs no fetching.
    init(known value: Value) {
        executor = nil
        fetch = { () throws(HubSpotError) in value }
        state.withLock { $0.value = value }
    }

    /// The value if it was fetched.
    var known: Value? { state.withLock { $0.value } }

    /// - Throws: what fetching threw, or `cancelled` as soon as the current task is cancelled; others go on waiting.
    func value() async throws(HubSpotError) -> Value {
        if let value = known { return value }
        if Task.isCancelled { throw .cancelled }
        let answer = Answer()
        let known = state.withLock { state -> Value? in
            if let value = state.value { return value }
            state.waiting.append((answer, CallContext.current))
            CallContext.current?.waits()
            if state.task == nil { state.task = Task(executorPreference: executor) { [self] in await run() } }
            return nil
        }
        if let known { return known }
        return try await answer.wait(orWhenCancelled: { .failure(.cancelled) }).get()
    }

    /// Has the value fetched, and waits for nothing.
    func begin() {
        state.withLock { state in
            guard state.value == nil, state.task == nil else { return }
            state.task = Task(executorPreference: executor) { [self] in await run() }
        }
    }

    /// Fails every call that waits.
    func cancel() {
        state.withLock { $0.task }?.cancel()
    }

    private func run() async {
        let result: Result<Value, HubSpotError>
        do { result = .success(try await fetch()) } catch { result = .failure(error) }
        let waiting = state.withLock { state in
            if case .success(let value) = result { state.value = value }
            state.task = nil
            defer { state.waiting = [] }
            return state.waiting
        }
        for (_, call) in waiting { call?.goesOn() }
        for (answer, _) in waiting { answer.finish(result) }
    }
}
