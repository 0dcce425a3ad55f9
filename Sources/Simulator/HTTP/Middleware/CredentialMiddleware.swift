/// Asks for a bearer token where the route needs one: 401 without.
struct CredentialMiddleware: SimulatorMiddleware {
    let portal: Portal

    func handle(
        _ request: SimulatorRequest, context: SimulatorContext, next: NextMiddleware
    ) async throws -> SimulatorResponse {
        guard case .token = context.match.route.access else { return try await next(request, context) }
        var context = context
        context.caller = try caller(of: request, now: context.match.time / 1000)
        return try await next(request, context)
    }

    private func caller(of request: SimulatorRequest, now: Int64) throws(APIError) -> Caller {
        guard let token = request.bearerToken else {
            throw request.query.first("hapikey") == nil ? .noCredentials : .unknownKey
        }
        if token == portal.token || portal.options.otherTokens.contains(token) {
            // Every token of a private app or service key has the scope `oauth`.
            return Caller(key: token, scopes: portal.options.scopes.map { $0 + ["oauth"] })
        }
        guard let access = portal.oauth.use(token) else { throw .unknownToken(now: now) }
        guard access.expires > now else { throw .expiredToken(at: access.expires, now: now) }
        return Caller(key: "app \(OAuthStore.appID)", isOAuth: true, scopes: access.scopes)
    }
}
