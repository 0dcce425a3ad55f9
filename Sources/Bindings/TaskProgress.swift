import Synchronization

/// How far the calls of `task.map` and `task.each` are, for a status line to show.
public final class TaskProgress: Sendable {
    /// One of those calls.
    public struct Entry: Sendable, Equatable {
        /// `task.each`.
        public var name: String
        /// Nil where an iterator is drawn from.
        public var total: Int?
        public var done = 0
        /// When it began, and how many requests had been answered by then.
        public var since: ContinuousClock.Instant
        public var requestsBefore = 0
    }

    private struct State {
        var entries: [Int64: Entry] = [:]
        var last: Int64 = 0
    }
    private let state = Mutex(State())

    private let answeredRequests: @Sendable () -> Int

    /// - Parameter answeredRequests: How many requests of the session were answered so far.
    public init(answeredRequests: @escaping @Sendable () -> Int = { 0 }) { self.answeredRequests = answeredRequests }

    /// The one that began first of those that go on: the others run within it and are part of it.
    public var outermost: Entry? {
        state.withLock { state in state.entries.min { $0.key < $1.key }?.value }
    }

    func begin(_ name: String, total: Int?) -> Int64 {
        let entry = Entry(name: name, total: total, since: .now, requestsBefore: answeredRequests())
        return state.withLock { state in
            state.last += 1
            state.entries[state.last] = entry
            return state.last
        }
    }

    func step(_ number: Int64) { state.withLock { $0.entries[number]?.done += 1 } }
    func end(_ number: Int64) { state.withLock { $0.entries[number] = nil } }
}
