/// Finds the request's route: 404 or 405 where there is none.
struct RoutingMiddleware: SimulatorMiddleware {
    let portal: Portal

    func handle(
        _ request: SimulatorRequest, context: SimulatorContext, next: NextMiddleware
    ) async throws -> SimulatorResponse {
        var context = context
        switch portal.router.match(method: request.method, segments: request.segments) {
        case .found(let route, let parameters, let version):
            context.match = RouteMatch(
                route: route, parameters: parameters, version: version, time: portal.clock.now())
        case .wrongMethod: throw APIError.html(405)
        case .none: throw APIError.html(404)
        }
        return try await next(request, context)
    }
}
