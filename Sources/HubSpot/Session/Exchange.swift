import Synchronization

/// A request that was sent and its answer, as they may be shown: every secret is masked.
package struct Exchange: Sendable {
    package struct Answer: Sendable {
        package var status: Int
        package var headers: [ShownRequest.Header]
        package var body: [UInt8]
    }

    package var request: ShownRequest
    /// Nil where none came.
    package var answer: Answer?
    /// Why none came.
    package var failure: String?
    /// When it was sent, since 1970.
    package var sent: Duration
    /// From then to the last byte of the answer.
    package var taken: Duration
}

/// The last request of a session that a person sits in front of.
final class ExchangeLog: Sendable {
    struct Kept: Sendable {
        var request: APIRequest
        var outcome: Result<APIResponse, HubSpotError>
        var sent: Duration
        var taken: Duration
    }

    /// False for what no person has asked for.
    @TaskLocal static var isHeeded = true

    private struct State {
        var isKept = false
        var last: Kept?
    }
    private let state = Mutex(State())

    var last: Kept? { state.withLock { $0.last } }

    /// From now on the last one is kept, with its whole body.
    func begin() { state.withLock { $0.isKept = true } }

    func note(_ exchange: @autoclosure () -> Kept) {
        guard Self.isHeeded, state.withLock({ $0.isKept }) else { return }
        let exchange = exchange()
        state.withLock { $0.last = exchange }
    }
}

extension Session {
    /// The last request that was sent and its answer, since ``openConsole()``.
    package var lastExchange: Exchange? {
        guard let kept = exchanges.last else { return nil }
        let mask = secretMask
        var exchange = Exchange(request: shown(kept.request), sent: kept.sent, taken: kept.taken)
        switch kept.outcome {
        case .failure(let error): exchange.failure = error.description
        case .success(let response):
            exchange.answer = Exchange.Answer(
                status: response.status,
                headers: response.rawHeaders.map { ShownRequest.Header($0.name, mask.header($0.name, $0.value)) },
                body: mask.body(response.body, of: kept.request))
        }
        return exchange
    }

    /// Runs work that no person has asked for: as bulk, and without a trace in ``lastExchange`` and ``answeredRequests``.
    package static func inBackground<Value: Sendable>(
        _ body: () async throws -> Value
    ) async rethrows -> Value {
        try await ExchangeLog.$isHeeded.withValue(false) { try await body() }
    }
}
