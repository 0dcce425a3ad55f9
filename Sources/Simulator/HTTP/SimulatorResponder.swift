import HTTPTypes
import Hummingbird
import NIOCore
import Workbench

/// A connection that was closed in place of an answer.
struct ConnectionClosed: Error {}

/// Reads a request, sends it down the chain of middleware, and writes the answer.
struct SimulatorResponder: HTTPResponder {
    static let maximumBodyBytes = 64 << 20

    let portal: Portal
    let workbench: Workbench
    private let chain: any SimulatorMiddleware
    private let handler: RouteHandler

    init(portal: Portal, connections: Connections, workbench: Workbench) {
        self.portal = portal
        self.workbench = workbench
        chain = Self.chain(portal, connections, workbench)
        handler = RouteHandler(portal: portal)
    }

    func respond(to request: Request, context: SimulatorContext) async throws -> Response {
        // Neither HubSpot's rules nor the portal's time hold for the page.
        if request.uri.path.hasPrefix("/forms"),
            let page = await workbench.respond(to: request, at: portal.workbenchAddress)
        {
            return page
        }
        if request.uri.path == HomeEvents.path, request.method == .get {
            do throws(APIError) { return try HomeEvents(portal: portal).response(to: request) } catch {
                let correlationID = UUIDs.version7(milliseconds: portal.milliseconds())
                let answer = SimulatorResponse(error, correlationID: correlationID)
                return Response(answer, correlationID: correlationID, clock: portal.clock)
            }
        }
        let flight = Self.flightName.flatMap { request.headers[$0] }.flatMap { UInt64($0) }
        return try await portal.clock.serving(flight) { try await serve(request, context) }
    }

    private static let flightName = HTTPField.Name(SimulatorFlight.headerName)

    private func serve(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        let arrival = portal.clock.now()
        let correlationID = UUIDs.version7(milliseconds: arrival / 1000)
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: Self.maximumBodyBytes)
        } catch is NIOTooManyBytesError {
            let answer = SimulatorResponse(APIError.html(413), correlationID: correlationID)
            return Response(answer, correlationID: correlationID, clock: portal.clock)
        }
        let simulated = SimulatorRequest(
            request.head, body: Array(body.readableBytesView), remoteAddress: context.channel.remoteAddress?.ipAddress,
            arrival: arrival, correlationID: correlationID)
        let answer = try await chain.handle(simulated, context: context) { [handler] request, context in
            try await handler.respond(to: request, context: context)
        }
        return Response(answer, correlationID: correlationID, clock: portal.clock)
    }

    /// The order in which a request passes the rules, and in which its answer passes them on the way back.
    @MiddlewareFixedTypeBuilder<SimulatorRequest, SimulatorResponse, SimulatorContext>
    private static func chain(
        _ portal: Portal, _ connections: Connections, _ workbench: Workbench
    ) -> some SimulatorMiddleware {
        HeadMiddleware()
        ControlMiddleware(portal: portal)
        StatisticsMiddleware(portal: portal)
        LatencyMiddleware(portal: portal)
        WorkbenchMiddleware(portal: portal, workbench: workbench)
        FaultMiddleware(portal: portal, connections: connections)
        TargetLengthMiddleware()
        SpoilingMiddleware(portal: portal)
        ErrorMiddleware()
        RoutingMiddleware(portal: portal)
        AnyOriginMiddleware()
        ErrorMiddleware()
        CredentialMiddleware(portal: portal)
        QuotaMiddleware(gate: portal.gate)
        ErrorMiddleware()
        CallMiddleware(portal: portal)
        ScopeMiddleware()
        MediaTypeMiddleware()
    }
}
