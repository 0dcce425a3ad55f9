/// Lets browsers read the answers of the public form endpoint, whatever page they show.
struct AnyOriginMiddleware: SimulatorMiddleware {
    func handle(
        _ request: SimulatorRequest, context: SimulatorContext, next: NextMiddleware
    ) async throws -> SimulatorResponse {
        var answer = try await next(request, context)
        if context.match.route.lane == .publicForm { answer.headers.append(FormSubmissionAPI.anyOrigin) }
        return answer
    }
}
