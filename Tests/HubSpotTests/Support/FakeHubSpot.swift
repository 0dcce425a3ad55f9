import HubSpot
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A server on loopback that answers as a test says, over real HTTP.
final class FakeHubSpot: Sendable {
    struct Request: Sendable {
        var method: String
        /// With the query.
        var uri: String
        var body: String

        var path: String { String(uri.prefix { $0 != "?" }) }
    }

    struct Answer: Sendable {
        var status: Int
        var body: String
        init(_ status: Int, _ body: String = "") {
            self.status = status
            self.body = body
        }
    }

    typealias Respond = @Sendable (Request) -> Answer

    private let seen: Box

    private init(seen: Box) { self.seen = seen }

    /// Every request so far, in the order of arrival.
    var requests: [Request] { seen.requests.withLock { $0 } }

    /// Runs `body` with a session on a server that answers as `respond` says.
    static func running(
        _ configure: (inout SessionConfiguration) -> Void = { _ in }, respond: @escaping Respond,
        _ body: (Session, FakeHubSpot) async throws -> Void
    ) async throws {
        let box = Box()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(box: box, respond: respond))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        var configuration = SessionConfiguration(
            credential: FixedCredential(try AccessToken("pat-na1-test")),
            baseURL: try BaseURL("http://127.0.0.1:\(port)"))
        configuration.portalID = 20_000_001
        configure(&configuration)
        let session = Session(configuration)
        let server = FakeHubSpot(seen: box)
        do {
            try await body(session, server)
        } catch {
            await session.close()
            try await channel.close()
            throw error
        }
        await session.close()
        try await channel.close()
    }

    final class Box: Sendable {
        let requests = Mutex<[Request]>([])
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let box: Box
        private let respond: Respond
        private var head: HTTPRequestHead?
        private var body = ""

        init(box: Box, respond: @escaping Respond) {
            self.box = box
            self.respond = respond
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body = ""
            case .body(let buffer): body += String(buffer: buffer)
            case .end:
                guard let head else { return }
                let request = Request(method: head.method.rawValue, uri: head.uri, body: body)
                box.requests.withLock { $0.append(request) }
                let answer = respond(request)
                let headers: HTTPHeaders = [
                    "content-type": "application/json", "content-length": "\(answer.body.utf8.count)",
                ]
                let status = HTTPResponseStatus(statusCode: answer.status)
                context.write(
                    wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))),
                    promise: nil)
                if !answer.body.isEmpty {
                    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
                }
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
