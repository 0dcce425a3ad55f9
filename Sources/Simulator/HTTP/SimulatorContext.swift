import Hummingbird
import NIOCore

/// Findings of the rules that a request has passed, for the rules behind them.
struct SimulatorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The request's connection, which faults close.
    let channel: any Channel
    /// The fault that ``FaultMiddleware`` drew.
    var fault: FaultInjector.Action?
    /// The bearer of the token; without a key where the route needs none.
    var caller = Caller()
    private var storedMatch: RouteMatch?
    private var storedCall: Call?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// The request's route. Only what stands behind ``RoutingMiddleware`` may ask.
    var match: RouteMatch {
        get { storedMatch! }  // RoutingMiddleware lets nothing pass without it
        set { storedMatch = newValue }
    }

    /// The request as handlers see it. Only what stands behind ``CallMiddleware`` may ask.
    var call: Call {
        get { storedCall! }  // CallMiddleware lets nothing pass without it
        set { storedCall = newValue }
    }
}

/// The route of a request, and the moment from which its credentials, its quota and its call count.
struct RouteMatch: Sendable {
    var route: Route
    var parameters: [String: String]
    var version: PathVersion
    /// Microseconds since 1970.
    var time: Int64
}
