/// Takes the request's place in the account's quota, or refuses it with 429; either answer tells what is left.
struct QuotaMiddleware: SimulatorMiddleware {
    let gate: QuotaGate

    func handle(
        _ request: SimulatorRequest, context: SimulatorContext, next: NextMiddleware
    ) async throws -> SimulatorResponse {
        let match = context.match
        switch gate.admit(match.route.lane, caller: context.caller, address: request.remoteAddress, now: match.time) {
        case .admitted(let headers):
            var answer = try await next(request, context)
            answer.headers += headers
            return answer
        case .refused(let policy, let headers):
            var error = APIError.rateLimited(policy: policy, correlationID: request.correlationID)
            error.headers += headers
            throw error
        case .blocked:
            var error = APIError(429, "")
            error.form = .plain("error code: 1015")
            throw error
        }
    }
}
