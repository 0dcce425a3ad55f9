import HTTPTypes
import JSON

extension Associations {
    /// Links two records, along with others of the same types and label.
    func linkAlongWithOthers(_ links: LinkBatch, _ id: String, _ toID: String) async throws(HubSpotError) -> JSONSlice {
        let turn = try await session.turn(.link(links.from, id, links.to, toID))
        defer { turn.letGo() }
        guard let batcher = session.batcher, links.mayBatch, RecordReference.id(id).isBatchable,
            RecordReference.id(toID).isBatchable
        else { return try await plainLink(links.from, id, links.to, toID, label: links.label) }
        if let plan = WritePlan.current {
            await plan.countTogether(
                "associations.link", BatchKind(links.from, .link(to: links.to.name, label: links.label)), size: 100,
                lanes: [.associations, .day], in: session)
            return JSONSlice(#"{"dry_run":true}"#)
        }
        var input = BatchInput(index: 0, record: .id(id))
        input.to = toID
        let kind = BatchKind(links.from, .link(to: links.to.name, label: links.label))
        switch await batcher.join(
            kind, input, turn, { Batcher.Line(size: 100, lanes: [.associations, .day]) { await links.run($0) } })
        {
        case .alone(let reservation):
            return try await reservation.carry { () async throws(HubSpotError) in
                try await plainLink(links.from, id, links.to, toID, label: links.label)
            }
        case .answered(let result):
            do throws(HubSpotError) { return try result.get() } catch {
                throw error.asPlain(links.request(input), links.wanted(input))
            }
        }
    }
}

/// Links of one label between records of the same two types.
/// Source: `POST /crm/associations/{version}/{from}/{to}/batch/create`, `.../batch/associate/default` without a label.
struct LinkBatch: Sendable {
    let session: Session
    let from: ObjectType
    let to: ObjectType
    let label: Associations.Label?

    var mayBatch: Bool {
        let permissions = session.configuration.permissions
        return (WritePlan.current != nil || !session.configuration.isReadOnly && !session.configuration.isDryRun)
            && from.isWellFormed
            && to.isWellFormed && (permissions == .all || permissions.allows(Permission("associations", .write)))
    }

    /// What the plain call is called in its errors.
    func request(_ input: BatchInput) -> String {
        let (id, toID) = (input.record?.value ?? "", input.to ?? "")
        let paths = session.paths
        return label == nil
            ? "PUT \(paths.associations(of: from.name, id, "default", to.name, toID))"
            : "PUT \(paths.associations(of: from.name, id, to.name, toID))"
    }

    /// What the plain call looks for.
    func wanted(_ input: BatchInput) -> LookedUp? {
        LookedUp(input.record?.value ?? "", of: from, linkedTo: input.to ?? "", of: to)
    }

    var path: String {
        label == nil
            ? session.paths.associations(from.name, to.name, "batch", "associate", "default")
            : session.paths.associations(from.name, to.name, "batch", "create")
    }

    /// Sends the links as one batch; one that is refused as a whole is settled in parts.
    func run(_ inputs: [BatchInput]) async -> [Int: Result<JSONSlice, HubSpotError>] {
        await RefusedBatch(
            concurrency: session.configuration.concurrency, send: { await attempt($0) }, sendAlone: { await alone($0) }
        ).settle([inputs]).naming(inputs, wanted)
    }

    private func attempt(_ inputs: [BatchInput]) async -> RefusedBatch.Attempt {
        let answer: JSONSlice
        do throws(HubSpotError) {
            let request = APIRequest(.post, path, body: body(of: inputs).bytes, records: inputs.count, isBatch: true)
            answer = JSONSlice(try await session.send(request).body)
        } catch  where error.refusesWholeBatch {
            return .refused(error)
        } catch {
            return .answered(Dictionary(uniqueKeysWithValues: inputs.map { ($0.index, .failure(error)) }))
        }
        var verdicts = match(inputs, answer)
        // Linking sets a state: what the answer leaves out is asked for again.
        for input in inputs where verdicts[input.index] == nil { verdicts[input.index] = await alone(input) }
        return .answered(verdicts)
    }

    private func alone(_ input: BatchInput) async -> Result<JSONSlice, HubSpotError> {
        do throws(HubSpotError) {
            let links = Associations(session: session)
            return .success(
                try await links.plainLink(from, input.record?.value ?? "", to, input.to ?? "", label: label))
        } catch {
            return .failure(error)
        }
    }

    private func body(of inputs: [BatchInput]) -> JSONValue {
        let types = label.map { label in
            JSONValue.array([
                .object([
                    "associationCategory": .string(label.category), "associationTypeId": .integer(label.typeID),
                ])
            ])
        }
        return .object([
            "inputs": .array(
                inputs.map { input in
                    .object([
                        "from": .object(["id": .string(input.record?.value ?? "")]),
                        "to": .object(["id": .string(input.to ?? "")]), "types": types,
                    ])
                })
        ])
    }

    private struct Pair: Hashable {
        var from: String
        var to: String
    }

    private func match(_ inputs: [BatchInput], _ answer: JSONSlice) -> [Int: Result<JSONSlice, HubSpotError>] {
        var results: [Pair: [JSONSlice]] = [:]
        for result in answer.field("results")?.elements() ?? [] {
            let from = result.field("fromObjectId") ?? result.field("from")?.field("id")
            let to = result.field("toObjectId") ?? result.field("to")?.field("id")
            guard let from = from?.idText, let to = to?.idText else { continue }
            results[Pair(from: from, to: to), default: []].append(result)
        }
        var failures: [Pair: HubSpotError] = [:]
        for entry in answer.field("errors")?.elements() ?? [] {
            let context = entry.field("context")
            guard let from = context?.field("fromObjectId")?.elements()?.first?.idText,
                let to = context?.field("toObjectId")?.elements()?.first?.idText,
                let document = JSONValue(parsing: Array(entry.bytes))
            else { continue }
            failures[Pair(from: from, to: to)] = HubSpotError(batchEntry: document, request: "POST \(path)")
        }
        let pairs = inputs.map { Pair(from: $0.record?.value ?? "", to: $0.to ?? "") }
        let asked = Set(pairs)
        var verdicts: [Int: Result<JSONSlice, HubSpotError>] = [:]
        for (input, pair) in zip(inputs, pairs) {
            if let there = results[pair] {
                guard label == nil else {
                    verdicts[input.index] = .success(there[0])
                    continue
                }
                // Without a label both directions are answered: a link's way back may be another's way there.
                let reverse = Pair(from: pair.to, to: pair.from)
                guard !asked.contains(reverse) else { continue }
                verdicts[input.index] = .success(envelope(there + (results[reverse] ?? []), answer))
            } else if let failure = failures[pair] {
                verdicts[input.index] = .failure(failure)
            }
        }
        return verdicts
    }

    /// The batch's answer with one link's results: what the plain call answers.
    private func envelope(_ results: [JSONSlice], _ answer: JSONSlice) -> JSONSlice {
        JSONSlice(
            JSONValue.object([
                "status": answer.field("status").map(JSONValue.raw), "results": .array(results.map(JSONValue.raw)),
                "startedAt": answer.field("startedAt").map(JSONValue.raw),
                "completedAt": answer.field("completedAt").map(JSONValue.raw),
            ]).bytes)
    }
}

extension WriteOrder.Key {
    /// A link is the same in both directions.
    static func link(_ from: ObjectType, _ id: String, _ to: ObjectType, _ toID: String) -> WriteOrder.Key {
        let ends = ["\(ObjectType.canonical(from.name)) \(id)", "\(ObjectType.canonical(to.name)) \(toID)"].sorted()
        return WriteOrder.Key(type: "link", idProperty: "association", value: "\(ends[0]) \(ends[1])")
    }
}
