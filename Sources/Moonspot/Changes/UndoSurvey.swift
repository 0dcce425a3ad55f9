import HubSpot
import JSON
import Journal
import Wire

/// Asks the portal what is still as a run left it: nothing that was changed since is taken back.
struct UndoSurvey: Sendable {
    let session: Session
    /// What was changed since is taken back as well.
    var isForced = false
    /// What earlier undos of the run have made.
    var remade = RemadeRecords()

    /// What is done, in its order, and what is left.
    func items(_ plan: UndoPlan) async throws(HubSpotError) -> [UndoItem] {
        var items = try await archives(plan.archives)
        items += try await remakes(plan.remakes)
        items += try await restores(plan.restores)
        let remade = Set(items.filter { $0.action == .remake && $0.status != .left }.compactMap(\.record))
        var links = UndoLinkSurvey(session: session, isForced: isForced)
        items += try await links.items(plan, remaking: remade, relinks: Self.relinks(plan, remade))
        items += plan.memberships.map { membership in
            var item = UndoItem(action: .members, writes: membership.writes)
            item.list = membership.list
            // What was added goes, and what was removed comes back.
            (item.added, item.removed) = (membership.removed, membership.added)
            return item
        }
        return items + plan.left.map(UndoItem.init)
    }

    // MARK: Records that the run made

    private func archives(_ plans: [UndoPlan.Archiving]) async throws(HubSpotError) -> [UndoItem] {
        let names = Set(plans.flatMap(\.values.keys)).union([Self.merged])
        let made = Set(plans.map(\.record))
        let found = try await read(plans.map(\.record), names)
        let others = isForced ? [:] : try await others(plans.filter { found[$0.record] != nil })
        return plans.map { plan in
            var item = UndoItem(action: .archive, record: plan.record, writes: plan.writes)
            guard let record = found[plan.record] else {
                item.leave("it is gone already")
                return item
            }
            let changed = plan.values.sorted { $0.key < $1.key }.filter { record.value(of: $0.key) != $0.value }
            let merged = record.value(of: Self.merged).split(separator: ";").map(String.init)
            if let other = merged.first(where: { !made.contains(.init(type: plan.record.type, id: $0)) }) {
                // It would be archived along with it.
                item.leave("\(plan.record.type) \(other) was merged into it")
            } else if let first = changed.first, !isForced {
                item.leave(Self.drift(first.key, now: record.value(of: first.key), left: first.value))
            } else if let reason = others[plan.record] {
                item.leave(reason)
            }
            return item
        }
    }

    /// The ids of the records that were merged into one.
    private static let merged = "hs_merged_object_ids"

    // MARK: Records that the run archived

    private func remakes(_ plans: [UndoPlan.Remaking]) async throws(HubSpotError) -> [UndoItem] {
        var items: [UndoItem] = []
        var earlier = remade
        for (type, group) in Dictionary(grouping: plans, by: \.record.type).sorted(by: { $0.key < $1.key }) {
            let objects = CRMObjects(ObjectType(type), session: session)
            let known = try await objects.propertyNames()
            let writable = Set(known.writable)
            let there = try await read(group.map(\.record), ["hs_object_id"])
            let history = Set(group.flatMap(\.changes).filter { $0.before == nil }.map(\.name))
            let binned = try await read(group.map(\.record), Set(known.all), history: history, archived: true)
            for plan in group {
                var item = UndoItem(action: .remake, record: plan.record, writes: plan.writes)
                let record = binned[plan.record]
                if there[plan.record] != nil {
                    item.leave("it is there again")
                } else if record == nil && plan.before == nil {
                    item.leave("HubSpot keeps it no more")
                } else {
                    var values = plan.before ?? record.map { $0.values(among: known.all) } ?? [:]
                    for change in plan.changes {
                        let present = UndoPlan.Present(change.name, of: record)
                        switch change.verdict(present) {
                        case .restore(let old): values[change.name] = old
                        case .unclear(let old):
                            var left = UndoItem(action: .restore, record: plan.record, writes: [])
                            left.values = [.init(name: change.name, now: present.value, then: old)]
                            left.leave(Self.unclear(change, perhaps: old), isUnknown: true)
                            items.append(left)
                        case .asBefore, .changed: break
                        }
                    }
                    item.values = values.filter { writable.contains($0.key) && !$0.value.isEmpty }
                        .sorted { $0.key < $1.key }
                        .map { UndoItem.Value(name: $0.key, now: "", then: $0.value) }
                    look(for: &item, plan, among: &earlier)
                    if plan.links == nil, item.status != .left {
                        var left = UndoItem(action: .link, record: plan.record, writes: [])
                        left.leave(
                            "the links that it had were not read, and HubSpot forgets them with the record",
                            isUnknown: true)
                        items.append(left)
                    }
                }
                items.append(item)
            }
        }
        return items
    }

    /// An earlier undo may have made the record again already: there must not be two of it.
    private func look(for item: inout UndoItem, _ plan: UndoPlan.Remaking, among earlier: inout RemadeRecords) {
        guard let undo = plan.undoing else { return }
        switch earlier.claim(plan.record, Dictionary(item.restored) { $1 }, by: undo) {
        case .made(let id):
            item.status = .done
            item.newID = id
        case .unknown where !isForced:
            item.leave(
                "run \(undo) may have made it again: no answer came; moonspot retry \(undo) looks for it, --force makes it again"
            )
        case .unknown, nil: break
        }
    }

    /// The links of the records that are made again; one between two of them once.
    private static func relinks(_ plan: UndoPlan, _ remade: Set<Write.Record>) -> [UndoPlan.Linking] {
        var ends: Set<Set<Write.Record>> = []
        return plan.remakes.filter { remade.contains($0.record) }.flatMap { $0.links ?? [] }
            .filter { ends.insert([$0.from, $0.to]).inserted }
    }

    // MARK: Records that the run changed

    private func restores(_ plans: [UndoPlan.Restoring]) async throws(HubSpotError) -> [UndoItem] {
        let changes = plans.flatMap(\.changes)
        let history = Set(changes.filter { $0.before == nil }.map(\.name))
        let found = try await read(plans.map(\.record), Set(changes.map(\.name)), history: history)
        return plans.flatMap { plan -> [UndoItem] in
            var item = UndoItem(action: .restore, record: plan.record, writes: plan.writes)
            guard let record = found[plan.record] else {
                item.leave("there is no such record any more")
                return [item]
            }
            var drifted: [UndoItem] = []
            for change in plan.changes {
                let present = UndoPlan.Present(change.name, of: record)
                var old: String?
                var reason: String?
                var isUnknown = false
                switch change.verdict(present) {
                case .asBefore: continue
                case .restore(let value): old = value
                case .changed(let now, let value):
                    (old, reason) = (value, Self.drift(change.name, now: now, left: change.last))
                case .unclear(let value):
                    (old, reason, isUnknown) = (value, Self.unclear(change, perhaps: value), true)
                }
                let value = UndoItem.Value(name: change.name, now: present.value, then: old)
                if old != nil, reason == nil || isForced {
                    item.values.append(value)
                } else {
                    var left = UndoItem(action: .restore, record: plan.record, writes: plan.writes)
                    left.values = [value]
                    left.leave(reason ?? "", isUnknown: isUnknown)
                    drifted.append(left)
                }
            }
            return (item.values.isEmpty ? [] : [item]) + drifted
        }
    }

    private static func drift(_ name: String, now: String, left: String) -> String {
        "\(name) was changed since: it is '\(now)', and the run left '\(left)'"
    }

    /// The journal of the run knows no old values, and HubSpot tells none that is certain.
    private static func unclear(_ change: UndoPlan.Change, perhaps old: String?) -> String {
        guard let old else { return "nothing tells what \(change.name) was before the run" }
        return
            "\(change.name) may have been '\(change.first.value)' or '\(old)' before the run: HubSpot's history does not tell"
    }

    // MARK: Reading

    /// The records that there are, by type, with as few requests as that takes.
    func read(
        _ records: [Write.Record], _ names: Set<String>, history: Set<String> = [], archived: Bool = false
    ) async throws(HubSpotError) -> [Write.Record: JSONSlice] {
        var found: [Write.Record: JSONSlice] = [:]
        for (type, group) in Dictionary(grouping: records, by: \.type).sorted(by: { $0.key < $1.key }) {
            let outcome = await CRMObjects(ObjectType(type), session: session).read(
                group.map { .id($0.id) },
                ReadOptions(
                    properties: names.union(["hs_object_id"]).sorted(), propertiesWithHistory: history.sorted(),
                    archived: archived))
            for failure in outcome.failures where failure.error.kind != .notFound { throw failure.error }
            // An id that was merged into another record's answers that one, which is not the run's.
            for success in outcome.successes where success.record.recordID == group[success.index].id {
                found[group[success.index]] = success.record
            }
        }
        return found
    }
}

extension UndoItem {
    fileprivate init(_ left: UndoPlan.Left) {
        self.init(action: .keep, status: .left, record: left.write.record, other: left.write.other, writes: [])
        request = "\(left.write.method) \(left.write.path.prefix { $0 != "?" })"
        reason =
            switch left.reason {
            case .merge: "a merge cannot be undone"
            case .gdprDelete: "a deletion for good cannot be undone"
            case .submission: "a form's submission cannot be undone"
            case .otherRequest: Self.otherRequest(left.write.method)
            case .unknownFate: "whether it was carried out is unknown; look for it in HubSpot"
            }
    }

    /// Definitions, forms, files, and batches that were spelled out.
    private static func otherRequest(_ method: String) -> String {
        switch method {
        case "DELETE": "what was deleted so does not come back"
        case "PATCH", "PUT": "how it was before was not read: records, links and lists' members alone are taken back"
        default: "what it made or changed is still there: records, links and lists' members alone are taken back"
        }
    }

    /// - Parameter isUnknown: Nothing tells how it was before.
    mutating func leave(_ why: String, isUnknown: Bool = false) {
        self.isUnknown = isUnknown
        status = .left
        reason = why
    }
}

extension UndoPlan.Present {
    fileprivate init(_ name: String, of record: JSONSlice?) {
        let versions = record?.field("propertiesWithHistory")?.field(name)?.elements() ?? []
        self.init(
            value: record?.value(of: name) ?? "",
            history: versions.compactMap { version in
                guard let moment = version.field("timestamp")?.string.flatMap({ Timestamp.parse($0) }) else {
                    return nil
                }
                return UndoPlan.Version(
                    value: version.field("value")?.string ?? "", at: moment, source: version.field("sourceType")?.string
                )
            })
    }
}

extension JSONSlice {
    /// A property of this record; empty for none.
    fileprivate func value(of name: String) -> String { field("properties")?.field(name)?.string ?? "" }

    fileprivate func values(among names: [String]) -> [String: String] {
        let names = Set(names)
        let properties = (field("properties")?.fields() ?? []).filter { names.contains($0.name) }
        return Dictionary(properties.map { ($0.name, $0.value.string ?? "") }) { $1 }
    }
}
