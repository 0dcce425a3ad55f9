import Hummingbird

/// One rule on the way of a request: it answers itself, or calls `next` and may change the answer.
///
/// Hummingbird is built without `NonisolatedNonsendingByDefault`, so the `next` that it hands over is `@concurrent`.
protocol SimulatorMiddleware: MiddlewareProtocol
where Input == SimulatorRequest, Output == SimulatorResponse, Context == SimulatorContext {}

extension _Middleware2: SimulatorMiddleware where M0: SimulatorMiddleware, M1: SimulatorMiddleware {}

/// Calls the rest of the chain.
typealias NextMiddleware = @concurrent (SimulatorRequest, SimulatorContext) async throws -> SimulatorResponse
