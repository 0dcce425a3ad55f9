/// Refuses targets that are too long: 414.
struct TargetLengthMiddleware: SimulatorMiddleware {
    /// HubSpot's bound lies between 8 and 16 KB.
    static let maximumBytes = 16_000

    func handle(
        _ request: SimulatorRequest, context: SimulatorContext, next: NextMiddleware
    ) async throws -> SimulatorResponse {
        guard request.target.utf8.count <= Self.maximumBytes else {
            return SimulatorResponse(APIError.html(414), correlationID: request.correlationID)
        }
        return try await next(request, context)
    }
}
