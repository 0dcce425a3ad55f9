import HTTPTypes

/// Refuses a body of another media type than the call's: 415.
struct MediaTypeMiddleware: SimulatorMiddleware {
    func handle(
        _ request: SimulatorRequest, context: SimulatorContext, next: NextMiddleware
    ) async throws -> SimulatorResponse {
        let expected = context.match.route.body.contentType
        if !request.body.isEmpty, let type = request.headers[.contentType]?.lowercased(), !type.hasPrefix(expected) {
            throw APIError(415, "Content-Type \(type) is not supported: \(expected) expected")
        }
        return try await next(request, context)
    }
}
