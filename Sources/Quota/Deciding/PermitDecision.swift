/// A request's needs.
package struct PermitDemand: Sendable {
    package var lanes: LaneSet
    package var priority: CallPriority
    /// How long after the grant the request is answered or given up at the latest.
    package var lifetime: Duration

    package init(lanes: LaneSet, priority: CallPriority, lifetime: Duration) {
        self.lanes = lanes
        self.priority = priority
        self.lifetime = lifetime
    }
}

/// Leave to send one request.
package struct Permit: Sendable {
    package var id: UInt64
    package var lanes: LaneSet
    /// On the session's clock.
    package var grantedAt: Duration
    /// How many permits were granted so far for the primary lane, and for the day.
    var primarySequence: Int
    var daySequence: Int
    /// Our own places in the primary lane just after the grant.
    var ownPrimaryPlaces: Int
    /// How full the fullest of the lanes' windows was, this place included, in 0...1.
    package var pressure = 0.0
}

package enum PermitDecision: Sendable {
    case granted(Permit)
    /// No room before that moment; nil: not before another request is answered.
    case wait(until: Duration?)
    case refused(QuotaError)
}

/// How a permit ended.
package enum PermitOutcome: Sendable {
    case answered(ObservedLimits)
    /// It may have arrived: the place is held until the deadline + W.
    case unanswered
    /// It was never sent: the place is free.
    case unsent
}

/// The limits that an answer tells.
package struct ObservedLimits: Sendable, Equatable {
    package var status: Int
    /// The primary lane's limit and window, and what is left of it.
    package var limit: Int?
    package var window: Duration?
    package var remaining: Int?
    /// The same of the account's day.
    package var dailyLimit: Int?
    package var dailyRemaining: Int?
    /// For a 429: whose limit it is, and how long it asks to wait.
    package var refusal: Refusal?

    package struct Refusal: Sendable, Equatable {
        package enum Scope: Sendable, Equatable {
            case lane(Lane)
            case day
        }
        package var scope: Scope
        package var wait: Duration

        package init(scope: Scope, wait: Duration) {
            self.scope = scope
            self.wait = wait
        }
    }

    package init(status: Int) { self.status = status }
}

package enum LimitNotice: Sendable, Equatable {
    /// The answers name a lower limit of the primary lane than was given.
    case lowered(from: Allowance, to: Allowance)
    case closed(Lane, for: Duration)
}
