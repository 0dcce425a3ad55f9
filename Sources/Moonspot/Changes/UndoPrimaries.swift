import HubSpot
import Journal

/// Which company is the primary one of a contact, deal or ticket, after an undo has changed links to companies: the one that
/// it was before the run. HubSpot moves that mark by itself, to a company that is marked and to the first that is linked.
struct UndoPrimaries {
    let plan: UndoPlan
    let isForced: Bool
    /// The companies that each record is linked to now, with the kinds of its links.
    let companies: [Write.Record: [Write.Record: [UndoPlan.Kind]]]
    /// The records that are made again: they have no links.
    let remade: Set<Write.Record>

    static let type = "companies"

    /// The records that have a primary company, and whose links to companies are changed.
    static func owners(_ plan: UndoPlan, _ items: [UndoItem]) -> Set<Write.Record> {
        Set(plan.marks.map(\.owner)).union(items.filter { $0.status == .planned }.compactMap { owner(of: $0)?.owner })
    }

    private static func owner(of item: UndoItem) -> (owner: Write.Record, company: Write.Record)? {
        guard item.action == .link || item.action == .unlink, let one = item.record, let other = item.other else {
            return nil
        }
        if other.type == type, PrimaryCompany.mark(of: one.type) != nil { return (one, other) }
        return one.type == type && PrimaryCompany.mark(of: other.type) != nil ? (other, one) : nil
    }

    /// - Parameter items: What unlinks and links.
    func items(_ items: [UndoItem]) -> [UndoItem] {
        var links: [Write.Record: [UndoItem]] = [:]
        for item in items where item.status == .planned {
            if let owner = Self.owner(of: item)?.owner { links[owner, default: []].append(item) }
        }
        let owners = Self.owners(plan, items).sorted { ($0.type, $0.id) < ($1.type, $1.id) }
        return owners.flatMap { owner in
            self.items(of: owner, plan.marks.first { $0.owner == owner }, links[owner] ?? [])
        } + unknown
    }

    private func items(of owner: Write.Record, _ mark: UndoPlan.Mark?, _ links: [UndoItem]) -> [UndoItem] {
        guard let label = PrimaryCompany.mark(of: owner.type) else { return [] }
        let kind = UndoPlan.Kind(.init(category: label.category, typeID: label.typeID), name: "Primary")
        func item(_ action: UndoItem.Action, _ company: Write.Record) -> UndoItem {
            var item = UndoItem(action: action, record: owner, other: company, writes: mark?.writes ?? [])
            item.kinds = [kind]
            return item
        }
        func companies(_ action: UndoItem.Action, _ isWanted: (UndoItem) -> Bool = { _ in true }) -> [Write.Record] {
            links.filter { $0.action == action && isWanted($0) }.compactMap { Self.owner(of: $0)?.company }
        }
        let there = remade.contains(owner) ? [:] : self.companies[owner] ?? [:]
        let now = there.first { $0.value.contains { $0.label == kind.label } }?.key
        let linked = companies(.link)
        let before =
            mark?.before ?? companies(.link) { $0.kinds.contains { $0.isMark } }.first ?? (mark == nil ? now : nil)
        if let now, let mark, now != before, !mark.given.contains(now), !isForced {
            guard let before else { return [] }
            var left = item(.mark, before)
            left.leave("\(now.type) \(now.id) was made the primary company since")
            return [left]
        }
        guard let before else {
            // There was none: it stays with no link that is there, and comes with none that comes back.
            let gone = companies(.unlink) { $0.kinds.isEmpty }
            return ([now].compactMap(\.self).filter { !gone.contains($0) } + linked).map { item(.unmark, $0) }
        }
        guard now != before || linked.contains(before) else { return [] }
        var marking = item(.mark, before)
        if there[before] == nil, !linked.contains(before) {
            marking.leave("it was the primary company, and was unlinked since")
        }
        return [marking]
    }

    /// Records of which the run has made another company the primary one, where nothing was read before.
    private var unknown: [UndoItem] {
        var owners: Set<Write.Record> = []
        return plan.pairs.compactMap { pair in
            let marks = pair.set.contains { PrimaryCompany.isMark(category: $0.category, typeID: $0.typeID) }
            let owner = pair.from.type == Self.type ? pair.to : pair.from
            guard marks, !pair.knowsPrimary, owners.insert(owner).inserted else { return nil }
            var left = UndoItem(action: .mark, record: owner, writes: [])
            left.leave("which company was the primary one before is not known", isUnknown: true)
            return left
        }
    }
}
