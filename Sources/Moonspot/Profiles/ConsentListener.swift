import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Waiting
import Wire

/// Waits on this machine for the browser that brings a consent's answer: one answer, with the right state, in time.
final class ConsentListener: Sendable {
    /// Where the browser is sent: a port of this machine, and a path.
    struct Place: Sendable, Equatable {
        static let standardPort: UInt16 = 8976

        var uri: String
        var host: String
        var port: Int
        var path: String

        init(port: UInt16) {
            uri = "http://localhost:\(port)/oauth-callback"
            host = "localhost"
            self.port = Int(port)
            path = "/oauth-callback"
        }

        /// Nil for an address that does not lead to this machine.
        init?(_ uri: String) {
            let pattern = /http:\/\/(localhost|127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?(\/[^?#\s]*)?/
            guard let match = uri.wholeMatch(of: pattern) else { return nil }
            let port = match.2.map { Int($0) ?? 0 } ?? 80
            guard (1...65535).contains(port) else { return nil }
            self.uri = uri
            host = String(match.1)
            self.port = port
            path = match.3.map(String.init) ?? "/"
        }
    }

    enum Answer: Sendable, Equatable {
        case code(String)
        /// The person said no, or the server did; in its words.
        case refused(String)
    }

    private let channels: [any Channel]
    private let answer: OneShot<Answer?>

    private init(_ channels: [any Channel], _ answer: OneShot<Answer?>) {
        self.channels = channels
        self.answer = answer
    }

    /// Listens, on both of the addresses that a browser may take `localhost` for.
    /// - Throws: Where the port is another program's.
    static func start(_ place: Place, state: String) async throws -> ConsentListener {
        let answer = OneShot<Answer?>()
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        Visitor(path: place.path, state: state, answer: answer))
                }
            }
        let first = place.host == "[::1]" ? "::1" : "127.0.0.1"
        var channels = [try await bootstrap.bind(host: first, port: place.port).get()]
        // A machine without IPv6 has no such address, and then no browser takes it.
        if place.host == "localhost", let second = try? await bootstrap.bind(host: "::1", port: place.port).get() {
            channels.append(second)
        }
        return ConsentListener(channels, answer)
    }

    /// Nil where none came in time.
    func wait(atMost limit: Duration) async -> Answer? {
        let timer = Task { [answer] in
            try await Task.sleep(for: limit)
            answer.finish(nil)
        }
        defer { timer.cancel() }
        return await answer.wait(orWhenCancelled: { nil })
    }

    func stop() async {
        for channel in channels { try? await channel.close() }
    }

    /// One connection. Browsers open some without using them, which hold nothing up.
    private final class Visitor: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let path: String
        private let state: String
        private let answer: OneShot<Answer?>
        private var head: HTTPRequestHead?

        init(path: String, state: String, answer: OneShot<Answer?>) {
            self.path = path
            self.state = state
            self.answer = answer
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): self.head = head
            case .body: break
            case .end:
                guard let head else { return }
                reply(to: head, context)
            }
        }

        private func reply(to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
            let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            guard head.method == .GET, parts.first.map(String.init) == path else {
                return write(.notFound, "Nothing is here.", context, then: nil)
            }
            let fields = Self.fields(parts.count > 1 ? parts[1] : "")
            // Any page in the browser can send it here: only the login's own answer knows the state.
            guard fields["state"] == state else {
                return write(
                    .badRequest, "This answer does not belong to the login that waits here. Nothing was taken from it.",
                    context, then: nil)
            }
            if let code = fields["code"], !code.isEmpty {
                write(
                    .ok, "moonspot has its answer. You can close this window.", context, then: .code(code))
            } else {
                let reason = fields["error_description"] ?? fields["error"] ?? "no reason was given"
                write(.ok, "Nothing was allowed. You can close this window.", context, then: .refused(reason))
            }
        }

        /// - Parameter given: What ends the wait, once the browser has its page.
        private func write(
            _ status: HTTPResponseStatus, _ text: String, _ context: ChannelHandlerContext, then given: Answer?
        ) {
            let page =
                "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>moonspot</title>"
                + "<body style=\"font: 1.2em sans-serif; margin: 4em auto; max-width: 30em\"><p>\(text)</p>\n"
            let headers: HTTPHeaders = [
                "Content-Type": "text/html;charset=utf-8", "Content-Length": "\(page.utf8.count)",
                "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "Connection": "close",
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            ]
            let answer = answer
            let channel = context.channel
            context.write(
                wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))),
                promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: page)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
                channel.close(promise: nil)
                if let given { answer.finish(given) }
            }
        }

        private static func fields(_ query: Substring) -> [String: String] {
            var fields: [String: String] = [:]
            for item in query.split(separator: "&") {
                let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let name = PercentEncoding.decodeLeniently(pair[0], plusIsSpace: true)
                fields[name] = PercentEncoding.decodeLeniently(pair.count > 1 ? pair[1] : "", plusIsSpace: true)
            }
            return fields
        }
    }
}
