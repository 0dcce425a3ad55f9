/// Why a request may not be sent.
package enum QuotaError: Error, Sendable, Equatable {
    /// The waiting task was cancelled.
    case cancelled
    /// The limiter was closed.
    case closed
    /// The account's day is used up, or what is left of it is kept from bulk work; it starts anew after that time, where
    /// that is known.
    case dayIsOver(isReserved: Bool, startsIn: Duration?)
    /// So many places never come free at once: the lane admits no more than `limit`.
    case neverFree(Int, limit: Int)
    /// The store cannot be used, and going on without it is not allowed.
    case unreachable(StoreProblem)
}

extension QuotaError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cancelled: "the wait was cancelled"
        case .closed: "the limiter is closed"
        case .dayIsOver(let isReserved, _):
            isReserved ? "what is left of the day's quota is kept from bulk work" : "the day's quota is used up"
        case .neverFree(let count, let limit): "\(count) places never come free at once, the limit is \(limit)"
        case .unreachable(let problem): "the quota's store cannot be used, and it is required: \(problem)"
        }
    }
}
