package import Quota

/// The waits of a session beside its limiter's.
extension WaitReason {
    /// An earlier write to the same record is not finally answered.
    package static let earlierWrite = WaitReason.other(
        name: "earlier_write", words: "an earlier write to the same record")
    /// Its batch has a permit, and callers may still add to it.
    package static let gathering = WaitReason.other(name: "gathering", words: "others of its kind that come along")

    /// A try failed, and the next one comes later.
    package static func retry(_ kind: HubSpotError.Kind, status: Int?) -> WaitReason {
        .other(name: "retry", words: "another try after \(kind.rawValue)\(status.map { " (\($0))" } ?? "")")
    }
}
