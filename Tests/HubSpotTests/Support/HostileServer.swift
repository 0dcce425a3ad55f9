import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A server on loopback that answers with whatever bytes a test wants, or not at all.
final class HostileServer: Sendable {
    enum Step: Sendable {
        case write(String)
        case bytes([UInt8])
        /// An orderly end.
        case close
        /// An RST.
        case reset
        /// Closes soon after, once the client had time to take the connection for an idle one.
        case closeLater
    }

    /// One request as it came.
    struct Received: Sendable {
        var head: String
        var body: String
        /// Counted over all connections, from 0.
        var index: Int
        var requestLine: String { String(head.prefix { $0 != "\r\n" }) }
        func header(_ name: String) -> String? {
            head.split(separator: "\r\n").dropFirst().first { $0.lowercased().hasPrefix(name + ":") }
                .map { String($0.dropFirst(name.count + 1).drop { $0 == " " }) }
        }
    }

    typealias Behaviour = @Sendable (Received) -> [Step]

    private let channel: any Channel
    private let log: Log
    var port: Int { channel.localAddress!.port! }  // A bound TCP socket has a port.
    var url: String { "http://127.0.0.1:\(port)" }
    var received: [Received] { log.received.withLock { $0 } }
    /// Connections that the client has not closed yet.
    var openConnections: Int { log.open.withLock { $0 } }

    final class Log: Sendable {
        let received = Mutex<[Received]>([])
        let open = Mutex(0)
    }

    private init(channel: any Channel, log: Log) {
        self.channel = channel
        self.log = log
    }

    /// Runs the server for the time of `body`.
    static func running<Result>(
        _ behaviour: @escaping Behaviour, _ body: (HostileServer) async throws -> Result
    ) async throws -> Result {
        let log = Log()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Connection(behaviour, log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = HostileServer(channel: channel, log: log)
        let result: Result
        do { result = try await body(server) } catch {
            try? await channel.close()
            throw error
        }
        try await channel.close()
        return result
    }

    /// Waits until the event loops, which client and server share, have looked at their sockets: whatever had reached a
    /// socket before is dealt with afterwards.
    static func everyLoopHasTurned() async throws {
        for loop in MultiThreadedEventLoopGroup.singleton.makeIterator() {
            // The first may run in a turn that began before; the second has a look at the sockets before it.
            for _ in 1...2 { try await loop.submit {}.get() }
        }
    }

    private final class Connection: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let behaviour: Behaviour
        private let log: Log
        private var pending: [UInt8] = []

        init(_ behaviour: @escaping Behaviour, _ log: Log) {
            self.behaviour = behaviour
            self.log = log
        }

        func channelActive(context: ChannelHandlerContext) { log.open.withLock { $0 += 1 } }
        func channelInactive(context: ChannelHandlerContext) { log.open.withLock { $0 -= 1 } }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            pending += Array(unwrapInboundIn(data).readableBytesView)
            while let request = take() {
                for step in behaviour(request) { perform(step, context) }
            }
        }

        private func take() -> Received? {
            let text = String(decoding: pending, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
            let head = String(text[..<end.lowerBound])
            var request = Received(head: head, body: "", index: 0)
            let length = request.header("content-length").flatMap { Int($0) } ?? 0
            let start = head.utf8.count + 4
            guard pending.count >= start + length else { return nil }
            request.body = String(decoding: pending[start..<(start + length)], as: UTF8.self)
            pending.removeFirst(start + length)
            log.received.withLock { received in
                request.index = received.count
                received.append(request)
            }
            return request
        }

        private func perform(_ step: Step, _ context: ChannelHandlerContext) {
            switch step {
            case .write(let text): context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            case .bytes(let bytes): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            case .close: context.close(promise: nil)
            case .closeLater:
                let channel = context.channel
                context.eventLoop.scheduleTask(in: .milliseconds(20)) { channel.close(promise: nil) }
            case .reset:
                let channel = context.channel
                let noLinger = (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                noLinger?.whenComplete { _ in channel.close(promise: nil) }
            }
        }
    }
}

extension HostileServer.Step {
    /// A whole answer.
    static func answer(_ status: Int, _ body: String = "", headers: [String] = []) -> HostileServer.Step {
        let lines = ["HTTP/1.1 \(status) Whatever", "Content-Length: \(body.utf8.count)"] + headers
        return .write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    static func json(_ status: Int, _ body: String, headers: [String] = []) -> HostileServer.Step {
        answer(status, body, headers: ["Content-Type: application/json;charset=utf-8"] + headers)
    }
}
