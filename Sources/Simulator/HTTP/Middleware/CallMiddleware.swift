import JSON

/// Makes the call that handlers see: the body is read here, and the portal's definitions are those of this moment.
struct CallMiddleware: SimulatorMiddleware {
    let portal: Portal

    func handle(
        _ request: SimulatorRequest, context: SimulatorContext, next: NextMiddleware
    ) async throws -> SimulatorResponse {
        var context = context
        let match = context.match
        context.call = Call(
            request: request, version: match.version, parameters: match.parameters, portal: portal,
            schema: portal.schema, now: match.time / 1000,
            body: request.method == "GET" || match.route.body != .json ? .success(.null) : Call.parse(request.body),
            caller: context.caller)
        return try await next(request, context)
    }
}
