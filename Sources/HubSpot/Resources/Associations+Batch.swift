import HTTPTypes
import JSON

extension Associations {
    /// One link of a list.
    public struct Link: Sendable {
        public var from: String
        public var to: String
        public var label: Label?

        public init(from: String, to: String, label: Label? = nil) {
            self.from = from
            self.to = to
            self.label = label
        }
    }

    /// Which records of `to` the records of a list are linked to: `{ from: { id }, to: [{ toObjectId,
    /// associationTypes }] }` each, all pages of it; `to` is empty for a record without links.
    /// Source: `POST /crm/associations/{version}/{from}/{to}/batch/read`, 1,000 at a time.
    public func read(_ from: ObjectType, _ ids: [String], _ to: ObjectType) async -> BatchOutcome {
        let inputs = ids.enumerated().map { offset, id in
            KeyedBatch.Input(index: offset, key: id, json: .object(["id": .string(id)]))
        }
        var outcome = await reading(from, to).run(inputs)
        outcome.failures = outcome.failures.filter { failure in
            // No links are an error to HubSpot, and none to somebody who asks for them.
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

    private func reading(_ from: ObjectType, _ to: ObjectType) -> KeyedBatch {
        KeyedBatch(
            session: session, path: session.paths.associations(from.name, to.name, "batch", "read"), size: 1_000,
            key: { [$0.field("from")?.field("id")?.idText].compactMap(\.self) },
            contextNames: ["fromObjectId", "ids", "id"])
    }

    /// An answer about one record with its further pages.
    private func whole(_ first: JSONSlice, _ from: ObjectType, _ to: ObjectType) async throws(HubSpotError) -> JSONSlice
    {
        guard let source = first.field("from"), let id = source.field("id")?.idText,
            let after = first.field("paging")?.field("next")?.field("after")?.idText
        else { return first }
        var links = first.field("to")?.elements() ?? []
        try await eachPage(from, id, to, after: after) { links += $0 }
        return JSONSlice(JSONValue.object(["from": .raw(source), "to": .array(links.map(JSONValue.raw))]).bytes)
    }

    /// Links the pairs of a list. A bad one fails alone.
    public func link(_ from: ObjectType, _ to: ObjectType, _ links: [Link]) async -> BatchOutcome {
        await session.inOrder(links.map { .link(from, $0.from, to, $0.to) }, links.indices) {
            await linkInTurn(from, to, links)
        }
    }

    private func linkInTurn(_ from: ObjectType, _ to: ObjectType, _ links: [Link]) async -> BatchOutcome {
        var verdicts: [Int: Result<JSONSlice, HubSpotError>] = [:]
        for (label, group) in grouped(links) {
            let batch = LinkBatch(session: session, from: from, to: to, label: label)
            for start in stride(from: 0, to: group.count, by: 100) {
                let inputs = group[start..<min(start + 100, group.count)].map { offset -> BatchInput in
                    var input = BatchInput(index: offset, record: .id(links[offset].from))
                    input.to = links[offset].to
                    return input
                }
                guard session.isDry(APIRequest(.post, batch.path)) else {
                    verdicts.merge(await batch.run(inputs)) { $1 }
                    continue
                }
                if WritePlan.current != nil {
                    verdicts.merge(planned(inputs, batch)) { $1 }
                    continue
                }
                for input in inputs { verdicts[input.index] = await dryLink(from, to, links[input.index]) }
            }
        }
        return BatchOutcome(verdicts)
    }

    /// Counts the batch as the one request that it would be.
    private func planned(_ inputs: [BatchInput], _ batch: LinkBatch) -> [Int: Result<JSONSlice, HubSpotError>] {
        let refusal: HubSpotError?
        do throws(HubSpotError) {
            try session.showDry(APIRequest(.post, batch.path, records: inputs.count, isBatch: true))
            refusal = nil
        } catch {
            refusal = error
        }
        return Dictionary(
            uniqueKeysWithValues: inputs.map { input in
                let ends = [("from", input.record?.value), ("to", input.to)].map { name, id in
                    JSONValue.Member(name, .object(["id": .string(id ?? "")]))
                }
                let link = JSONSlice(JSONValue.object(ends).bytes).adding("dry_run", "true".utf8)
                return (input.index, refusal.map { .failure($0) } ?? .success(link))
            })
    }

    private func dryLink(_ from: ObjectType, _ to: ObjectType, _ link: Link) async -> Result<JSONSlice, HubSpotError> {
        do throws(HubSpotError) {
            let answer = try await plainLink(from, link.from, to, link.to, label: link.label)
            let ends = [("from", link.from), ("to", link.to)].map { name, id in
                JSONValue.Member(name, .object(["id": .string(id)]))
            }
            return .success(
                JSONSlice(JSONValue.object(ends).bytes).adding("dry_run", answer.field("dry_run")?.bytes ?? []))
        } catch {
            return .failure(error)
        }
    }

    /// Unlinks the pairs of a list: from all kinds of link, or from one. HubSpot does not say which links there were.
    /// Source: `.../batch/archive`, `.../batch/labels/archive`.
    public func unlink(_ from: ObjectType, _ to: ObjectType, _ links: [Link]) async -> BatchOutcome {
        await session.inOrder(links.map { .link(from, $0.from, to, $0.to) }, links.indices) {
            await unlinkInTurn(from, to, links)
        }
    }

    private func unlinkInTurn(_ from: ObjectType, _ to: ObjectType, _ links: [Link]) async -> BatchOutcome {
        var outcome = BatchOutcome([:])
        for (label, group) in grouped(links) {
            let parts = label == nil ? ["archive"] : ["labels", "archive"]
            let path = parts.reduce(session.paths.associations(from.name, to.name, "batch")) { "\($0)/\($1)" }
            let batch = KeyedBatch(
                session: session, path: path, key: { _ in [] }, contextNames: [],
                silent: { pair in
                    let ends = pair.split(separator: " ").map { JSONValue.object(["id": .string(String($0))]) }
                    return .object(["from": ends.first ?? .object([:]), "to": ends.last ?? .object([:])])
                })
            let some = await batch.run(
                group.map { offset in
                    let link = links[offset]
                    let end = JSONValue.object(["id": .string(link.to)])
                    return KeyedBatch.Input(
                        index: offset, key: "\(link.from) \(link.to)",
                        json: .object([
                            "from": .object(["id": .string(link.from)]), "to": label == nil ? .array([end]) : end,
                            "types": label.map { .array([$0.json]) },
                        ]))
                })
            outcome.successes += some.successes
            outcome.failures += some.failures
        }
        outcome.successes.sort { $0.index < $1.index }
        outcome.failures.sort { $0.index < $1.index }
        return outcome
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

extension Associations.Label {
    var json: JSONValue {
        .object(["associationCategory": .string(category), "associationTypeId": .integer(typeID)])
    }
}
