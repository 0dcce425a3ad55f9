import JSON

/// Links of one label between records of the same two types.
/// Source: `POST /crm/associations/{version}/{from}/{to}/batch/create`, `.../batch/associate/default` without a label.
struct LinkForm: BatchForm {
    let path: String
    let label: Associations.Label?

    init(_ from: ObjectType, _ to: ObjectType, _ label: Associations.Label?, _ paths: Paths) {
        path =
            label == nil
            ? paths.associations(from.name, to.name, "batch", "associate", "default")
            : paths.associations(from.name, to.name, "batch", "create")
        self.label = label
    }

    func body(of operations: [Operation]) -> JSONValue {
        .object([
            "inputs": .array(
                operations.map { operation in
                    .object([
                        "from": .object(["id": .string(operation.record?.value ?? "")]),
                        "to": .object(["id": .string(operation.other?.id ?? "")]),
                        "types": label.map { .array([$0.json]) },
                    ])
                })
        ])
    }

    private struct Pair: Hashable {
        var from: String
        var to: String
    }

    func verdicts(of operations: [Operation], in answer: JSONSlice) -> Verdicts {
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
                let to = context?.field("toObjectId")?.elements()?.first?.idText, let error = error(from: entry)
            else { continue }
            failures[Pair(from: from, to: to)] = error
        }
        let pairs = operations.map { Pair(from: $0.record?.value ?? "", to: $0.other?.id ?? "") }
        let asked = Set(pairs)
        var verdicts: Verdicts = [:]
        for (operation, pair) in zip(operations, pairs) {
            if let there = results[pair] {
                guard label == nil else {
                    verdicts[operation.index] = .success(there[0])
                    continue
                }
                // Without a label both directions are answered: a link's way back may be another's way there.
                let reverse = Pair(from: pair.to, to: pair.from)
                guard !asked.contains(reverse) else { continue }
                verdicts[operation.index] = .success(envelope(there + (results[reverse] ?? []), answer))
            } else if let failure = failures[pair] {
                verdicts[operation.index] = .failure(failure)
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

extension Associations.Label {
    var json: JSONValue {
        .object(["associationCategory": .string(category), "associationTypeId": .integer(typeID)])
    }
}
