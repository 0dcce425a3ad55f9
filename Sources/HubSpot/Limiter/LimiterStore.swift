/// Where the limiter's places are kept.
public protocol LimiterStore: Sendable {
    var kind: LimitsState.StoreKind { get }
}
