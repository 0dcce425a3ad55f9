/// A rolling window that the server counts by itself.
public struct Lane: Sendable, CustomStringConvertible {
    /// Whose requests are counted together in it.
    public enum Scope: Sendable {
        /// Those with one credential.
        case client
        /// Those of one account, with any credential.
        case account
    }

    /// Tells it from the layout's other lanes: its position among them, from 0 to 7.
    public let index: Int
    public let name: String
    public let scope: Scope
    /// Its allowance where nothing else is known.
    public let standard: Allowance
    /// How many requests may be unanswered at a time.
    public let maximumUnanswered: Int

    public init(
        _ index: Int, _ name: String, scope: Scope = .client, standard: Allowance, maximumUnanswered: Int = .max
    ) {
        precondition((0..<8).contains(index))
        self.index = index
        self.name = name
        self.scope = scope
        self.standard = standard
        self.maximumUnanswered = maximumUnanswered
    }

    public var description: String { name }
}

extension Lane: Hashable {
    public static func == (a: Lane, b: Lane) -> Bool { a.index == b.index }
    public func hash(into hasher: inout Hasher) { hasher.combine(index) }
}

/// The lanes that a request takes a permit in.
public struct LaneSet: OptionSet, Sendable, Hashable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The account's day.
    public static let day = LaneSet(rawValue: 1 << 8)

    public init(_ lane: Lane) { self.init(rawValue: 1 << lane.index) }

    public func contains(_ lane: Lane) -> Bool { contains(LaneSet(lane)) }
}

/// The windows of one server.
public struct QuotaLayout: Sendable {
    /// Each at its index.
    public let lanes: [Lane]
    /// The lane that most requests fall under. Its limit, and what is left of it, are told by the answers; bulk work
    /// leaves places of it to an open console.
    public let primary: Lane

    public init(_ lanes: [Lane], primary: Lane) {
        precondition(lanes.indices.allSatisfy { lanes[$0].index == $0 } && lanes.contains(primary))
        self.lanes = lanes
        self.primary = primary
    }

    /// Those of one scope, in order.
    func lanes(_ scope: Lane.Scope) -> [Lane] { lanes.filter { $0.scope == scope } }

    /// The rolling windows among the lanes of a request.
    func windows(_ set: LaneSet) -> [Lane] { lanes.filter { set.contains($0) } }
}
