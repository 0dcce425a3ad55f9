import JSON

/// A line's request, as the journal has it.
package struct SentLine: Sendable, Equatable {
    var method: String
    var path: String
    var body: String?

    package init(method: String, path: String, body: String?) {
        self.method = method
        self.path = path
        self.body = body
    }
}

/// Sends what a plan kept, and nothing else: first it looks at the portal (``survey(_:)``), then it sends (``send(_:_:)``).
package struct PlanApplication: Sendable {
    /// What is known of a line from an earlier attempt to send the same plan.
    package enum Past: Sendable, Equatable {
        /// - id: Of the record that it concerns.
        /// - sent: The request that did it.
        case done(id: String?, sent: SentLine)
        case failed
        /// It was sent, and no answer is known. Moments are in milliseconds since 1970.
        /// - ended: When the process had ended that sent it; nil where it was killed.
        case unknown(at: Int64, ended: Int64?)
    }

    /// A line, and what becomes of it.
    package struct Item: Sendable {
        package enum Status: String, Sendable {
            case planned, done, failed, unknown
            /// The portal is no longer as the plan saw it, or something that it needs is not there.
            case left
        }

        package var write: PlannedWrite
        package var status = Status.planned
        /// Why it is left, has failed, or is unknown.
        package var reason: String?
        /// Of what it made, or concerns.
        package var id: String?
        /// Whether it was done before this attempt.
        package var isEarlier = false
        /// What it changes, as it is now.
        var before: JSONSlice?
        /// Whether it may have been carried out already.
        var mayBeDone = false
        /// Whether it takes a lifecycle stage back, which has to be emptied first.
        package fileprivate(set) var takesStageBack = false
    }

    let session: Session
    let isForced: Bool
    private var paths: Paths { session.paths }

    /// - Parameter isForced: Whether records are written that are no longer as the plan saw them, and lines sent again whose
    ///   fate is unknown.
    package init(session: Session, isForced: Bool = false) {
        self.session = session
        self.isForced = isForced
    }

    // MARK: Looking

    /// What would be sent, and what not.
    package func survey(_ writes: [PlannedWrite], _ past: [Int64: Past]) async throws(HubSpotError) -> [Item] {
        var items = writes.map { write in
            var item = Item(write: write)
            switch past[write.n] {
            case .done(let id, _)?:
                item.status = .done
                item.id = id
                item.isEarlier = true
            case .unknown?: item.mayBeDone = true
            case .failed?, nil: break
            }
            return item
        }
        leaveEdited(&items, past)
        try await lookUp(&items, past)
        let ids = items.ids
        let open = items.filter { $0.status == .planned }.map { $0.write.naming(ids) }
        var portal = try await PlanPortal.read(PlanChecks(open, paths), through: session)
        var drifted: [PlanPortal.Record: Int64] = [:]
        for index in items.indices where items[index].status == .planned {
            compare(&items[index], ids, &portal, &drifted)
        }
        items.leaveDependents()
        let now = items.map { $0.status == .planned ? $0.asItIsNow(ids) : nil }
        let stages = try await LifecycleStages(for: now.compactMap(\.self), through: session)
        for (index, write) in now.enumerated() {
            if let write { items[index].takesStageBack = stages.goesBack(write, write.operation(paths)) }
        }
        return items
    }

    /// A line that was edited after it was sent is not what was done. It is sent anew where that is forced.
    private func leaveEdited(_ items: inout [Item], _ past: [Int64: Past]) {
        let ids = items.ids
        for index in items.indices {
            guard case .done(_, let sent)? = past[items[index].write.n] else { continue }
            let intent = WriteIntent(items[index].write.operation(paths, ids), paths)
            let body = intent.body.map { String(decoding: $0, as: UTF8.self) }
            guard sent != SentLine(method: intent.method, path: intent.path, body: body) else { continue }
            items[index].isEarlier = false
            items[index].id = nil
            items[index].status = .planned
            if !isForced {
                items[index].leave(
                    "it was sent already, as it was before it was edited; --force sends it as it is now as well")
            }
        }
    }

    /// Finds out what became of the lines of which no answer is known.
    private func lookUp(_ items: inout [Item], _ past: [Int64: Past]) async throws(HubSpotError) {
        let paths = paths
        let sent = items.compactMap { item -> (operation: Operation, sentAt: Int64)? in
            guard case .unknown(let moment, _)? = past[item.write.n] else { return nil }
            return (item.write.operation(paths), moment)
        }
        guard !sent.isEmpty else { return }
        var lookUp = PlanLookUp(sent, session: session, isForced: isForced)
        for index in items.indices where items[index].mayBeDone {
            guard case .unknown(let moment, let ended)? = past[items[index].write.n] else { continue }
            let ids = items.ids
            let operation = items[index].write.operation(paths, ids)
            try await lookUp.settle(&items[index], operation, sentAt: moment, ended: ended, except: Set(ids.values))
        }
    }

    private func compare(
        _ item: inout Item, _ ids: [Int64: String], _ portal: inout PlanPortal,
        _ drifted: inout [PlanPortal.Record: Int64]
    ) {
        let write = item.write.naming(ids)
        let operation = write.operation(paths)
        let records = write.records(operation)
        if let earlier = records.compactMap({ drifted[$0] }).first {
            item.leave("line \(earlier) about the same record is left out")
            return
        }
        let drift = PlanDrift(write, operation, portal, mayBeDone: item.mayBeDone)
        item.before = drift.present
        if let reason = drift.reason, !isForced || drift.isMissing {
            item.leave(reason)
            // Of a link the one end alone: nothing is known of the other one.
            for record in operation.isAboutLinks ? Array(records.prefix(1)) : records { drifted[record] = write.n }
            return
        }
        portal.carryOut(write, operation)
    }

    // MARK: Sending

    /// What it takes to send what is planned, now that the portal was looked at.
    package func cost(_ items: [Item]) -> WritePlan.Counts {
        let ids = items.ids
        let planned = items.filter { $0.status == .planned }
        var counts = WritePlan.Counts(
            sending: planned.map { $0.write.naming(ids) }, paths, isBatching: session.configuration.isBatching,
            asksPortal: false, looks: false)
        // A hundred of them are emptied with one request.
        counts.requests += (planned.count(where: \.takesStageBack) + 99) / 100
        return counts
    }

    /// What the lines change.
    package func change(_ item: Item) -> PlanChange { item.write.change(paths) }

    /// Sends what is planned, in order.
    /// - Parameter goesOn: Is asked before each request; where it says no, nothing further is sent.
    /// - Throws: Where no further request can succeed; what was sent before is known to the session's journal.
    package func send(
        _ surveyed: [Item], while goesOn: () -> Bool = { true }
    ) async throws(HubSpotError) -> [Item] {
        var items = surveyed
        let places = items.indices.filter { items[$0].status == .planned }
        let steps = PlanSteps(
            places.map { items[$0].write }, paths, isBatching: session.configuration.isBatching
        ).steps
        var ids = items.ids
        for step in steps {
            let step = step.map { places[$0] }.filter { items[$0].status == .planned }
            guard !step.isEmpty else { continue }
            guard goesOn() else { break }
            let operations = step.enumerated().map { index, place in
                var operation = items[place].write.operation(paths, ids).at(index)
                operation.entry = WriteEntry(operation, number: items[place].write.n, before: items[place].before)
                return operation
            }
            let verdicts = try await send(operations, step.map { items[$0].takesStageBack })
            var stop: HubSpotError?
            var isWhole = true
            for (index, place) in step.enumerated() {
                switch verdicts[index] {
                case .success(let answer)?:
                    items[place].status = .done
                    items[place].id = answer.madeID ?? items[place].write.naming(ids).id
                    ids[items[place].write.n] = items[place].id
                case .failure(let error)?:
                    items[place].status = error.fateIsUnknown ? .unknown : .failed
                    items[place].reason = "\(error.kind.rawValue): \(error.message)"
                    if error.endsBatch { stop = error }
                    isWhole = false
                case nil:
                    items[place].status = .unknown
                    items[place].reason = "HubSpot's answer leaves it out"
                    isWhole = false
                }
            }
            if !isWhole { items.leaveDependents() }
            if let stop { throw stop }
        }
        return items
    }

    /// Sends what travels in one request, with stages emptied first where they go back.
    private func send(_ operations: [Operation], _ takeStagesBack: [Bool]) async throws(HubSpotError) -> Verdicts {
        let pipeline = WritePipeline(session: session)
        var verdicts: Verdicts = [:]
        var rest = operations
        let back = zip(operations, takeStagesBack).filter(\.1).map(\.0)
        do throws(HubSpotError) { try await pipeline.emptyStages(before: back) } catch {
            let failed = Dictionary(uniqueKeysWithValues: back.map { ($0.index, Verdicts.Value.failure(error)) })
            pipeline.settle(back, failed)
            verdicts = failed
            rest.removeAll { failed[$0.index] != nil }
        }
        guard !rest.isEmpty else { return verdicts }
        verdicts.merge(try await pipeline.send(planned: rest)) { $1 }
        // HubSpot takes a later stage alone, and says so by its answer alone.
        for operation in rest {
            guard case .success(let answer)? = verdicts[operation.index], case .update = operation.verb,
                let wanted = operation.properties[LifecycleStage.name], !wanted.isEmpty,
                let now = answer.field("properties")?.field(LifecycleStage.name)?.string, now != wanted
            else { continue }
            verdicts[operation.index] = .failure(LifecycleStage.kept(now))
            pipeline.settle([operation], verdicts)
        }
        return verdicts
    }
}

extension PlanApplication.Item {
    /// The line as it would be made now: with the ids that are known, and what it finds.
    fileprivate func asItIsNow(_ ids: [Int64: String]) -> PlannedWrite {
        var now = write.naming(ids)
        now.before = before ?? now.before
        return now
    }
}

extension PlanApplication.Item {
    mutating func leave(_ why: String) {
        status = .left
        reason = why
    }
}

extension [PlanApplication.Item] {
    /// The ids of what lines have made, by their numbers.
    var ids: [Int64: String] {
        Dictionary(compactMap { item in item.status == .done ? item.id.map { (item.write.n, $0) } : nil }) { $1 }
    }

    /// Leaves the lines out that name what is not going to be there.
    mutating func leaveDependents() {
        var missing: [Int64: PlanApplication.Item.Status] = [:]
        for index in indices {
            let item = self[index]
            if item.status == .planned, let first = item.write.depends.first(where: { missing[$0] != nil }) {
                self[index].leave("it needs what line \(first) makes, which \(missing[first]?.words ?? "")")
            }
            if [.left, .failed, .unknown].contains(self[index].status) { missing[item.write.n] = self[index].status }
        }
    }
}

extension PlanApplication.Item.Status {
    fileprivate var words: String {
        switch self {
        case .failed: "failed"
        case .unknown: "may be there or not"
        case .left, .planned, .done: "is left out"
        }
    }
}

extension PlannedWrite {
    /// With the ids of what earlier lines have made.
    func naming(_ ids: [Int64: String]) -> PlannedWrite {
        guard !ids.isEmpty, !depends.isEmpty else { return self }
        let ids = ownIDs(ids)
        var named = self
        named.path = Placeholder.filled(path, ids)
        named.body = body.map { Placeholder.filled($0, ids) }
        named.id = id.map { id in Placeholder(id).flatMap { ids[$0.line] } ?? id }
        named.depends.removeAll { ids[$0] != nil }
        return named
    }
}

extension WritePipeline {
    /// Sends writes of one kind as one request, and each by itself where HubSpot refuses them together.
    func send(planned operations: [Operation]) async throws(HubSpotError) -> Verdicts {
        for operation in operations {
            guard case .send = try session.disposition(of: operation) else {
                throw HubSpotError(
                    .notAllowed, "a dry run sends nothing that writes", request: operation.summary(paths))
            }
        }
        let (sound, failures) = try await admit(operations)
        guard let first = sound.first else { return failures }
        var verdicts: Verdicts
        if sound.count > 1, case .unlink = first.verb, let from = first.type, let to = first.other?.type {
            verdicts = await Associations(session: session).unlink(from, to, sound, .send)
        } else if sound.count > 1 {
            verdicts = await run(sound, form(of: first), .send)
        } else {
            do throws(HubSpotError) {
                verdicts = [first.index: .success(try await alone(first))]
            } catch {
                verdicts = [first.index: .failure(error)]
            }
        }
        return verdicts.merging(failures) { $1 }
    }
}
