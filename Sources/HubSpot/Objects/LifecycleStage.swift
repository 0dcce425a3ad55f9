import HTTPTypes
import JSON

/// The property of contacts and companies of which HubSpot takes a later value alone: asked for an earlier one it keeps the
/// one that there is, and says nothing (source: HubSpot's documentation of lifecycle stages). It is emptied first then.
package enum LifecycleStage {
    package static let name = "lifecyclestage"

    /// What a failure says where HubSpot has kept another stage than the one that was set.
    package static func kept(_ stage: String) -> HubSpotError {
        HubSpotError(.conflict, "HubSpot keeps \(name) at '\(stage)'")
    }
}

/// The order of the stages of each type, as far as a plan's writes ask for it.
struct LifecycleStages: Sendable {
    /// The place of each stage, by type.
    private var places: [String: [String: Int]] = [:]

    /// How many types were asked for.
    var types: Int { places.count }

    init() {}

    /// Reads the definitions of the types in which a write goes from one stage to another.
    init(for writes: some Sequence<PlannedWrite>, through session: Session) async throws(HubSpotError) {
        for write in writes {
            guard write.stages(write.operation(session.paths)) != nil, let type = write.type, places[type] == nil else {
                continue
            }
            let path = CRMObjects(ObjectType(type), session: session).definitionsPath
            let definitions = try await session.definitions(path).field("results")?.elements() ?? []
            let stage = definitions.first { $0.field("name")?.string == LifecycleStage.name }
            let options = (stage?.field("options")?.elements() ?? []).enumerated().map { place, option in
                (
                    place: option.field("displayOrder")?.integer.map { Int($0) } ?? place,
                    option.field("value")?.string ?? ""
                )
            }
            places[type] = Dictionary(options.map { ($0.1, $0.place) }) { $1 }
        }
    }

    /// Whether a write takes a record's stage back to an earlier one, which HubSpot does only once it is empty.
    func goesBack(_ write: PlannedWrite, _ operation: Operation) -> Bool {
        guard let (old, new) = write.stages(operation), let places = places[write.type ?? ""], let now = places[old],
            let then = places[new]
        else { return false }
        return then < now
    }
}

extension PlannedWrite {
    /// From which stage to which other one it takes a record; nil where it does no such thing.
    fileprivate func stages(_ operation: Operation) -> (old: String, new: String)? {
        guard case .update = operation.verb, let new = operation.properties[LifecycleStage.name], !new.isEmpty,
            let old = before?.field(LifecycleStage.name)?.string, !old.isEmpty, old != new
        else { return nil }
        return (old, new)
    }
}

extension WritePipeline {
    /// Empties the stages of records of one type, so that earlier ones can be set. It is a part of the writes that set them:
    /// the journal knows of these before, and learns what became of them once they are made.
    func emptyStages(before writes: [Operation]) async throws(HubSpotError) {
        guard let first = writes.first, case .send = try session.disposition(of: first) else { return }
        _ = try await intend(writes, by: first.request(paths))
        let emptying = writes.map { write in
            var empty = write
            empty.properties = PropertyBag([(LifecycleStage.name, "")])
            return empty
        }
        let form = form(of: emptying[0])
        let request =
            emptying.count == 1
            ? emptying[0].request(paths)
            : APIRequest(.post, form.path, body: form.body(of: emptying).bytes, records: emptying.count)
        _ = try await deliver(request, carrying: [], .send)
    }
}
