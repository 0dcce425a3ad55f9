import Synchronization

/// A value that comes once, and one task that waits for it.
///
/// Finishing may come before the wait, during it, or from its cancellation; the first wins, and the wait ends exactly
/// once. The lock guards every field, and no continuation is resumed under it.
public final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case pending
        case waiting(CheckedContinuation<Value, Never>)
        case finished(Value)
    }

    private let state = Mutex(State.pending)

    public init() {}

    /// The value, where it has come.
    public var value: Value? { state.withLock { if case .finished(let value) = $0 { value } else { nil } } }

    /// Ends the wait.
    /// - Returns: False where it has ended before: this value is dropped.
    @discardableResult
    public func finish(_ value: Value) -> Bool {
        let (isFirst, waiting) = state.withLock { state -> (Bool, CheckedContinuation<Value, Never>?) in
            switch state {
            case .finished: return (false, nil)
            case .pending:
                state = .finished(value)
                return (true, nil)
            case .waiting(let continuation):
                state = .finished(value)
                return (true, continuation)
            }
        }
        waiting?.resume(returning: value)
        return isFirst
    }

    /// Waits for the value. Only one task may wait.
    ///
    /// - Parameter cancelled: Makes the value with which the wait ends when the current task is cancelled. What it makes is
    ///   dropped where the value has come by then.
    public func wait(orWhenCancelled cancelled: @escaping @Sendable () -> Value) async -> Value {
        await withTaskCancellationHandler {
            await wait()
        } onCancel: {
            finish(cancelled())
        }
    }

    /// Waits for the value, also while the current task is cancelled. Only one task may wait.
    public func wait() async -> Value {
        await withCheckedContinuation { continuation in
            let value = state.withLock { state -> Value? in
                switch state {
                case .finished(let value): return value
                case .pending:
                    state = .waiting(continuation)
                    return nil
                case .waiting: preconditionFailure("two tasks wait for one value")
                }
            }
            if let value { continuation.resume(returning: value) }
        }
    }
}

extension OneShot where Value == Void {
    @discardableResult
    public func finish() -> Bool { finish(()) }
}
