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
        var listeners: [Int: AsyncStream<Event>.Continuation] = [:]
        var listenersEver = 0
        var isClosed = false
    }
    private let state = Mutex(State())

    /// Whether any page is open.
    var isHeard: Bool { state.withLock { !$0.listeners.isEmpty } }

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
        let listeners = state.withLock { Array($0.listeners.values) }
        for listener in listeners { listener.yield(event) }
    }

    /// The events after a number, and those that come. The stream ends with ``close()``.
    func listen(after number: Int) -> AsyncStream<Event> {
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self)
        state.withLock { state in
            for event in state.kept where (event.number ?? 0) > number { continuation.yield(event) }
            guard !state.isClosed else { return continuation.finish() }
            state.listenersEver += 1
            let key = state.listenersEver
            state.listeners[key] = continuation
            continuation.onTermination = { [weak self] _ in
                _ = self?.state.withLock { $0.listeners.removeValue(forKey: key) }
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
