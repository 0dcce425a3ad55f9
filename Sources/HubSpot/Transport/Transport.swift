import AsyncHTTPClient
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOSSL
import Synchronization
import Quota

/// Puts one attempt of a request on the wire. Connections are kept in one pool, which is made on first use.
///
/// A deadline on the session's clock bounds connecting, head and body; cancelling the Swift task or passing the deadline
/// closes the connection at once. Redirects are not followed here.
final class Transport: Sendable {
    /// Bodies beyond this, decompressed, are refused: they would fill the memory.
    static let maximumBodyBytes = 256 << 20
    /// The longest request line that HubSpot and the servers before it take.
    static let maximumTargetBytes = 16_000

    private let network: NetworkSettings
    private let concurrency: Int
    private let timeout: Duration
    private let clock: any SessionClock
    private let userAgent: String
    private let wording: @Sendable (HubSpotError.Remedy) -> String

    private struct Pool {
        /// With and without the proxy; one of the two unless `NO_PROXY` tells the hosts apart.
        var direct: HTTPClient?
        var proxied: HTTPClient?
        var inFlight = 0
        var lastUse: (awake: NIODeadline, elapsed: Duration)?
        var isClosed = false
    }
    private let pool = Mutex(Pool())

    init(_ configuration: SessionConfiguration) {
        network = configuration.network
        concurrency = max(1, configuration.concurrency)
        timeout = configuration.timeout
        clock = configuration.clock
        userAgent = configuration.userAgent
        wording = configuration.wording
    }

    /// - Throws: ``HubSpotError`` where no answer came; an answer of any status is returned.
    func send(
        _ request: APIRequest, to url: BaseURL, credential: Credential?
    ) async throws(HubSpotError) -> APIResponse {
        let departure = clock.departure()
        defer { departure?.end() }
        var message: HTTPClient.Request
        do {
            message = try HTTPClient.Request(
                url: url.description + (credential?.target(request.target) ?? request.target),
                method: HTTPMethod(rawValue: request.method.rawValue),
                headers: Self.headers(of: request, credential: credential?.header, userAgent: userAgent),
                body: request.body.map { .byteBuffer(ByteBuffer(bytes: $0)) })
        } catch {
            throw .invalidArgument("the path '\(request.path.prefix(200))' makes no valid URL")
        }
        if let header = departure?.header { message.headers.add(name: header.name, value: header.value) }
        let client = try borrow(for: url)
        defer { giveBack() }
        let collector = ResponseCollector()
        let task = client.execute(request: message, delegate: collector)
        let deadline = clock.schedule(at: clock.now + timeout) {
            departure?.giveUp()
            task.fail(reason: DeadlinePassed())
        }
        defer { deadline.cancel() }
        do {
            return try await withTaskCancellationHandler {
                try await task.get()
            } onCancel: {
                departure?.giveUp()
                task.cancel()
            }
        } catch {
            throw TransportFailure(error, url: url, timeout: timeout, wasSent: collector.wasSent, wording: wording)
                .error(request)
        }
    }

    /// Cancels the requests in flight and closes all connections. Takes at most two seconds: a connection that is still in
    /// its TLS handshake is not waited for.
    func close() async {
        let clients = pool.withLock { pool in
            pool.isClosed = true
            defer { (pool.direct, pool.proxied) = (nil, nil) }
            return [pool.direct, pool.proxied].compactMap { $0 }
        }
        guard !clients.isEmpty else { return }
        let loop = WireThread.shared.loop
        let closed = loop.makePromise(of: Void.self)
        let limit = loop.scheduleTask(in: .seconds(2)) { closed.succeed() }
        // The only failure is that of connections which were closing already.
        let all = clients.map { $0.shutdown().hop(to: loop).flatMapErrorThrowing { _ in } }
        EventLoopFuture.andAllComplete(all, on: loop).whenComplete { _ in closed.succeed() }
        try? await closed.futureResult.get()
        limit.cancel()
    }

    /// All headers of a request but for the connection's own.
    /// - Parameter credential: The header that carries it; nil where none does.
    static func headers(
        of request: APIRequest, credential: (name: String, value: String)?, userAgent: String
    ) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.reserveCapacity(8)
        headers.add(name: "User-Agent", value: userAgent)
        headers.add(name: "Accept-Encoding", value: "gzip")
        if let credential { headers.add(name: credential.name, value: credential.value) }
        var hasAccept = false
        var hasContentType = false
        for field in request.headers {
            if field.name == .accept { hasAccept = true }
            if field.name == .contentType { hasContentType = true }
            headers.add(name: field.name.rawName, value: field.value)
        }
        if !hasAccept { headers.add(name: "Accept", value: "application/json") }
        if !hasContentType, request.body != nil { headers.add(name: "Content-Type", value: "application/json") }
        return headers
    }

    // MARK: The pool

    private func borrow(for url: BaseURL) throws(HubSpotError) -> HTTPClient {
        let proxy = network.proxy(for: url)
        let now = (awake: NIODeadline.now(), elapsed: SystemClock().now)
        var stale: [HTTPClient] = []
        defer { for client in stale { client.shutdown().whenComplete { _ in } } }
        return try pool.withLock { pool throws(HubSpotError) -> HTTPClient in
            if pool.isClosed { throw HubSpotError(.cancelled, "the session is closed") }
            // After the machine slept, the connections look alive and are not: a create would be lost on them, and
            // it could not be known whether it was carried out.
            if pool.inFlight == 0, let last = pool.lastUse {
                let slept = (now.elapsed - last.elapsed) - .nanoseconds((now.awake - last.awake).nanoseconds)
                if slept > .seconds(2) {
                    stale = [pool.direct, pool.proxied].compactMap { $0 }
                    (pool.direct, pool.proxied) = (nil, nil)
                }
            }
            let client: HTTPClient
            if proxy == nil {
                client = if let known = pool.direct { known } else { try makeClient(nil) }
                pool.direct = client
            } else {
                client = if let known = pool.proxied { known } else { try makeClient(proxy) }
                pool.proxied = client
            }
            pool.inFlight += 1
            pool.lastUse = now
            return client
        }
    }

    private func giveBack() {
        let now = (awake: NIODeadline.now(), elapsed: SystemClock().now)
        pool.withLock { pool in
            pool.inFlight -= 1
            pool.lastUse = now
        }
    }

    private func makeClient(_ proxy: NetworkSettings.Proxy?) throws(HubSpotError) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        if let path = network.certificateFile {
            guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
                var error = HubSpotError(
                    .network, "SSL_CERT_FILE names '\(path)', which holds no certificates in PEM form or cannot be read"
                )
                error.isWorthRepeating = false
                throw error
            }
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .certificates(certificates)
            configuration.tlsConfiguration = tls
        }
        configuration.redirectConfiguration = .disallow
        // Shorter than the deadline, so that a create which found no connection is known not to be carried out.
        let connecting = min(.seconds(10), timeout * 0.8).components
        configuration.timeout = .init(
            connect: .nanoseconds(connecting.seconds * 1_000_000_000 + connecting.attoseconds / 1_000_000_000))
        configuration.connectionPool.idleTimeout = .seconds(30)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = concurrency
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.decompression = .enabled(limit: .size(Self.maximumBodyBytes))
        configuration.httpVersion = .http1Only
        configuration.tracing.tracer = nil
        if let proxy {
            configuration.proxy = .server(
                host: proxy.host, port: proxy.port,
                authorization: proxy.user.map { .basic(username: $0, password: proxy.password ?? "") })
        }
        // One loop for a request and its connection: a request's end is written in the same turn as its body. Over two of
        // them an answer may come between, and where the connection closes then, async-http-client ends the process ("A
        // connection that we don't know was released").
        return HTTPClient(
            eventLoopGroup: WireThread.shared.loop, configuration: configuration)
    }
}
