/// Asks that the token have one of the scopes that the route names: 403 without, and 400 for an unknown object type.
struct ScopeMiddleware: SimulatorMiddleware {
    func handle(
        _ request: SimulatorRequest, context: SimulatorContext, next: NextMiddleware
    ) async throws -> SimulatorResponse {
        if case .token(let scopes) = context.match.route.access {
            let wanted = try scopes(context.call)
            if let granted = context.caller.scopes, !wanted.isEmpty, !wanted.contains(where: granted.contains) {
                throw APIError.missingScopes(wanted)
            }
        }
        return try await next(request, context)
    }
}
