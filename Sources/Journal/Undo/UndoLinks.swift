extension UndoPlan {
    /// A kind of link.
    public struct Label: Sendable, Hashable {
        public var category: String
        public var typeID: Int64

        public init(category: String, typeID: Int64) {
            self.category = category
            self.typeID = typeID
        }
    }

    /// A kind of link between two records, as HubSpot lists it.
    public struct Kind: Sendable, Hashable {
        public var label: Label
        /// Nil for the one without a label.
        public var name: String?

        public init(_ label: Label, name: String?) {
            self.label = label
            self.name = name
        }

        /// A mark of HubSpot's own: the primary company's.
        public var isMark: Bool { name != nil && label.category == "HUBSPOT_DEFINED" }
    }

    /// Two records whose links the run has changed, seen from the end at which it wrote first.
    public struct Pair: Sendable, Equatable {
        public var from: Write.Record
        public var to: Write.Record
        /// The kinds of link that there were before the first write; nil where they were not read.
        public var before: [Kind]?
        /// The labels that it has linked them with.
        public var set: Set<Label> = []
        /// Those that it has removed.
        public var removed: Set<Label> = []
        public var hasLinked = false
        /// It has removed every kind of link.
        public var hasUnlinked = false
        /// It wrote at both ends. A kind has another number seen from there, so that its labels do not tell which are meant.
        public var isTwoWay = false
        /// It was read which company was the primary one before.
        public var knowsPrimary = false
        /// Whether its last write was a link.
        public var isLinked = false
        public var writes: [Int64] = []
    }

    /// The primary company of a contact, deal or ticket whose links to companies the run has changed.
    public struct Mark: Sendable, Equatable {
        public var owner: Write.Record
        /// The companies that the run has linked, and may have made the primary one.
        public var given: Set<Write.Record> = []
        /// The one before; nil where there was none.
        public var before: Write.Record?
        public var writes: [Int64] = []
    }

    /// What takes the changes of a pair back.
    public struct Relinking: Sendable, Equatable {
        public enum Removal: Sendable, Equatable {
            /// Every kind of link.
            case all
            case kinds([Kind])
        }

        public var removal: Removal?
        /// Kinds that come back, or the one without a label where the list is empty; nil where none does.
        public var kinds: [Kind]?
        public var left: Reason?

        public enum Reason: Sendable, Equatable {
            /// It is not known whether they were linked before.
            case unknown(isLinked: Bool)
            /// They were linked in this way since, so that the link without a label stays too.
            case linkedSince(Kind)
            /// The run may have made it the primary company, or another since.
            case perhapsMarked
        }

        public static let nothing = Relinking()
    }
}

extension UndoPlan.Pair {
    /// What to do with the pair.
    ///
    /// - Parameters:
    ///   - present: The kinds of link that there are now.
    ///   - isRemade: One of the records is made again after the run has archived it: it has no links.
    ///   - isForced: What is not known is taken for the run's.
    public func verdict(
        _ present: [UndoPlan.Kind], isRemade: Bool = false, isForced: Bool = false
    ) -> UndoPlan.Relinking {
        guard let read = before else { return verdictOfUnknown(present, isForced) }
        // Which company is the primary one is no matter of one pair: ``UndoPlan/marks``.
        let before = read.filter { !knowsPrimary || !$0.isMark }
        let present = present.filter { !knowsPrimary || !$0.isMark }
        let wanted = Set(before.map(\.label))
        let there = Set(present.map(\.label))
        var relinking = UndoPlan.Relinking()
        let extra = present.filter { !wanted.contains($0.label) }
        let foreign = extra.filter { !isTheRuns($0, besides: wanted) }
        if foreign.isEmpty, wanted.isEmpty, !extra.isEmpty {
            relinking.removal = .all
        } else {
            // The link without a label is there as long as there is one with a label.
            let own = extra.filter { !foreign.contains($0) && (foreign.isEmpty || $0.name != nil) }
            if !own.isEmpty { relinking.removal = .kinds(own) }
            if wanted.isEmpty, let foreign = foreign.first {
                relinking.left = .linkedSince(foreign)
            } else if hasLinked, !knowsPrimary, foreign.contains(where: \.isMark) {
                relinking.left = .perhapsMarked
            }
        }
        let missing = before.filter { kind in
            !there.contains(kind.label) && (isRemade || hasUnlinked || isTwoWay || removed.contains(kind.label))
        }
        relinking.kinds = missing.isEmpty ? nil : missing
        return relinking
    }

    /// Whether the run may have made a kind of link that was not there before.
    private func isTheRuns(_ kind: UndoPlan.Kind, besides wanted: Set<UndoPlan.Label>) -> Bool {
        guard hasLinked else { return false }
        if kind.name == nil || isTwoWay || set.contains(kind.label) { return true }
        return kind.isMark && from.type != to.type && wanted.isEmpty
    }

    private func verdictOfUnknown(_ present: [UndoPlan.Kind], _ isForced: Bool) -> UndoPlan.Relinking {
        let there = Set(present.map(\.label))
        let isAsTheRunLeftIt =
            isLinked
            ? !there.isEmpty
            : (hasUnlinked ? there.isEmpty : removed.isDisjoint(with: there))
        guard isAsTheRunLeftIt else { return .nothing }
        guard isForced else { return .init(left: .unknown(isLinked: isLinked)) }
        guard isLinked else {
            return .init(kinds: removed.sorted { $0.typeID < $1.typeID }.map { .init($0, name: "\($0.typeID)") })
        }
        let foreign = present.filter { !isTheRuns($0, besides: []) }
        return foreign.isEmpty
            ? .init(removal: .all) : .init(removal: .kinds(present.filter { set.contains($0.label) }))
    }
}
