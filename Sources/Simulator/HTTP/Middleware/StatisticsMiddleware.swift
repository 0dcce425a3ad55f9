/// Counts a request, and how long it took from its arrival on.
struct StatisticsMiddleware: SimulatorMiddleware {
    let portal: Portal

    func handle(
        _ request: SimulatorRequest, context: SimulatorContext, next: NextMiddleware
    ) async throws -> SimulatorResponse {
        do {
            let answer = try await next(request, context)
            note(request, answer.status)
            return answer
        } catch {
            note(request, 0)
            throw error
        }
    }

    private func note(_ request: SimulatorRequest, _ status: Int) {
        portal.statistics.note(
            method: request.method, path: request.path, query: request.query.text, status: status,
            at: request.arrival / 1000, milliseconds: Double(portal.clock.now() - request.arrival) / 1000)
    }
}
