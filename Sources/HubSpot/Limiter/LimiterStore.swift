/// Where the limiter's places are kept: in memory, or shared with other processes or machines. A store decides; waiting
/// and waking are the ``Limiter``'s. Its calls must not fail because the calling task is cancelled.
public protocol LimiterStore: Sendable {
    var kind: LimitsState.StoreKind { get }

    /// Takes a place in every lane of the demand, or in none.
    func take(_ demand: LimiterDemand) async throws(HubSpotError) -> LimiterDecision

    /// Says how a permit ended.
    /// - Returns: What people should hear of, such as a limit that is lower than was given.
    func settle(_ permit: LimiterPermit, _ outcome: LimiterOutcome) async throws(HubSpotError) -> [LimiterNotice]

    /// Whose account it is, and when its day ends on the session's clock.
    func learn(portalID: Int64, dayEndsAt instant: Duration?) async

    func snapshot() async throws(HubSpotError) -> LimiterSnapshot

    /// The earliest moment at which that many places of the burst window are free; nil where answers must come first.
    func burstFree(_ count: Int) async throws(HubSpotError) -> Duration?

    /// Whether other processes may use it too.
    var isShared: Bool { get }

    /// A console is open in this process: bulk work, of any process, leaves it a few places of the burst window. A shared
    /// store forgets it after that time unless it is told again.
    func openConsole(for lease: Duration) async

    /// The console is closed: what was left for it is free at once.
    func closeConsole() async

    /// Tells those who share the store of this process; nil: that it ends.
    func announce(_ presence: LimiterPresence?) async

    /// The processes that share the store and told of themselves lately.
    func members() async throws(HubSpotError) -> [LimiterMember]
}

extension LimiterStore {
    // Nobody else sees a store that is not shared.
    public var isShared: Bool { false }
    public func openConsole(for lease: Duration) async {}
    public func closeConsole() async {}
    public func announce(_ presence: LimiterPresence?) async {}
    public func members() async throws(HubSpotError) -> [LimiterMember] { [] }
}

/// What a request needs.
public struct LimiterDemand: Sendable {
    public var lanes: LaneSet
    public var priority: CallPriority
    /// How long after the grant the request is answered or given up at the latest.
    public var lifetime: Duration
}

/// Leave to send one request.
public struct LimiterPermit: Sendable {
    public var id: UInt64
    public var lanes: LaneSet
    /// On the session's clock.
    public var grantedAt: Duration
    /// How many permits were granted so far for the burst window, and for the day.
    var burstSequence: Int
    var daySequence: Int
    /// Our own places in the burst window just after the grant.
    var ownBurstPlaces: Int
    /// How full the fullest of the lanes' windows was, this place included, in 0...1.
    var pressure = 0.0
}

public enum LimiterDecision: Sendable {
    case granted(LimiterPermit)
    /// No room before that moment; nil: not before another request is answered.
    case wait(until: Duration?)
    case refused(HubSpotError)
}

/// How a permit ended.
public enum LimiterOutcome: Sendable {
    case answered(LimiterObservation)
    /// It may have arrived: the place is held until the deadline + W.
    case unanswered
    /// It was never sent: the place is free.
    case unsent
}

/// What an answer says about limits.
public struct LimiterObservation: Sendable, Equatable {
    public var status: Int
    /// `X-HubSpot-RateLimit-Max`, `-Interval-Milliseconds` and `-Remaining`.
    public var limit: Int?
    public var window: Duration?
    public var remaining: Int?
    /// `X-HubSpot-RateLimit-Daily` and `-Daily-Remaining`.
    public var dailyLimit: Int?
    public var dailyRemaining: Int?
    /// For a 429: whose limit it is, and how long it asks to wait.
    public var refusal: Refusal?

    public struct Refusal: Sendable, Equatable {
        public enum Scope: Sendable, Equatable {
            case lane(Lane)
            case day
        }
        public var scope: Scope
        public var wait: Duration
    }

    public init(status: Int) { self.status = status }
}

public enum LimiterNotice: Sendable, Equatable {
    /// The headers name a lower burst limit than the option or the profile.
    case lowered(from: Allowance, to: Allowance)
    case closed(Lane, for: Duration)
}

/// A store's state, for people to read.
public struct LimiterSnapshot: Sendable {
    public struct Window: Sendable {
        public var allowance: Allowance
        public var used: Int
        public var window: Duration
        public var clearsAt: Duration
        public var closedUntil: Duration?
        /// How many of ``used`` are others' on the token, and how many are unanswered.
        public var foreign = 0
        public var unanswered = 0
        /// How many places bulk work leaves free now because a console is open, and by which rule.
        public var leftToConsole = 0
        var console: ConsoleReserve?
    }

    public var windows: [Lane: Window]
    public var dayLimit: Double?
    public var dayUsed: Double
    public var dayRemaining: Double?
    /// On the session's clock.
    public var dayEndsAt: Duration?
    public var limitsWereLearnt: Bool
    /// The lanes that calls wait for which a person typed; bulk work lets those go first.
    public var typedWaits: LaneSet = []
    /// How many consoles are open.
    public var consoles = 0
}
