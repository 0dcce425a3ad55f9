import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Synchronization

/// The connections that are open, and which of them wait for an answer: a stop closes the others at once, and these
/// when they have it.
final class Connections: Sendable {
    private struct Entry {
        var channel: any Channel
        /// Requests that have come in whole, less answers that have gone out whole.
        var unanswered = 0
        /// Its answer never comes, because a fault keeps it back.
        var isAbandoned = false

        var isBusy: Bool { unanswered > 0 && !isAbandoned }
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var isClosing = false
        /// Woken when no connection waits for an answer any more.
        var settled: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// The handler that a new connection's pipeline needs.
    func watch() -> any RemovableChannelHandler { ConnectionWatch(self) }

    /// Closes every connection that waits for no answer, and the others when they have theirs.
    func close() {
        let idle = state.withLock { state in
            state.isClosing = true
            return state.entries.values.filter { !$0.isBusy }.map(\.channel)
        }
        for channel in idle { channel.close(mode: .all, promise: nil) }
        wake()
    }

    /// Closes every connection, answered or not.
    func abort() {
        let channels = state.withLock { state in
            state.isClosing = true
            return state.entries.values.map(\.channel)
        }
        for channel in channels { channel.close(mode: .all, promise: nil) }
    }

    /// Returns when no connection waits for an answer any more; after ``abort()`` that is soon.
    func whenSettled() async {
        await withCheckedContinuation { continuation in
            state.withLock { $0.settled.append(continuation) }
            wake()
        }
    }

    var isClosing: Bool { state.withLock { $0.isClosing } }
    var abandonedCount: Int { state.withLock { $0.entries.values.count { $0.isAbandoned } } }

    /// The answer on this connection never comes.
    func abandon(_ channel: any Channel) {
        change(channel) { $0.isAbandoned = true }
    }

    private func wake() {
        let woken = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard !state.entries.values.contains(where: \.isBusy) else { return [] }
            defer { state.settled = [] }
            return state.settled
        }
        for continuation in woken { continuation.resume() }
    }

    fileprivate func opened(_ channel: any Channel) {
        let isLate = state.withLock { state in
            state.entries[ObjectIdentifier(channel)] = Entry(channel: channel)
            return state.isClosing
        }
        if isLate { channel.close(mode: .all, promise: nil) }
    }

    fileprivate func closed(_ channel: any Channel) {
        state.withLock { $0.entries[ObjectIdentifier(channel)] = nil }
        wake()
    }

    fileprivate func received(_ channel: any Channel) { change(channel) { $0.unanswered += 1 } }
    fileprivate func answered(_ channel: any Channel) { change(channel) { $0.unanswered -= 1 } }

    private func change(_ channel: any Channel, _ body: (inout Entry) -> Void) {
        let isDone = state.withLock { state in
            guard var entry = state.entries[ObjectIdentifier(channel)] else { return false }
            body(&entry)
            state.entries[ObjectIdentifier(channel)] = entry
            return state.isClosing && !entry.isBusy
        }
        if isDone { channel.close(mode: .all, promise: nil) }
        wake()
    }
}

/// Tells ``Connections`` of one connection.
private final class ConnectionWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let connections: Connections

    init(_ connections: Connections) { self.connections = connections }

    func handlerAdded(context: ChannelHandlerContext) {
        let connections = connections
        let channel = context.channel
        connections.opened(channel)
        channel.closeFuture.whenComplete { _ in connections.closed(channel) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .end = unwrapInboundIn(data) { connections.received(context.channel) }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
        let connections = connections
        let channel = context.channel
        promise.futureResult.whenComplete { _ in connections.answered(channel) }
        context.write(data, promise: promise)
    }
}
