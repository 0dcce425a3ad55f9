/// Answers HEAD without a body: what follows the head of such an answer would be taken for another one.
struct HeadMiddleware: SimulatorMiddleware {
    func handle(
        _ request: SimulatorRequest, context: SimulatorContext, next: NextMiddleware
    ) async throws -> SimulatorResponse {
        var answer = try await next(request, context)
        if request.method == "HEAD" { answer.body = [] }
        return answer
    }
}
