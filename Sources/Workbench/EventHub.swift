import JSON
import Synchronization

/// Tells all pages that are open what happens, and a page that opens what has happened before.
final class EventHub: Sendable {
    struct Event: Sendable {
        /// In order, from 1; nil for what is not kept.
        var number: Int?
        var name: String
        var data: JSONValue

        /// As `text/event-stream` has it (source: the HTML standard, server-sent events).
        var text: String {
            (number.map { "id: \($0)\n" } ?? "") + "event: \(name)\ndata: \(data.text)\n\n"
        }
    }

    /// How many events are kept for pages that open later.
    static let remembered = 200

    private struct State {
        var kept: [Event] = []
        var count = 0
        /// The last of those that are not kept.
        var latest: [String: Event] = [:]
        var listeners: [Int: AsyncStream<Event>.Continuation] = [:]
        var listenersEver = 0
        /// When the last page stopped listening.
        var lastHeard: ContinuousClock.Instant?
        var isClosed = false
    }
    private let state = Mutex(State())

    /// A page that is hidden does not listen, and comes back.
    private static let absence: Duration = .seconds(1800)

    /// Whether any page is open.
    var isHeard: Bool {
        state.withLock { state in
            !state.listeners.isEmpty || state.lastHeard.map { ContinuousClock.now - $0 < Self.absence } ?? false
        }
    }

    /// An event that pages need which open later.
    func publish(_ name: String, _ data: JSONValue) {
        let (event, listeners) = state.withLock { state in
            state.count += 1
            let event = Event(number: state.count, name: name, data: data)
            state.kept.append(event)
            if state.kept.count > Self.remembered { state.kept.removeFirst() }
            return (event, Array(state.listeners.values))
        }
        for listener in listeners { listener.yield(event) }
    }

    /// An event of which only the last counts.
    func tell(_ name: String, _ data: JSONValue) {
        let event = Event(number: nil, name: name, data: data)
        let listeners = state.withLock { state in
            state.latest[name] = event
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.yield(event) }
    }

    /// The events after a number, and those that come. The stream ends with ``close()``.
    /// - Parameter isBack: For a page that has listened before, which hears the last of the others as well.
    func listen(after number: Int, isBack: Bool = false) -> AsyncStream<Event> {
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self)
        state.withLock { state in
            for event in state.kept where (event.number ?? 0) > number { continuation.yield(event) }
            if isBack { for event in state.latest.values { continuation.yield(event) } }
            guard !state.isClosed else { return continuation.finish() }
            state.listenersEver += 1
            let key = state.listenersEver
            state.listeners[key] = continuation
            continuation.onTermination = { [weak self] _ in
                self?.state.withLock { state in
                    state.listeners[key] = nil
                    state.lastHeard = .now
                }
            }
        }
        return stream
    }

    func close() {
        let listeners = state.withLock { state in
            state.isClosed = true
            defer { state.listeners = [:] }
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.finish() }
    }
}
