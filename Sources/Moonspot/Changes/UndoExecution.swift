import HubSpot
import JSON
import Journal

/// Does what an undo has planned, in its order, by batches.
struct UndoExecution: Sendable {
    let session: Session
    /// What is told of the run's writes.
    enum Stage: Sendable {
        /// Their taking back is about to be sent, and must not be sent twice.
        case begun
        /// It was refused.
        case failed
        /// - Parameter made: The records that were made for it.
        case done(made: [String])
    }

    /// Is asked before each step; where it says no, nothing further is begun.
    var goesOn: @Sendable () -> Bool = { true }
    let note: @Sendable (_ stage: Stage, _ writes: [Int64]) async throws(HubSpotError) -> Void

    /// Items of one step: some of the requests that are sent at a time.
    private static let step = 500

    private var associations: Associations { Associations(session: session) }

    /// - Returns: The items with what became of them; those that were not begun are planned still.
    func perform(_ items: [UndoItem]) async throws(HubSpotError) -> [UndoItem] {
        var items = items
        // Records that were made again are linked under their new ids.
        var ids: [Write.Record: String] = [:]
        // What an earlier undo was found to have done.
        try await noteDone(items, items.indices.filter { items[$0].status == .done })
        try await each(.unlink, &items) { await unlink($0) }
        try await each(.archive, &items) { items in
            Self.byPlace(await objects(items).archive(items.map { .id($0.record?.id ?? "") }))
        }
        try await each(.remake, &items) { items in
            Self.byPlace(
                await objects(items).create(items.map { .init(nil, PropertyBag($0.restored)) })
            )
        }
        for item in items { if let record = item.record, let id = item.newID { ids[record] = id } }
        // An address that another record of the run still has comes free with that one's turn.
        for _ in 0..<2 {
            try await each(.restore, &items) { await restore($0) }
            for index in items.indices where items[index].isWorthRepeating { items[index].status = .planned }
        }
        for index in items.indices
        where items[index].action == .restore && items[index].status == .planned && items[index].reason != nil {
            items[index].status = .failed
        }
        try await each(.link, &items) { [ids] in await link($0, ids) }
        // Links may have made a company the primary one.
        try await each(.unmark, &items) { [ids] in
            await linking($0, ids) { await associations.unlink($0, $1, $2) }
        }
        try await each(.mark, &items) { [ids] in await link($0, ids) }
        try await each(.members, &items) { await members($0) }
        return items
    }

    private func objects(_ items: [UndoItem]) -> CRMObjects {
        CRMObjects(ObjectType(items.first?.record?.type ?? ""), session: session)
    }

    /// What became of some items, by their places: the id of the record that was written, or an error.
    private typealias Outcome = [Int: Result<String?, HubSpotError>]

    /// Does the planned items of one action, those of one kind together.
    private func each(
        _ action: UndoItem.Action, _ items: inout [UndoItem], _ body: ([UndoItem]) async -> Outcome
    ) async throws(HubSpotError) {
        let planned = items.indices.filter { items[$0].action == action && items[$0].status == .planned }
        var groups: [(key: [String?], places: [Int])] = []
        for place in planned {
            let key = [items[place].record?.type, items[place].other?.type]
            if let known = groups.firstIndex(where: { $0.key == key }) {
                groups[known].places.append(place)
            } else {
                groups.append((key, [place]))
            }
        }
        let steps = groups.flatMap { group in
            stride(from: 0, to: group.places.count, by: Self.step).map { start in
                Array(group.places[start..<min(start + Self.step, group.places.count)])
            }
        }
        for places in steps {
            guard goesOn() else { return }
            if action == .remake { try await note(.begun, places.flatMap { items[$0].writes }) }
            var refused: [Int64] = []
            var stop: HubSpotError?
            for (index, result) in await body(places.map { items[$0] }) {
                switch result {
                case .success(let id):
                    items[places[index]].status = .done
                    if action == .remake { items[places[index]].newID = id }
                case .failure(let error) where error.stopsUndo: stop = error
                case .failure(let error):
                    if !error.fateIsUnknown { refused += items[places[index]].writes }
                    items[places[index]].status = .failed
                    items[places[index]].reason = "\(error.kind.rawValue): \(error.message)"
                }
            }
            if action == .remake { try await note(.failed, refused) }
            try await noteDone(items, places)
            if let stop { throw stop }
        }
    }

    /// A write that several items take back is open until all of them are done.
    private func noteDone(_ items: [UndoItem], _ places: [Int]) async throws(HubSpotError) {
        let open = Set(items.filter { $0.status != .done }.flatMap(\.writes))
        let done = Set(places.filter { items[$0].status == .done }.flatMap { items[$0].writes })
        let made = places.compactMap { items[$0].status == .done ? items[$0].newID : nil }
        try await note(.done(made: made), done.subtracting(open).sorted())
    }

    private static func byPlace(_ outcome: BatchOutcome) -> Outcome {
        var places: Outcome = [:]
        for success in outcome.successes { places[success.index] = .success(success.record.recordID) }
        for failure in outcome.failures { places[failure.index] = .failure(failure.error) }
        return places
    }

    /// Gives records their old values. HubSpot moves a contact's lifecycle stage forward alone and says nothing where it is
    /// asked for an earlier one: it is emptied first then, and set again (HubSpot's documentation of lifecycle stages).
    private func restore(_ items: [UndoItem]) async -> Outcome {
        func update(_ places: [Int], _ values: (UndoItem) -> [(String, String)]) async -> Outcome {
            let outcome = await objects(items).update(
                places.map { .init(.id(items[$0].record?.id ?? ""), PropertyBag(values(items[$0]))) })
            var result: Outcome = [:]
            for success in outcome.successes {
                let place = places[success.index]
                let now = success.record.field("properties")?.field(Self.stage)?.string
                let wanted = items[place].values.first { $0.name == Self.stage }?.then
                result[place] =
                    now == nil || wanted == nil || now == wanted
                    ? .success(success.record.recordID)
                    : .failure(HubSpotError(.conflict, "HubSpot keeps \(Self.stage) at '\(now ?? "")'"))
            }
            for failure in outcome.failures { result[places[failure.index]] = .failure(failure.error) }
            return result
        }
        var result = await update(Array(items.indices)) { $0.restored }
        let kept = items.indices.filter { place in
            if case .failure(let error)? = result[place] { error.message.hasPrefix("HubSpot keeps ") } else { false }
        }
        guard !kept.isEmpty else { return result }
        _ = await objects(items).update(
            kept.map { .init(.id(items[$0].record?.id ?? ""), PropertyBag([(Self.stage, "")])) })
        let again = await update(kept) { $0.restored.filter { $0.0 == Self.stage } }
        result.merge(again) { $1 }
        return result
    }

    private static let stage = "lifecyclestage"

    private func members(_ items: [UndoItem]) async -> Outcome {
        let lists = RecordLists(session: session)
        var outcome: Outcome = [:]
        for (index, item) in items.enumerated() {
            guard let list = item.list else { continue }
            do throws(HubSpotError) {
                _ = try await lists.change(list, add: item.added, remove: item.removed)
                outcome[index] = .success(nil)
            } catch {
                outcome[index] = .failure(error)
            }
        }
        return outcome
    }

    private func unlink(_ items: [UndoItem]) async -> Outcome {
        await linking(items, [:]) { await associations.unlink($0, $1, $2) }
    }

    private func link(_ items: [UndoItem], _ ids: [Write.Record: String]) async -> Outcome {
        await linking(items, ids) { await associations.link($0, $1, $2) }
    }

    /// One link for each of an item's kinds; the item is done where all of them are.
    private func linking(
        _ items: [UndoItem], _ ids: [Write.Record: String],
        _ body: (ObjectType, ObjectType, [Associations.Link]) async -> BatchOutcome
    ) async -> Outcome {
        guard let from = items.first?.record?.type, let to = items.first?.other?.type else { return [:] }
        var links: [(item: Int, link: Associations.Link)] = []
        for (index, item) in items.enumerated() {
            guard let record = item.record, let other = item.other else { continue }
            let labels: [Associations.Label?] =
                item.kinds.isEmpty
                ? [nil] : item.kinds.map { Associations.Label(category: $0.label.category, typeID: $0.label.typeID) }
            for label in labels {
                links.append((index, .init(from: ids[record] ?? record.id, to: ids[other] ?? other.id, label: label)))
            }
        }
        let results = Self.byPlace(await body(ObjectType(from), ObjectType(to), links.map(\.link)))
        var outcome: Outcome = [:]
        for (place, link) in links.enumerated() {
            guard let result = results[place] else { continue }
            if case .failure = outcome[link.item] { continue }
            outcome[link.item] = result
        }
        return outcome
    }
}

extension HubSpotError {
    /// No further change could be taken back either.
    fileprivate var stopsUndo: Bool { [.cancelled, .readOnly, .unauthenticated, .dailyLimit].contains(kind) }
}

extension UndoItem {
    /// The values that are set.
    var restored: [(String, String)] { values.compactMap { value in value.then.map { (value.name, $0) } } }

    /// A value that is another record's still.
    fileprivate var isWorthRepeating: Bool {
        action == .restore && status == .failed
            && ["conflict:", "validation:"].contains { reason?.hasPrefix($0) == true }
    }
}
