/// Spoils the answer to a call that was carried out, where the request's fault is one that does.
struct SpoilingMiddleware: SimulatorMiddleware {
    let portal: Portal

    func handle(
        _ request: SimulatorRequest, context: SimulatorContext, next: NextMiddleware
    ) async throws -> SimulatorResponse {
        var answer = try await next(request, context)
        guard let fault = context.fault else { return answer }
        answer.headers += fault.headers
        if fault.kind == .slowBody {
            answer.pause = fault.delay ?? .seconds(1)
            return answer
        }
        if let delay = fault.delay { try await portal.clock.sleep(for: delay) }
        if fault.kind == .resetAfter { try await context.channel.reset() }
        if fault.kind == .truncate { answer.isTruncated = true }
        return answer
    }
}
