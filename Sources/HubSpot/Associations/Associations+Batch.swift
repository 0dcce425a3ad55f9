import HTTPTypes
import JSON

extension Associations {
    /// One link of a list.
    package struct Link: Sendable {
        package var from: String
        package var to: String
        package var label: Label?

        package init(from: String, to: String, label: Label? = nil) {
            self.from = from
            self.to = to
            self.label = label
        }
    }

    /// Which records of `to` the records of a list are linked to: `{ from: { id }, to: [{ toObjectId,
    /// associationTypes }] }` each, all pages of it; `to` is empty for a record without links.
    /// Source: `POST /crm/associations/{version}/{from}/{to}/batch/read`, 1,000 at a time.
    package func read(_ from: ObjectType, _ ids: [String], _ to: ObjectType) async -> BatchOutcome {
        let elements = ids.enumerated().map { (index: $0, key: $1, json: JSONValue.object(["id": .string($1)])) }
        var outcome = BatchOutcome(
            await WritePipeline(session: session).run(
                ElementForm.operations(elements), reading(from, to), .send))
        outcome.failures = outcome.failures.filter { failure in
            // No links are an error to HubSpot, and an empty list to a caller who asks for them.
            guard failure.error.kind == .notFound, failure.error.message.hasPrefix("No ") else { return true }
            let none = JSONValue.object(["from": .object(["id": .string(ids[failure.index])]), "to": .array([])])
            outcome.successes.append(BatchOutcome.Success(index: failure.index, record: JSONSlice(none.bytes)))
            return false
        }
        for index in outcome.successes.indices {
            do throws(HubSpotError) {
                outcome.successes[index].record = try await whole(outcome.successes[index].record, from, to)
            } catch {
                outcome.failures.append(.init(index: outcome.successes[index].index, error: error))
            }
        }
        let failed = Set(outcome.failures.map(\.index))
        outcome.successes = outcome.successes.filter { !failed.contains($0.index) }.sorted { $0.index < $1.index }
        outcome.failures.sort { $0.index < $1.index }
        return outcome
    }

    private func reading(_ from: ObjectType, _ to: ObjectType) -> ElementForm {
        ElementForm(
            path: session.paths.associations(from.name, to.name, "batch", "read"), size: 1_000,
            key: { [$0.field("from")?.field("id")?.idText].compactMap(\.self) },
            contextNames: ["fromObjectId", "ids", "id"])
    }

    /// An answer about one record with its further pages.
    private func whole(_ first: JSONSlice, _ from: ObjectType, _ to: ObjectType) async throws(HubSpotError) -> JSONSlice
    {
        guard let source = first.field("from"), let id = source.field("id")?.idText,
            let after = try first.nextCursor()
        else { return first }
        var links = first.field("to")?.elements() ?? []
        try await eachPage(from, id, to, after: after) { links += $0 }
        return JSONSlice(JSONValue.object(["from": .raw(source), "to": .array(links.map(JSONValue.raw))]).bytes)
    }

    /// Links the pairs of a list. A bad one fails alone.
    package func link(_ from: ObjectType, _ to: ObjectType, _ links: [Link]) async -> BatchOutcome {
        let pipeline = WritePipeline(session: session)
        return await pipeline.perform(operations(from, to, links) { .link($0) }) { writes, disposition, _ in
            var verdicts: Verdicts = [:]
            let wanted = Dictionary(uniqueKeysWithValues: writes.map { ($0.index, $0) })
            for (_, places) in grouped(links) {
                let group = places.compactMap { wanted[$0] }
                guard !group.isEmpty else { continue }
                if case .preview = disposition {
                    for write in group { verdicts[write.index] = await shown(write, pipeline) }
                } else {
                    verdicts.merge(await pipeline.run(group, pipeline.form(of: group[0]), disposition)) { $1 }
                }
            }
            return verdicts
        }
    }

    private func shown(_ write: Operation, _ pipeline: WritePipeline) async -> Result<JSONSlice, HubSpotError> {
        do throws(HubSpotError) {
            return .success(try await pipeline.rehearse(write, .preview))
        } catch {
            return .failure(error)
        }
    }

    /// Unlinks the pairs of a list: from all kinds of link, or from one. HubSpot does not say which links there were.
    /// Source: `.../batch/archive`, `.../batch/labels/archive`.
    package func unlink(_ from: ObjectType, _ to: ObjectType, _ links: [Link]) async -> BatchOutcome {
        await WritePipeline(session: session).perform(operations(from, to, links) { .unlink($0) }) {
            writes, disposition, _ in await unlink(from, to, writes, disposition)
        }
    }

    /// Unlinks pairs that are admitted.
    func unlink(
        _ from: ObjectType, _ to: ObjectType, _ writes: [Operation], _ disposition: Disposition
    ) async -> Verdicts {
        let links = writes.map { write -> Link in
            var link = Link(from: write.record?.value ?? "", to: write.other?.id ?? "")
            if case .unlink(let label) = write.verb { link.label = label }
            return link
        }
        var verdicts: Verdicts = [:]
        for (label, places) in grouped(links) {
            let elements = places.map { place in
                let link = links[place]
                let end = JSONValue.object(["id": .string(link.to)])
                let json = JSONValue.object([
                    "from": .object(["id": .string(link.from)]), "to": label == nil ? .array([end]) : end,
                    "types": label.map { .array([$0.json]) },
                ])
                return (index: place, key: "\(link.from) \(link.to)", json: json)
            }
            let form = unlinking(from, to, label)
            let unlinks = ElementForm.operations(elements).map { element in
                var unlink = element.at(writes[element.index].index)
                unlink.entry = writes[element.index].entry
                return unlink
            }
            verdicts.merge(await WritePipeline(session: session).run(unlinks, form, disposition)) { $1 }
        }
        return verdicts
    }

    private func unlinking(_ from: ObjectType, _ to: ObjectType, _ label: Label?) -> ElementForm {
        let base = session.paths.associations(from.name, to.name, "batch")
        return ElementForm(
            path: label == nil ? "\(base)/archive" : "\(base)/labels/archive", key: { _ in [] }, contextNames: [],
            silent: { pair in
                let ends = pair.split(separator: " ").map { JSONValue.object(["id": .string(String($0))]) }
                return .object(["from": ends.first ?? .object([:]), "to": ends.last ?? .object([:])])
            })
    }

    private func operations(
        _ from: ObjectType, _ to: ObjectType, _ links: [Link], _ verb: (Label?) -> Operation.Verb
    ) -> [Operation] {
        links.enumerated().map { Operation(verb($1.label), from: from, $1.from, to: to, $1.to).at($0) }
    }

    /// The places of a list's links, by their labels.
    private func grouped(_ links: [Link]) -> [(label: Label?, places: [Int])] {
        var groups: [(label: Label?, places: [Int])] = []
        for (offset, link) in links.enumerated() {
            if let place = groups.firstIndex(where: { $0.label == link.label }) {
                groups[place].places.append(offset)
            } else {
                groups.append((link.label, [offset]))
            }
        }
        return groups
    }
}
