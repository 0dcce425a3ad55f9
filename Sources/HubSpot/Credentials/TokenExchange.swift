import Quota
import Synchronization
import Waiting

/// Work that goes on where the calls that wait for it are given up, until it is done: what an OAuth server has given once has
/// to be kept.
final class TokenExchange: Sendable {
    private struct State {
        var tasks: [Int: Task<Void, Never>] = [:]
        var number = 0
    }
    private let state = Mutex(State())

    var isRunning: Bool { state.withLock { !$0.tasks.isEmpty } }

    /// - Throws: what `body` throws, or `cancelled` as soon as the current task is cancelled; `body` goes on then.
    func run(
        _ body: @escaping @Sendable () async throws(HubSpotError) -> OAuthTokens
    ) async throws(HubSpotError) -> OAuthTokens {
        let answer = OneShot<Result<OAuthTokens, HubSpotError>>()
        state.withLock { state in
            // Under the lock: a call that is given up before `end` begins nothing behind its back.
            guard !Task.isCancelled else {
                answer.finish(.failure(.cancelled))
                return
            }
            state.number += 1
            let number = state.number
            state.tasks[number] = Task { [self] in
                let result: Result<OAuthTokens, HubSpotError>
                do throws(HubSpotError) { result = .success(try await body()) } catch { result = .failure(error) }
                self.state.withLock { _ = $0.tasks.removeValue(forKey: number) }
                answer.finish(result)
            }
        }
        return try await answer.wait(orWhenCancelled: { .failure(.cancelled) }).get()
    }

    /// Returns when nothing runs any more. What still runs after `limit` is cancelled.
    func end(within limit: Duration) async {
        let tasks = state.withLock { Array($0.tasks.values) }
        guard !tasks.isEmpty else { return }
        // The process's end is in the machine's own time.
        let clock = SystemClock()
        let alarm = clock.schedule(at: clock.now + limit) { for task in tasks { task.cancel() } }
        for task in tasks { await task.value }
        alarm.cancel()
    }
}
