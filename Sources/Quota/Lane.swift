/// A rolling window that the server counts by itself.
package struct Lane: Sendable, CustomStringConvertible {
    /// The requests that are counted together in it.
    package enum Scope: Sendable {
        /// Those with one credential.
        case client
        /// Those of one account, with any credential.
        case account
    }

    /// Tells it from the layout's other lanes: its position among them, from 0 to 7.
    package let index: Int
    package let name: String
    package let scope: Scope
    /// Its allowance where nothing else is known.
    package let standard: Allowance
    /// How many requests may be unanswered at a time.
    package let maximumUnanswered: Int

    package init(
        _ index: Int, _ name: String, scope: Scope = .client, standard: Allowance, maximumUnanswered: Int = .max
    ) {
        precondition((0..<8).contains(index))
        self.index = index
        self.name = name
        self.scope = scope
        self.standard = standard
        self.maximumUnanswered = maximumUnanswered
    }

    package var description: String { name }
}

extension Lane: Hashable {
    package static func == (a: Lane, b: Lane) -> Bool { a.index == b.index }
    package func hash(into hasher: inout Hasher) { hasher.combine(index) }
}

/// The lanes that a request takes a permit in.
package struct LaneSet: OptionSet, Sendable, Hashable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// The account's day.
    package static let day = LaneSet(rawValue: 1 << 8)

    package init(_ lane: Lane) { self.init(rawValue: 1 << lane.index) }

    package func contains(_ lane: Lane) -> Bool { contains(LaneSet(lane)) }
}

/// The windows of one server.
package struct QuotaLayout: Sendable {
    /// Each at its index.
    package let lanes: [Lane]
    /// The lane that most requests fall under. Its limit, and what is left of it, are told by the answers; bulk work
    /// leaves places of it to an open console.
    package let primary: Lane

    package init(_ lanes: [Lane], primary: Lane) {
        precondition(lanes.indices.allSatisfy { lanes[$0].index == $0 } && lanes.contains(primary))
        self.lanes = lanes
        self.primary = primary
    }

    /// Those of one scope, in order.
    func lanes(_ scope: Lane.Scope) -> [Lane] { lanes.filter { $0.scope == scope } }

    /// The rolling windows among the lanes of a request.
    func windows(_ set: LaneSet) -> [Lane] { lanes.filter { set.contains($0) } }
}
