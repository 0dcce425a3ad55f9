import HTTPTypes
import JSON

extension CRMObjects {
    /// Sends the inputs in batches, several at a time, and answers what became of each.
    ///
    /// A batch that is refused as a whole is settled in parts (see ``RefusedBatch``). What the answer names neither as
    /// a result nor as an error is asked for again singly.
    func run(_ inputs: [BatchInput], _ operation: some BatchOperation) async -> [Int: Result<JSONSlice, HubSpotError>] {
        let chunks = stride(from: 0, to: inputs.count, by: operation.size).map {
            Array(inputs[$0..<min($0 + operation.size, inputs.count)])
        }
        return await batches(of: operation).settle(chunks).naming(inputs, wanted)
    }

    private func batches(of operation: some BatchOperation) -> RefusedBatch {
        RefusedBatch(
            concurrency: session.configuration.concurrency, send: { await attempt($0, operation) },
            sendAlone: { input in
                do throws(HubSpotError) {
                    return .success(try await operation.single(input, self))
                } catch {
                    return .failure(error)
                }
            }, keepsOrder: operation.keepsOrder)
    }

    private func attempt(_ inputs: [BatchInput], _ operation: some BatchOperation) async -> RefusedBatch.Attempt {
        func each(_ verdict: (BatchInput) -> Result<JSONSlice, HubSpotError>) -> RefusedBatch.Attempt {
            .answered(Dictionary(uniqueKeysWithValues: inputs.map { ($0.index, verdict($0)) }))
        }
        let response: Answer
        do throws(HubSpotError) {
            response = try await send(
                .post, operation.path, query: operation.query, body: operation.body(of: inputs),
                records: inputs.count, given: operation.writes ? .batch : nil)
        } catch  where error.refusesWholeBatch {
            return .refused(error)
        } catch {
            return each { _ in .failure(error) }
        }
        if response.isDryRun { return each { .success(Self.given($0.record, $0.properties)) } }
        if response.body.isEmpty {
            return each { input in
                operation.silentSuccess(input).map { .success($0) }
                    ?? .failure(
                        HubSpotError(
                            .badResponse, "HubSpot answered the batch without a body", fateIsUnknown: operation.writes))
            }
        }
        var verdicts = match(inputs, JSONSlice(response.body), operation)
        let left = inputs.filter { verdicts[$0.index] == nil }
        if operation.asksAgain {
            verdicts.merge(await batches(of: operation).settle(left.map { [$0] })) { $1 }
        } else {
            for input in left where operation.writes {
                verdicts[input.index] = .failure(
                    HubSpotError(
                        .badResponse,
                        "HubSpot's answer names neither a result nor an error for the record: it may have been created",
                        fateIsUnknown: true)
                )
            }
        }
        return .answered(verdicts)
    }

    /// Finds the result or the error of each input in an answer: `{ results, errors }`. Results come in any order.
    private func match(_ inputs: [BatchInput], _ answer: JSONSlice, _ operation: some BatchOperation)
        -> [Int: Result<JSONSlice, HubSpotError>]
    {
        var verdicts: [Int: Result<JSONSlice, HubSpotError>] = [:]
        var byKey: [String: Int] = [:]
        var byTrace: [String: Int] = [:]
        for input in inputs {
            byKey[operation.key(of: input)] = input.index
            byTrace[input.traceID] = input.index
        }
        // A create without a trace id in its answer is known by its address, if that is the only one.
        var byAddress: [String: Int] = [:]
        if operation is CreateBatch {
            for input in inputs { if let key = input.key { byAddress[key.value] = input.index } }
        }
        let results = answer.field("results")?.elements() ?? []
        for record in results {
            let traced = record.field("objectWriteTraceId")?.string.flatMap { byTrace[$0] }
            let keyed = operation.keys(of: record).lazy.compactMap { byKey[$0] ?? byAddress[$0] }
            guard let index = traced ?? keyed.first(where: { verdicts[$0] == nil }), verdicts[index] == nil
            else { continue }
            verdicts[index] = .success(record)
        }
        let errors = answer.field("errors")?.elements() ?? []
        for slice in errors {
            guard let error = error(from: slice, path: operation.path) else { continue }
            let context = slice.field("context")
            let traced = context?.texts("objectWriteTraceId").compactMap { byTrace[$0] } ?? []
            let named = ["ids", "id"].flatMap { context?.texts($0) ?? [] }
            for index in traced + named.compactMap({ byKey[$0] ?? byKey[$0.lowercased()] }) where verdicts[index] == nil
            {
                verdicts[index] = .failure(error)
            }
        }
        let left = inputs.filter { verdicts[$0.index] == nil }
        guard operation is CreateBatch, !left.isEmpty else { return verdicts }
        // Answers without a trace id or an address: as many results as inputs are in the inputs' order.
        if errors.isEmpty, results.count == inputs.count, left.count == inputs.count {
            for (input, record) in zip(inputs, results) { verdicts[input.index] = .success(record) }
        } else if errors.count == 1, results.count + left.count == inputs.count,
            let only = error(from: errors.first, path: operation.path)
        {
            for input in left { verdicts[input.index] = .failure(only) }
        }
        return verdicts
    }
}

extension JSONSlice {
    /// The texts in the list of that name: HubSpot's `context` holds lists of strings.
    fileprivate func texts(_ name: String) -> [String] { field(name)?.elements()?.compactMap(\.idText) ?? [] }
}

extension HubSpotError {
    /// A record that HubSpot's answer leaves out, as the call for it alone has it.
    static func missing(_ input: BatchInput, _ objects: CRMObjects) -> HubSpotError {
        HubSpotError(
            .notFound, objects.wanted(input).map { "no \($0)" } ?? "HubSpot's answer leaves the record out",
            status: 404,
            request: "POST \(objects.session.paths.objects(objects.type.name))/batch/read")
    }
}
