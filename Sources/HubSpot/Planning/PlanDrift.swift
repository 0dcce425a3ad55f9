import JSON

/// Whether what a line changes is still as the plan saw it. Pure.
struct PlanDrift: Sendable {
    /// What it changes, as it is now; nil where nothing is compared.
    private(set) var present: JSONSlice?
    /// What is different: `city is 'Paris' now, and was 'Rome' when the plan was made`.
    private(set) var reason: String?
    /// Whether there is nothing left to write to.
    private(set) var isMissing = false

    /// - Parameters:
    ///   - portal: As earlier lines leave it.
    ///   - mayBeDone: Whether the line was sent, so that what it sets may be there already.
    init(_ write: PlannedWrite, _ operation: Operation, _ portal: PlanPortal, mayBeDone: Bool) {
        let compared = write.comparedRecords(operation)
        for (record, _) in compared where !portal.has(record) {
            // What was to be taken away, and may have been, is.
            if mayBeDone, operation.isTaking { continue }
            isMissing = true
            reason = "\(ObjectType(record.type).noun) \(record.id) is gone"
            return
        }
        switch operation.verb {
        case .create where write.before == nil, .upsert where write.before == nil:
            guard let name = write.newName(operation), let owner = portal.owners[name] else { return }
            let what = name.idProperty == "email" ? "the address" : "the \(name.idProperty)"
            reason = "\(ObjectType(name.type).noun) \(owner) has \(what) \(name.value) by now"
        case .link(let label):
            guard let pair = portal.pair(of: operation) else { return }
            compareKinds(write, portal.kinds[pair] ?? [], mayBeDone) { kinds in kinds.contains { $0.is(label) } }
        case .unlink(let label):
            guard let pair = portal.pair(of: operation) else { return }
            compareKinds(write, portal.kinds[pair] ?? [], mayBeDone) { kinds in
                label == nil ? kinds.isEmpty : !kinds.contains { $0.is(label) }
            }
        default: compareValues(compared, operation, portal, mayBeDone)
        }
    }

    private mutating func compareKinds(
        _ write: PlannedWrite, _ kinds: [LinkKind], _ mayBeDone: Bool, isDone: ([LinkKind]) -> Bool
    ) {
        guard let before = write.before else { return }
        present = JSONSlice(JSONValue.array(kinds.map(\.json)).bytes)
        let seen = LinkKind.all(in: before)
        if Set(seen.map(\.typeID)) == Set(kinds.map(\.typeID)) || mayBeDone && isDone(kinds) { return }
        func words(_ kinds: [LinkKind]) -> String {
            kinds.isEmpty ? "not linked" : "linked as \(kinds.map { $0.label ?? "no label" }.joined(separator: ", "))"
        }
        reason = "they are \(words(kinds)) now, and were \(words(seen)) when the plan was made"
    }

    private mutating func compareValues(
        _ compared: [(record: PlanPortal.Record, before: JSONSlice?)], _ operation: Operation, _ portal: PlanPortal,
        _ mayBeDone: Bool
    ) {
        var all: [JSONSlice] = []
        for (record, before) in compared {
            guard let before = before?.fields(), let values = portal.values[record] else { continue }
            all.append(JSONSlice.values(before.map(\.name), of: values))
            guard reason == nil else { continue }
            reason = difference(before, values, mayBeDone ? operation : nil).map { what in
                // Which of the two it is about is said.
                compared.count > 1 ? "of \(ObjectType(record.type).noun) \(record.id), \(what)" : what
            }
        }
        if case .merge = operation.verb {
            present = JSONSlice(JSONValue.array(all.map(JSONValue.raw)).bytes)
        } else {
            present = all.first
        }
    }

    /// - Parameter done: What may have been carried out already, so that its values are none of others.
    private func difference(
        _ before: [(name: String, value: JSONSlice)], _ values: [String: String], _ done: Operation?
    ) -> String? {
        for (name, value) in before {
            let (now, seen) = (values[name] ?? "", value.isNull ? "" : value.string ?? value.text)
            if PlannedValue.isSame(name, now, seen) { continue }
            if let set = done?.properties[name], PlannedValue.isSame(name, now, PlannedValue.after(seen, setting: set))
            {
                continue
            }
            // Emptied before it was to be set to an earlier one.
            if done?.properties[name] != nil, name == LifecycleStage.name, now.isEmpty { continue }
            return "\(name) is \(Self.quoted(now)) now, and was \(Self.quoted(seen)) when the plan was made"
        }
        return nil
    }

    private static func quoted(_ text: String) -> String {
        text.isEmpty ? "empty" : text.count > 60 ? "'\(text.prefix(60))…'" : "'\(text)'"
    }
}

extension Operation {
    /// Whether a record goes by it.
    fileprivate var isTaking: Bool {
        switch verb {
        case .archive, .gdprDelete, .merge: true
        default: false
        }
    }
}
