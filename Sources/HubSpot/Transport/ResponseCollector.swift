import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Gathers an answer's body straight into one array, and remembers whether the request went out.
final class ResponseCollector: HTTPClientResponseDelegate {
    typealias Response = APIResponse

    private struct State {
        var response = APIResponse(status: 0, rawHeaders: [], body: [])
        var wasSent = false
    }
    private let state = Mutex(State())

    /// True once the request's head was written: from then on the server may have acted on it.
    var wasSent: Bool { state.withLock { $0.wasSent } }

    func didSendRequestHead(task: HTTPClient.Task<Response>, _ head: HTTPRequestHead) {
        state.withLock { $0.wasSent = true }
    }

    func didReceiveHead(task: HTTPClient.Task<Response>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        let length = head.headers.first(name: "content-length").flatMap { Int($0) }
        if let length, length > Transport.maximumBodyBytes { return task.eventLoop.makeFailedFuture(BodyTooLarge()) }
        state.withLock { state in
            state.response.status = Int(head.status.code)
            state.response.rawHeaders = head.headers.map { ($0.name, $0.value) }
            // A server's word on its length buys at most a megabyte in advance.
            if let length { state.response.body.reserveCapacity(min(length, 1 << 20)) }
        }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<Response>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
        let fits = state.withLock { state in
            guard state.response.body.count + part.readableBytes <= Transport.maximumBodyBytes else { return false }
            part.withUnsafeReadableBytes { state.response.body.append(contentsOf: $0) }
            return true
        }
        return fits ? task.eventLoop.makeSucceededVoidFuture() : task.eventLoop.makeFailedFuture(BodyTooLarge())
    }

    func didFinishRequest(task: HTTPClient.Task<Response>) throws -> APIResponse {
        state.withLock { state in
            defer { state.response.body = [] }
            return state.response
        }
    }
}

/// The answer is larger than ``Transport/maximumBodyBytes``.
struct BodyTooLarge: Error {}

/// The attempt's time is over.
struct DeadlinePassed: Error {}
