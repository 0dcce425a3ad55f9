import Glibc
import NIOCore
import NIOPosix

/// Draws the request's fault, and answers in place of the call where the fault is one that does.
struct FaultMiddleware: SimulatorMiddleware {
    let portal: Portal
    let connections: Connections

    func handle(
        _ request: SimulatorRequest, context: SimulatorContext, next: NextMiddleware
    ) async throws -> SimulatorResponse {
        var context = context
        context.fault = portal.faults.action(method: request.method, path: request.path)
        guard let fault = context.fault, fault.isAnswer else { return try await next(request, context) }
        if let delay = fault.delay { try await portal.clock.sleep(for: delay) }
        switch fault.kind {
        case .resetBefore: try await context.channel.reset()
        case .hang: try await hang(context.channel)
        default: return answer(fault, request)
        }
    }

    private func answer(_ fault: FaultInjector.Action, _ request: SimulatorRequest) -> SimulatorResponse {
        // A body alone is that of an answer like any other.
        let status = fault.status ?? 200
        var answer: SimulatorResponse
        if let body = fault.body {
            answer = SimulatorResponse(status, json: body)
            answer.headers = fault.headers
            answer.contentType = fault.contentType ?? answer.contentType
        } else {
            let error = APIError.plain(status, correlationID: request.correlationID)
            answer = SimulatorResponse(error, correlationID: request.correlationID)
            let named = Set(fault.headers.map { $0.0.lowercased() })
            answer.headers = answer.headers.filter { !named.contains($0.0.lowercased()) } + fault.headers
        }
        answer.isTruncated = fault.kind == .truncate
        return answer
    }

    /// Waits until the other end goes away.
    private func hang(_ channel: any Channel) async throws -> Never {
        connections.abandon(channel)
        await portal.clock.abandoned {
            await withTaskCancellationHandler {
                try? await channel.closeFuture.get()
            } onCancel: {
                channel.close(mode: .all, promise: nil)
            }
        }
        throw ConnectionClosed()
    }
}

extension Channel {
    /// Closes the connection without an answer.
    func reset() async throws -> Never {
        // Without lingering, the close is a reset and no orderly end.
        try? await (self as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try? await close(mode: .all).get()
        throw ConnectionClosed()
    }
}
