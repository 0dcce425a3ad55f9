package import Quota

extension WaitReason {
    /// For people, with the option that a wait hangs on: `10 requests in flight (--concurrency)`.
    package var words: String {
        if case .inFlight = self { "\(self) (--concurrency)" } else { description }
    }
}
