import JSON

/// A plan whose script has ended: what is left to be sent, what would change nothing, and what it costs to send.
package struct PlanDraft: Sendable {
    package var writes: [PlannedWrite] = []
    /// Writes that would change nothing, and are left out.
    package var unchanged = 0
    /// Writes that take a lifecycle stage back, which HubSpot itself does not do.
    package var stagesBack = 0
    /// What it takes to send the writes; what was refused is among it.
    package var counts: WritePlan.Counts
}

extension WritePlan {
    /// The session that it writes through; nil before it has written anything.
    package var session: Session? { keeper.session }

    /// Reads what the writes would change, a hundred records to a request, and tells apart what would change nothing.
    package func draft() async throws(HubSpotError) -> PlanDraft {
        var draft = PlanDraft(counts: .init())
        let lines = keeper.lines
        if let session, !lines.isEmpty {
            let paths = session.paths
            let read = try await WritePlan.uncounted { () async throws(HubSpotError) in
                let names = try await writableNames(lines, session)
                // What is compared is not known yet: all that a line sets, and of a record that goes all that it has.
                let wanted = lines.map { $0.asking(for: names, paths) }
                return (names, try await PlanPortal.read(PlanChecks(wanted, paths), through: session))
            }
            var portal = read.1
            for line in lines {
                if let write = compared(line, paths, &portal, &draft, among: read.0) { draft.writes.append(write) }
            }
            let writes = draft.writes
            let stages = try await WritePlan.uncounted { () async throws(HubSpotError) in
                try await LifecycleStages(for: writes, through: session)
            }
            draft.stagesBack = writes.count { stages.goesBack($0, $0.operation(paths)) }
            draft.counts = .init(
                sending: writes, paths, isBatching: session.configuration.isBatching,
                asksPortal: session.configuration.portalID == nil, stages: stages)
        }
        let counted = counts
        draft.counts.refusedRecords = counted.refusedRecords
        draft.counts.refusals = counted.refusals
        return draft
    }

    /// The names of the properties that a record which goes is compared by, for each type of which records go.
    private func writableNames(_ lines: [PlannedWrite], _ session: Session) async throws(HubSpotError) -> [String:
        [String]]
    {
        var names: [String: [String]] = [:]
        for line in lines where line.takesAway(session.paths) {
            guard let type = line.type, names[type] == nil else { continue }
            names[type] = try await CRMObjects(ObjectType(type), session: session).propertyNames().writable
        }
        return names
    }

    /// The line with what it finds; nil where it would change nothing, or would be refused.
    private func compared(
        _ line: PlannedWrite, _ paths: Paths, _ portal: inout PlanPortal, _ draft: inout PlanDraft,
        among names: [String: [String]]
    ) -> PlannedWrite? {
        let operation = line.operation(paths)
        var line = line
        let own = line.record
        // What a request has made that is spelled out, nobody knows yet.
        if let own, Placeholder(own.id) != nil, portal.values[own] == nil, !operation.isAboutLinks { return line }
        switch operation.verb {
        case .update, .upsert:
            guard let own else { break }
            guard let values = portal.values[own] else {
                refuseMissing(operation, own)
                return nil
            }
            let given = operation.properties.entries
            line.before = JSONSlice.values(operation.comparedNames, of: values)
            if given.allSatisfy({ entry in
                let now = values[entry.name] ?? ""
                return PlannedValue.isSame(entry.name, now, PlannedValue.after(now, setting: entry.value))
            }) {
                draft.unchanged += 1
                return nil
            }
        case .archive:
            guard let own, let values = portal.values[own] else {
                draft.unchanged += 1
                return nil
            }
            line.before = JSONSlice.values((names[own.type] ?? []).filter { values[$0]?.isEmpty == false }, of: values)
        case .gdprDelete, .merge:
            guard let own else { return line }
            // A merge takes what both records have.
            let records = [own] + (operation.other.map { [.init(type: own.type, id: $0.id)] } ?? [])
            var before: [JSONSlice] = []
            for record in records {
                guard let values = portal.values[record] else {
                    refuseMissing(operation, record)
                    return nil
                }
                let known = (names[own.type] ?? []).filter { values[$0]?.isEmpty == false }
                before.append(JSONSlice.values(known, of: values))
            }
            line.before =
                operation.other == nil ? before.first : JSONSlice(JSONValue.array(before.map(JSONValue.raw)).bytes)
        case .link(let label), .unlink(let label):
            guard let pair = portal.pair(of: operation) else { return line }
            for end in [pair.from, pair.to] where Placeholder(end.id) == nil && !portal.has(end) {
                refuseMissing(operation, end)
                return nil
            }
            let kinds = portal.kinds[pair] ?? []
            line.before = JSONSlice(JSONValue.array(kinds.map(\.json)).bytes)
            let isThere = kinds.contains { $0.is(label) }
            var changes = !isThere
            if case .unlink = operation.verb { changes = label == nil ? !kinds.isEmpty : isThere }
            guard changes else {
                draft.unchanged += 1
                return nil
            }
        default: break
        }
        portal.carryOut(line, operation)
        return line
    }

    private func refuseMissing(_ operation: Operation, _ record: PlanPortal.Record) {
        refuse(
            operation.planName ?? "\(record.type).update", record.id,
            [
                (
                    property: nil, code: "OBJECT_NOT_FOUND",
                    message: "there is no \(ObjectType(record.type).noun) \(record.id)"
                )
            ])
    }
}

extension Operation {
    /// The properties of one record whose values are compared: those that are set, and what it is known by.
    fileprivate var comparedNames: [String] {
        let names = properties.entries.map(\.name)
        guard let key = record?.idProperty, !names.contains(key) else { return names }
        return names + [key]
    }

    var isAboutLinks: Bool {
        switch verb {
        case .link, .unlink: true
        default: false
        }
    }
}

extension PlannedWrite {
    /// The record that it is about.
    var record: PlanPortal.Record? {
        type.flatMap { type in id.map { .init(type: ObjectType.canonical(type), id: $0) } }
    }

    /// All records that it touches, that one first.
    func records(_ operation: Operation) -> [PlanPortal.Record] {
        let other = operation.other.map { PlanPortal.Record(type: ObjectType.canonical($0.type.name), id: $0.id) }
        return [record, other].compactMap(\.self)
    }

    fileprivate func takesAway(_ paths: Paths) -> Bool { [.delete, .gdprDelete, .merge].contains(action(paths)) }

    /// The line as if it compared all that a draft has to know.
    fileprivate func asking(for names: [String: [String]], _ paths: Paths) -> PlannedWrite {
        var asking = self
        let operation = operation(paths)
        switch operation.verb {
        case .update, .upsert: asking.before = JSONSlice.values(operation.comparedNames, of: [:])
        case .archive, .gdprDelete: asking.before = JSONSlice.values(names[type ?? ""] ?? [], of: [:])
        case .merge:
            let values = JSONValue.raw(JSONSlice.values(names[type ?? ""] ?? [], of: [:]))
            asking.before = JSONSlice(JSONValue.array([values, values]).bytes)
        case .link, .unlink: asking.before = JSONSlice("[]")
        // The portal has been asked for the address already.
        case .create: asking.body = JSONSlice(#"{"properties":{}}"#)
        default: break
        }
        return asking
    }
}

extension JSONSlice {
    /// An object of properties; null for those without a value.
    static func values(_ names: [String], of values: [String: String]) -> JSONSlice {
        let members = names.map { name -> JSONValue.Member in
            let value = values[name] ?? ""
            return .init(name, value.isEmpty ? .null : .string(value))
        }
        return JSONSlice(JSONValue.object(members).bytes)
    }
}
