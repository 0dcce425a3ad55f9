import Synchronization

/// Counts of answers, and the last requests for the home page.
final class Statistics: Sendable {
    struct Entry: Sendable {
        var number: Int
        /// Milliseconds since 1970.
        var at: Int64
        var method: String
        var path: String
        var query: String
        /// 0 where no answer was given.
        var status: Int
        var milliseconds: Double
    }

    private struct State {
        var requests = 0
        var byStatus: [Int: Int] = [:]
        var recent: [Entry] = []
        /// Pages that are told of each change, by numbers of their own.
        var watchers: [Int: AsyncStream<Void>.Continuation] = [:]
        var watchersEver = 0
        var isClosed = false
    }

    static let remembered = 200
    private let state = Mutex(State())

    /// - Parameter status: 0 where the connection was closed without an answer.
    func note(method: String, path: String, query: String = "", status: Int, at: Int64, milliseconds: Double) {
        state.withLock { state in
            state.requests += 1
            state.byStatus[status, default: 0] += 1
            state.recent.append(
                Entry(
                    number: state.requests, at: at, method: method, path: path, query: query, status: status,
                    milliseconds: milliseconds))
            if state.recent.count > Self.remembered * 2 { state.recent.removeFirst(Self.remembered) }
            for watcher in state.watchers.values { watcher.yield() }
        }
    }

    var counts: (requests: Int, byStatus: [Int: Int]) {
        state.withLock { ($0.requests, $0.byStatus) }
    }

    /// The requests after a number, oldest first.
    func entries(after number: Int) -> [Entry] {
        state.withLock { state in state.recent.suffix(Self.remembered).filter { $0.number > number } }
    }

    func reset() {
        state.withLock { state in
            (state.requests, state.byStatus, state.recent) = (0, [:], [])
            for watcher in state.watchers.values { watcher.yield() }
        }
    }

    /// One element at once, and one whenever something has changed since the last was taken. Ends with ``close()``.
    func changes() -> (stream: AsyncStream<Void>, now: AsyncStream<Void>.Continuation) {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { state in
            guard !state.isClosed else { return continuation.finish() }
            state.watchersEver += 1
            let key = state.watchersEver
            state.watchers[key] = continuation
            continuation.onTermination = { [weak self] _ in
                _ = self?.state.withLock { $0.watchers.removeValue(forKey: key) }
            }
            continuation.yield()
        }
        return (stream, continuation)
    }

    /// Ends what watches.
    func close() {
        let watchers = state.withLock { state in
            state.isClosed = true
            defer { state.watchers = [:] }
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher.finish() }
    }
}
