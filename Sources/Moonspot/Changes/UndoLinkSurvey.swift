import HubSpot
import JSON
import Journal

/// Asks the portal how records are linked now that a run has linked or unlinked, and says what takes that back.
struct UndoLinkSurvey: Sendable {
    let session: Session
    /// What may have been there before is taken for the run's.
    let isForced: Bool
    /// The kinds of link that there are now, by both ends.
    private var kinds: [Write.Record: [Write.Record: [UndoPlan.Kind]]] = [:]

    init(session: Session, isForced: Bool) {
        self.session = session
        self.isForced = isForced
    }

    /// - Parameters:
    ///   - remade: The records that are made again: they have no links.
    ///   - relinks: The links that those get back.
    /// - Returns: Items that unlink and link, and what is left.
    mutating func items(
        _ plan: UndoPlan, remaking remade: Set<Write.Record>, relinks: [UndoPlan.Linking]
    ) async throws(HubSpotError) -> [UndoItem] {
        try await read(plan.pairs.map { ($0.from, $0.to.type) })
        var items = plan.pairs.flatMap { pair -> [UndoItem] in
            let isRemade = remade.contains(pair.from) || remade.contains(pair.to)
            let present = isRemade ? [] : kinds[pair.from]?[pair.to] ?? []
            return Self.items(pair, pair.verdict(present, isRemade: isRemade, isForced: isForced))
        }
        let ends = Set(plan.pairs.map { Set([$0.from, $0.to]) })
        items += relinks.filter { !ends.contains([$0.from, $0.to]) }.map { link in
            var item = UndoItem(action: .link, record: link.from, other: link.to, writes: [])
            item.kinds = link.kinds
            return item
        }
        try await read(
            UndoPrimaries.owners(plan, items).subtracting(remade).map { ($0, UndoPrimaries.type) })
        return items
            + UndoPrimaries(plan: plan, isForced: isForced, companies: kinds, remade: remade).items(items)
    }

    private static func items(
        _ pair: UndoPlan.Pair, _ relinking: UndoPlan.Relinking
    ) -> [UndoItem] {
        func item(_ action: UndoItem.Action, _ kinds: [UndoPlan.Kind] = []) -> UndoItem {
            var item = UndoItem(action: action, record: pair.from, other: pair.to, writes: pair.writes)
            item.kinds = kinds
            return item
        }
        var items: [UndoItem] = []
        switch relinking.removal {
        case .all?: items.append(item(.unlink))
        case .kinds(let kinds)?: items.append(item(.unlink, kinds))
        case nil: break
        }
        if let kinds = relinking.kinds { items.append(item(.link, kinds)) }
        if let reason = relinking.left {
            var left = item(pair.isLinked ? .unlink : .link)
            if case .linkedSince = reason {
                left.leave(words(reason))
            } else {
                left.leave(words(reason), isUnknown: true)
            }
            items.append(left)
        }
        return items
    }

    private static func words(_ reason: UndoPlan.Relinking.Reason) -> String {
        switch reason {
        case .unknown(isLinked: true): "linked by the run; whether they were linked before is not known"
        case .unknown(isLinked: false): "unlinked by the run; how they were linked before is not known"
        case .perhapsMarked: "it became the primary company with the run or since"
        case .linkedSince(let kind): "they were linked as '\(kind.name ?? "")' since, so that they stay linked"
        }
    }

    /// Reads the links of records to a type, with as few requests as that takes.
    private mutating func read(_ wanted: [(from: Write.Record, to: String)]) async throws(HubSpotError) {
        for (types, group) in Dictionary(grouping: wanted, by: { [$0.from.type, $0.to] }).sorted(by: {
            $0.key.lexicographicallyPrecedes($1.key)
        }) {
            let records = Set(group.map(\.from)).sorted { $0.id < $1.id }
            let outcome = await Associations(session: session).read(
                ObjectType(types[0]), records.map(\.id), ObjectType(types[1]))
            for failure in outcome.failures where failure.error.kind != .notFound { throw failure.error }
            for success in outcome.successes {
                for link in success.record.field("to")?.elements() ?? [] {
                    guard let id = link.field("toObjectId")?.idText else { continue }
                    kinds[records[success.index], default: [:]][Write.Record(type: types[1], id: id)] =
                        (link.field("associationTypes")?.elements() ?? []).compactMap(UndoPlan.Kind.init)
                }
            }
        }
    }
}
