/// The order in which calls that wait for the quota go. Bind it around a call:
/// `CallPriority.$current.withValue(.typed) { try await send(request) }`.
package enum CallPriority: Int, Sendable, Comparable, CaseIterable {
    /// A typed call, which a person waits for.
    case typed = 0
    /// Everything else.
    case bulk = 1

    /// The priority of the calls that the current Swift task makes.
    @TaskLocal package static var current: CallPriority = .bulk

    package static func < (a: CallPriority, b: CallPriority) -> Bool { a.rawValue < b.rawValue }
}
