import Synchronization

/// A value that is fetched once for all who ask at the same time, and kept. A failure is not kept: the next asks again.
final class Shared<Value: Sendable>: Sendable {
    private typealias Continuation = CheckedContinuation<Result<Value, HubSpotError>, Never>

    private struct State {
        var value: Value?
        var task: Task<Void, Never>?
        var waiting: [Int: Continuation] = [:]
        var nextID = 0
    }
    private let state = Mutex(State())
    private let fetch: @Sendable () async throws(HubSpotError) -> Value

    private let executor: (any TaskExecutor)?

    /// - Parameter executor: Where it is fetched; nil for Swift's own pool.
    init(on executor: (any TaskExecutor)? = nil, _ fetch: @escaping @Sendable () async throws(HubSpotError) -> Value) {
        self.executor = executor
        self.fetch = fetch
    }

    /// The value if it was fetched.
    var known: Value? { state.withLock { $0.value } }

    /// - Throws: what fetching threw, or `cancelled` as soon as the current task is cancelled; others go on waiting.
    func value() async throws(HubSpotError) -> Value {
        if let value = state.withLock({ $0.value }) { return value }
        if Task.isCancelled { throw .cancelled }
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: Continuation) in
                let value = state.withLock { state -> Value? in
                    if let value = state.value { return value }
                    state.waiting[id] = continuation
                    if state.task == nil { state.task = Task(executorPreference: executor) { [self] in await run() } }
                    return nil
                }
                if let value {
                    continuation.resume(returning: .success(value))
                }
                // Cancelled before it waited: the handler found nobody.
                else if Task.isCancelled {
                    leave(id)
                }
            }
        } onCancel: {
            leave(id)
        }
        return try result.get()
    }

    /// Fails everyone who waits.
    func cancel() {
        state.withLock { $0.task }?.cancel()
    }

    private func run() async {
        let result: Result<Value, HubSpotError>
        do { result = .success(try await fetch()) } catch { result = .failure(error) }
        let waiting = state.withLock { state in
            if case .success(let value) = result { state.value = value }
            state.task = nil
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume(returning: result) }
    }

    private func leave(_ id: Int) {
        state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(returning: .failure(.cancelled))
    }
}
