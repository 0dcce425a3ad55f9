import GRDB
import HTTPTypes
import Hummingbird
import JSON
import Logging
import NIOCore
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What Hummingbird hands along with a request: here, its connection, which faults close.
struct SimulatorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

/// A connection that was closed in place of an answer.
struct ConnectionClosed: Error {}

/// Every request's way: control paths, faults, credentials, quota, object type and scopes, handler, headers.
struct SimulatorResponder: HTTPResponder {
    static let maximumBodyBytes = 64 << 20
    /// Longer targets are refused with 414; HubSpot's bound lies between 8 and 16 KB.
    static let maximumTargetBytes = 16_000

    let portal: Portal
    let connections: Connections

    func respond(to request: Request, context: SimulatorContext) async throws -> Response {
        let flight = Self.flightName.flatMap { request.headers[$0] }.flatMap { UInt64($0) }
        return try await portal.clock.serving(flight) { try await serve(request, context) }
    }

    private static let flightName = HTTPField.Name(SimulatorFlight.headerName)

    private func serve(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        let started = portal.clock.now()
        let target = request.head.path ?? "/"
        let path = target.prefix { $0 != "?" }
        let correlationID = UUIDs.version7(milliseconds: started / 1000)
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: Self.maximumBodyBytes)
        } catch is NIOTooManyBytesError {
            return response(SimulatorResponse(APIError.html(413), correlationID: correlationID), correlationID)
        }
        let simulated = SimulatorRequest(
            method: request.method.rawValue, path: String(path),
            segments: path.split(separator: "/").map { PercentEncoding.decodeLeniently($0, plusIsSpace: false) },
            query: Query(target.dropFirst(path.count + 1)), headers: request.headers,
            body: Array(body.readableBytesView),
            remoteAddress: context.channel.remoteAddress?.ipAddress ?? "127.0.0.1", correlationID: correlationID)
        var answer: SimulatorResponse
        if simulated.segments.first == "_simulator" || simulated.segments.isEmpty {
            answer = try await ControlAPI.answer(simulated, portal)
        } else {
            do {
                answer = try await self.answer(simulated, targetBytes: target.utf8.count, channel: context.channel)
            } catch {
                note(simulated, 0, started)
                throw error
            }
            note(simulated, answer.status, started)
        }
        // What follows the head of such an answer would be taken for another one.
        if request.method == .head { answer.body = [] }
        return response(answer, correlationID)
    }

    private func note(_ request: SimulatorRequest, _ status: Int, _ started: Int64) {
        portal.statistics.note(
            method: request.method, path: request.path, query: request.query.text, status: status, at: started / 1000,
            milliseconds: Double(portal.clock.now() - started) / 1000)
    }

    // MARK: The way of an API call

    private func answer(
        _ request: SimulatorRequest, targetBytes: Int, channel: any Channel
    ) async throws -> SimulatorResponse {
        let latency = drawLatency()
        if let latency { try await portal.clock.sleep(for: latency / 2) }
        let fault = portal.faults.action(method: request.method, path: request.path)
        var answer: SimulatorResponse
        if let fault, fault.isAnswer {
            answer = try await replaced(fault, request, channel)
        } else if targetBytes > Self.maximumTargetBytes {
            answer = SimulatorResponse(APIError.html(414), correlationID: request.correlationID)
        } else {
            answer = await carriedOut(request)
            if let fault { answer = try await spoiled(answer, fault, channel) }
        }
        if let latency { try await portal.clock.sleep(for: latency - latency / 2) }
        return answer
    }

    private func drawLatency() -> Duration? {
        guard let range = portal.options.latency else { return nil }
        return range.lowerBound + (range.upperBound - range.lowerBound) * portal.faults.roll()
    }

    private func carriedOut(_ request: SimulatorRequest) async -> SimulatorResponse {
        var headers: [(name: String, value: String)] = []
        do {
            var answer = try await admitted(request, &headers)
            answer.headers += headers
            return answer
        } catch let error as APIError {
            var answer = SimulatorResponse(error, correlationID: request.correlationID)
            answer.headers += headers
            return answer
        } catch {
            // A fault of the simulator itself: said in full, so that it is found.
            var answer = SimulatorResponse(
                APIError(500, "simulator: \(error)", category: "INTERNAL_ERROR"), correlationID: request.correlationID)
            answer.headers += headers
            return answer
        }
    }

    private func admitted(
        _ request: SimulatorRequest, _ headers: inout [(name: String, value: String)]
    ) async throws -> SimulatorResponse {
        let route: Route
        let parameters: [String: String]
        let version: APIVersion
        switch portal.router.match(method: request.method, segments: request.segments) {
        case .found(let found, let values, let named): (route, parameters, version) = (found, values, named)
        case .wrongMethod: throw APIError.html(405)
        case .none: throw APIError.html(404)
        }
        // Browsers may send to the public endpoint from anywhere.
        if route.lane == .publicForm { headers.append(FormSubmissionAPI.anyOrigin) }
        let now = portal.clock.now()
        let caller = try authenticate(request, route, now: now / 1000)
        switch portal.gate.admit(route.lane, caller: caller, address: request.remoteAddress, now: now) {
        case .admitted(let list): headers += list
        case .refused(let policy, let list):
            headers += list
            throw APIError.rateLimited(policy: policy, correlationID: request.correlationID)
        case .blocked:
            var error = APIError(429, "")
            error.form = .plain("error code: 1015")
            throw error
        }
        let call = Call(
            request: request, version: version, parameters: parameters, portal: portal, schema: portal.schema,
            now: now / 1000,
            body: request.method == "GET" || route.body != .json ? .success(.null) : Call.parse(request.body),
            caller: caller)
        if case .token(let scopes) = route.access { try checkScopes(scopes(call), caller) }
        try checkContentType(request, route.body)
        return try await work(route.work, call)
    }

    private func authenticate(_ request: SimulatorRequest, _ route: Route, now: Int64) throws(APIError) -> Caller {
        guard case .token = route.access else { return Caller() }
        guard let token = request.bearerToken else {
            throw request.query.first("hapikey") == nil ? .noCredentials : .unknownKey
        }
        if token == portal.token || portal.options.otherTokens.contains(token) {
            // Every token of a private app or service key has the scope `oauth`.
            return Caller(key: token, scopes: portal.options.scopes.map { $0 + ["oauth"] })
        }
        guard let access = portal.oauth.access(token) else { throw .unknownToken(now: now) }
        guard access.expires > now else { throw .expiredToken(at: access.expires, now: now) }
        return Caller(key: "app \(OAuthStore.appID)", isOAuth: true, scopes: access.scopes)
    }

    private func checkScopes(_ wanted: [String], _ caller: Caller) throws(APIError) {
        guard let granted = caller.scopes, !wanted.isEmpty else { return }
        guard !wanted.contains(where: granted.contains) else { return }
        throw .missingScopes(wanted)
    }

    private func checkContentType(_ request: SimulatorRequest, _ kind: Route.BodyKind) throws(APIError) {
        guard !request.body.isEmpty, let type = request.headers[.contentType]?.lowercased() else { return }
        guard !type.hasPrefix(kind.contentType) else { return }
        throw APIError(415, "Content-Type \(type) is not supported: \(kind.contentType) expected")
    }

    private func work(_ work: Route.Work, _ call: Call) async throws -> SimulatorResponse {
        if portal.hasDueWork(at: call.now) {
            try await portal.database.write { db in try call.portal.doDueWork(db, now: call.now) }
            portal.totals.invalidate()
        }
        switch work {
        case .plain(let handler): return try handler(call)
        case .read(let handler):
            do {
                return try await portal.database.read { db in try handler(call, db) }
            } catch let missing as SearchColumns.Missing {
                try await portal.database.write { db in try missing.make(db) }
                return try await portal.database.read { db in try handler(call, db) }
            }
        case .write(let handler):
            let response = try await portal.database.write { db in try handler(call, db) }
            portal.totals.invalidate()
            if let lag = portal.searchLag { portal.notePutOff(until: call.now + lag) }
            return response
        case .schema(let handler):
            return try await portal.database.write { db in
                let response = try handler(call, db)
                db.afterNextTransaction(onCommit: { db in try? call.portal.reloadSchema(db) })
                return response
            }
        }
    }

    // MARK: Faults

    /// The answer that a fault gives in place of carrying the request out.
    private func replaced(
        _ fault: FaultInjector.Action, _ request: SimulatorRequest, _ channel: any Channel
    ) async throws -> SimulatorResponse {
        if let delay = fault.delay { try await portal.clock.sleep(for: delay) }
        switch fault.kind {
        case .resetBefore: try await reset(channel)
        case .hang: try await hang(channel)
        default: break
        }
        // A body alone is that of an answer like any other.
        let status = fault.status ?? 200
        var answer: SimulatorResponse
        if let body = fault.body {
            answer = SimulatorResponse(status, json: body)
            answer.headers = fault.headers
            answer.contentType = fault.contentType ?? answer.contentType
        } else {
            let error = APIError.plain(status, correlationID: request.correlationID)
            answer = SimulatorResponse(error, correlationID: request.correlationID)
            let named = Set(fault.headers.map { $0.0.lowercased() })
            answer.headers = answer.headers.filter { !named.contains($0.0.lowercased()) } + fault.headers
        }
        answer.isTruncated = fault.kind == .truncate
        return answer
    }

    /// What a fault leaves of the answer to a request that was carried out.
    private func spoiled(
        _ answer: SimulatorResponse, _ fault: FaultInjector.Action, _ channel: any Channel
    ) async throws -> SimulatorResponse {
        var answer = answer
        answer.headers += fault.headers
        if fault.kind == .slowBody {
            answer.pause = fault.delay ?? .seconds(1)
            return answer
        }
        if let delay = fault.delay { try await portal.clock.sleep(for: delay) }
        if fault.kind == .resetAfter { try await reset(channel) }
        if fault.kind == .truncate { answer.isTruncated = true }
        return answer
    }

    /// Closes the connection without an answer.
    private func reset(_ channel: any Channel) async throws -> Never {
        // Without lingering, the close is a reset and no orderly end.
        try? await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try? await channel.close(mode: .all).get()
        throw ConnectionClosed()
    }

    /// Waits until the other end goes away.
    private func hang(_ channel: any Channel) async throws -> Never {
        connections.abandon(channel)
        await portal.clock.abandoned {
            await withTaskCancellationHandler {
                try? await channel.closeFuture.get()
            } onCancel: {
                channel.close(mode: .all, promise: nil)
            }
        }
        throw ConnectionClosed()
    }

    // MARK: The answer on the wire

    private func response(_ answer: SimulatorResponse, _ correlationID: String) -> Response {
        var fields = HTTPFields()
        if let type = answer.contentType { fields[.contentType] = type }
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        for name in Self.correlationNames { fields[name] = correlationID }
        let status = HTTPResponse.Status(code: answer.status)
        let half = ByteBuffer(bytes: answer.body[..<(answer.body.count / 2)])
        if let pause = answer.pause {
            let rest = ByteBuffer(bytes: answer.body[(answer.body.count / 2)...])
            let clock = portal.clock
            return Response(
                status: status, headers: fields,
                body: ResponseBody(contentLength: answer.body.count) { writer in
                    try await writer.write(half)
                    try await clock.serving(nil) { try await clock.sleep(for: pause) }
                    try await writer.write(rest)
                    try await writer.finish(nil)
                })
        }
        guard answer.isTruncated else {
            return Response(
                status: status, headers: fields,
                body: answer.body.isEmpty ? .init() : .init(byteBuffer: ByteBuffer(bytes: answer.body)))
        }
        // The length promises the whole body, half of it comes, and the connection closes.
        return Response(
            status: status, headers: fields,
            body: ResponseBody(contentLength: answer.body.count) { writer in
                try await writer.write(half)
                throw ConnectionClosed()
            })
    }

    private static let correlationNames = ["X-HubSpot-Correlation-Id", "x-request-id"].compactMap { HTTPField.Name($0) }
}
