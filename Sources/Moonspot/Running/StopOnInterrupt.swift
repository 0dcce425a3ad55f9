import Synchronization

/// Ctrl-C while a command writes: what is on its way is waited for, and nothing further is begun. A second Ctrl-C ends the
/// process at once; what was on its way then is known to the journal as unknown.
final class StopOnInterrupt: Sendable {
    private let stopped = Mutex(false)
    private let interrupts = Interrupts()
    private let executor: (any TaskExecutor)?

    /// For how long answers are waited for.
    private static let patience: Duration = .seconds(3)

    /// - Parameter executor: Where the work runs; nil for Swift's own pool.
    init(executor: (any TaskExecutor)?) { self.executor = executor }

    /// Whether Ctrl-C was pressed.
    var isStopped: Bool { stopped.withLock { $0 } }

    /// Runs `body`, which asks ``isStopped`` before each request. It is cancelled where it still waits some seconds after.
    func run<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        Interrupts.setRunning(true)
        defer { Interrupts.setRunning(false) }
        let work = Task(executorPreference: executor) { () -> Result<Value, Failure> in
            do throws(Failure) { return .success(try await body()) } catch { return .failure(error) }
        }
        interrupts.onInterrupt { [self] in
            let isFirst = stopped.withLock { stopped in
                defer { stopped = true }
                return !stopped
            }
            guard isFirst else { return }
            Output.error.line("stopping; Ctrl-C again ends it at once")
            Task {
                try? await Task.sleep(for: Self.patience)
                work.cancel()
            }
        }
        let result = await work.value
        interrupts.onSignal(nil)
        return try result.get()
    }
}
