/// Makes an error thrown behind it an answer, so that the middleware before it can add headers.
struct ErrorMiddleware: SimulatorMiddleware {
    func handle(
        _ request: SimulatorRequest, context: SimulatorContext, next: NextMiddleware
    ) async throws -> SimulatorResponse {
        do {
            return try await next(request, context)
        } catch let error as APIError {
            return SimulatorResponse(error, correlationID: request.correlationID)
        } catch {
            // A fault of the simulator itself: said in full, so that it is found.
            let error = APIError(500, "simulator: \(error)", category: "INTERNAL_ERROR")
            return SimulatorResponse(error, correlationID: request.correlationID)
        }
    }
}
