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
        state.withLock { $0 = State() }
    }
}
