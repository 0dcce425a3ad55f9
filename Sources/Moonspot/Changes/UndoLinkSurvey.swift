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
        try await read(plan.pairs.map { ($0.from, $0.to.type) } + plan.marks.map { ($0.owner, Self.companies) })
        var items = plan.pairs.flatMap { pair -> [UndoItem] in
            let isRemade = remade.contains(pair.from) || remade.contains(pair.to)
            let present = isRemade ? [] : kinds[pair.from]?[pair.to] ?? []
            return Self.items(pair, present, pair.verdict(present, isRemade: isRemade, isForced: isForced))
        }
        let ends = Set(plan.pairs.map { Set([$0.from, $0.to]) })
        items += relinks.filter { !ends.contains([$0.from, $0.to]) }.map { link in
            var item = UndoItem(action: .link, record: link.from, other: link.to, writes: [])
            item.kinds = link.kinds
            return item
        }
        let linked = Set(items.filter { $0.action == .link }.map { Set([$0.record, $0.other].compactMap(\.self)) })
        return items + plan.marks.compactMap { self.item($0, relinked: linked, remade) }
    }

    private static let companies = "companies"

    private static func items(
        _ pair: UndoPlan.Pair, _ present: [UndoPlan.Kind], _ relinking: UndoPlan.Relinking
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
        if !pair.knowsPrimary,
            present.contains(where: { pair.set.contains($0.label) && $0.isMark && relinking.removes($0) })
        {
            var left = item(.link)
            left.leave("which company was the primary one before is not known", isUnknown: true)
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

    /// Gives the mark back to the primary company that there was before.
    private func item(
        _ mark: UndoPlan.Mark, relinked: Set<Set<Write.Record>>, _ remade: Set<Write.Record>
    ) -> UndoItem? {
        guard let before = mark.before else { return nil }
        let companies = remade.contains(mark.owner) ? [:] : kinds[mark.owner] ?? [:]
        let now = companies.first { $0.value.contains { $0.label == before.kind.label } }?.key
        guard now != before.company else { return nil }
        var item = UndoItem(action: .link, record: mark.owner, other: before.company, writes: mark.writes)
        item.kinds = [before.kind]
        if let now, !mark.given.contains(now), !isForced {
            item.leave("\(now.type) \(now.id) was made the primary company since")
        } else if companies[before.company] == nil, !relinked.contains([mark.owner, before.company]) {
            item.leave("it was the primary company, and was unlinked since")
        }
        return item
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
