import JSON

/// What a line of a plan changes, as people and programs read it.
package struct PlanChange: Sendable, Equatable {
    package struct Value: Sendable, Equatable {
        package var name: String
        /// Empty for none.
        package var old: String
        package var new: String
    }

    package var n: Int64
    /// `update`, `create`, `delete`, `link`: what the journal calls it.
    package var action: String
    package var type: String?
    /// The record's id; the placeholder of one that is made.
    package var id: String?
    /// The other end of a link, the other record of a merge.
    package var otherType: String?
    package var otherID: String?
    /// `POST /crm/lists/2026-09`.
    package var request: String
    /// Of an update, what is different by it; of a create all that is set, of a deletion all that goes.
    package var values: [Value] = []
}

extension PlannedWrite {
    package func change(_ paths: Paths) -> PlanChange {
        let operation = operation(paths)
        let intent = WriteIntent(operation, paths)
        var change = PlanChange(
            n: n, action: intent.action.rawValue, type: type ?? intent.type, id: id, otherType: intent.other?.type,
            otherID: intent.other?.id, request: "\(method) \(path.prefix { $0 != "?" })")
        let before = (before?.elements()?.dropFirst().first ?? before)?.fields() ?? []
        func old(_ name: String) -> String { before.first { $0.name == name }?.value.string ?? "" }
        switch operation.verb {
        case .create:
            change.id = Placeholder(n).text
            change.values = operation.properties.entries.map { .init(name: $0.name, old: "", new: $0.value) }
        case .update, .upsert:
            change.values = operation.properties.entries.compactMap { entry in
                let new = PlannedValue.after(old(entry.name), setting: entry.value)
                return PlannedValue.isSame(entry.name, old(entry.name), new)
                    ? nil : .init(name: entry.name, old: old(entry.name), new: new)
            }
        case .archive, .gdprDelete, .merge:
            // Of a merge, what the record has that goes.
            change.values = before.map { .init(name: $0.name, old: $0.value.string ?? "", new: "") }
        default: break
        }
        return change
    }
}
