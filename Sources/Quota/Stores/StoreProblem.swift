/// Why a shared store cannot be used.
public struct StoreProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The store: a file's path, a server's address.
    public var store: String
    public var reason: String
    /// What to do about it.
    public var advice: String

    package init(store: String, reason: String, advice: String) {
        self.store = store
        self.reason = reason
        self.advice = advice
    }

    public var description: String { "\(store): \(reason); \(advice)" }
}
