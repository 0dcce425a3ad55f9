import Glibc
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Wire

/// A workbench on a port of its own, under a key that nobody can guess.
package final class WorkbenchServer: Sendable {
    /// `http://127.0.0.1:PORT/KEY/`.
    package let url: String

    private let workbench: Workbench
    private let server: Task<Void, any Error>

    private init(_ workbench: Workbench, server: Task<Void, any Error>, url: String) {
        self.workbench = workbench
        self.server = server
        self.url = url
    }

    /// Starts it; it listens on the loopback when this returns.
    /// - Parameter port: 0 takes any free one.
    /// - Throws: Where the port cannot be bound.
    package static func start(
        _ portal: any SubmittingPortal, opening: String?, port: Int, key: String = makeKey()
    ) async throws -> WorkbenchServer {
        let workbench = Workbench(portal: portal, opening: opening)
        let (bound, announce) = AsyncStream.makeStream(of: Int.self)
        var logger = Logger(label: "workbench")
        logger.logLevel = .critical
        let application = Application(
            responder: WorkbenchResponder(workbench: workbench, portal: portal, key: key),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port), serverName: nil),
            onServerRunning: { channel in announce.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        let server = Task {
            defer { announce.finish() }
            try await application.run()
        }
        var ports = bound.makeAsyncIterator()
        guard let port = await ports.next() else {
            // The stream ended before the server ran: its task holds the reason.
            try await server.value
            throw CancellationError()
        }
        return WorkbenchServer(workbench, server: server, url: "http://127.0.0.1:\(port)/\(key)/")
    }

    /// Ends the streams that pages hold, and closes the port.
    /// - Returns: How many submissions were answered as accepted, and are not delivered.
    package func stop() async -> Int {
        let undelivered = workbench.close()
        server.cancel()
        _ = await server.result
        return undelivered
    }

    /// 128 bits by chance, in hexadecimal digits.
    package static func makeKey() -> String {
        var dice = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let half = String(dice.next(), radix: 16)
            return String(repeating: "0", count: 16 - half.count) + half
        }.joined()
    }
}

/// Leads requests to the page and to the two submission endpoints, all below the key.
private struct WorkbenchResponder: HTTPResponder {
    let workbench: Workbench
    let portal: any SubmittingPortal
    let key: String

    func respond(to request: Request, context: WorkbenchContext) async throws -> Response {
        let address = WorkbenchAddress(port: context.port, base: "/\(key)", submissionsBelowBase: true)
        guard let segments = address.segments(of: request.uri.path) else { return Response(status: .notFound) }
        if let endpoint = SubmissionEndpoint(segments) {
            if let refusal = RequestGuard(hosts: address.hosts).refusal(ofHost: RequestGuard.Asked(request).host) {
                return Response(PageAnswers.Answer(refusal))
            }
            return try await endpoint.respond(to: request, workbench, portal, address)
        }
        return await workbench.respond(to: request, at: address) ?? Response(status: .notFound)
    }
}

/// What is known of a request beside itself.
private struct WorkbenchContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The server's own, by which it knows its `Host`.
    let port: Int

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        port = source.channel.localAddress?.port ?? 0
    }
}
