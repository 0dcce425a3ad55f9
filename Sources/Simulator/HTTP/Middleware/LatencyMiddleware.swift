/// Has half of the latency pass on the way in, and half on the way out.
struct LatencyMiddleware: SimulatorMiddleware {
    let portal: Portal

    func handle(
        _ request: SimulatorRequest, context: SimulatorContext, next: NextMiddleware
    ) async throws -> SimulatorResponse {
        guard let range = portal.options.latency else { return try await next(request, context) }
        let latency = range.lowerBound + (range.upperBound - range.lowerBound) * portal.faults.roll()
        try await portal.clock.sleep(for: latency / 2)
        let answer = try await next(request, context)
        try await portal.clock.sleep(for: latency - latency / 2)
        return answer
    }
}
