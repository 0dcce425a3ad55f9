/// Answers the simulator's own paths, `/` and `/_simulator/…`: no rule of HubSpot's API holds for them.
struct ControlMiddleware: SimulatorMiddleware {
    let portal: Portal

    func handle(
        _ request: SimulatorRequest, context: SimulatorContext, next: NextMiddleware
    ) async throws -> SimulatorResponse {
        guard request.segments.isEmpty || request.segments.first == "_simulator" else {
            return try await next(request, context)
        }
        return try await ControlAPI.answer(request, portal)
    }
}
