import HTTPTypes

extension CRMObjects {
    /// Sends the inputs in batches, several at a time, and answers what became of each.
    ///
    /// A batch that is refused as a whole is split until the culprit stands alone. What the answer names neither as a
    /// result nor as an error is asked for again singly.
    func run(_ inputs: [BatchInput], _ operation: some BatchOperation) async -> [Int: Result<JSONSlice, HubSpotError>] {
        let chunks = stride(from: 0, to: inputs.count, by: operation.size).map {
            Array(inputs[$0..<min($0 + operation.size, inputs.count)])
        }
        return await concurrently(chunks) { await settle($0, operation) }
    }

    /// Runs `body` over the pieces, as many at a time as the session has requests in flight. Once a failure says that
    /// no later request can succeed, the pieces not begun fail with it unsent.
    private func concurrently(
        _ pieces: [[BatchInput]],
        _ body: @escaping @Sendable ([BatchInput]) async -> [Int: Result<JSONSlice, HubSpotError>]
    ) async -> [Int: Result<JSONSlice, HubSpotError>] {
        var verdicts: [Int: Result<JSONSlice, HubSpotError>] = [:]
        if pieces.count == 1 { return await body(pieces[0]) }
        await withTaskGroup(of: [Int: Result<JSONSlice, HubSpotError>].self) { group in
            var waiting = pieces[...]
            var stop: HubSpotError?
            func begin() {
                guard stop == nil, let piece = waiting.popFirst() else { return }
                group.addTask { await body(piece) }
            }
            for _ in 0..<max(1, session.configuration.concurrency) { begin() }
            while let some = await group.next() {
                verdicts.merge(some) { $1 }
                if stop == nil {
                    for case .failure(let error) in some.values where error.endsBatch { stop = error }
                }
                begin()
            }
            guard var stop else { return }
            stop.message = "not sent, since an earlier request failed: \(stop.message)"
            for input in waiting.joined() { verdicts[input.index] = .failure(stop) }
        }
        return verdicts
    }

    private func settle(_ inputs: [BatchInput], _ operation: some BatchOperation) async
        -> [Int: Result<JSONSlice, HubSpotError>]
    {
        if inputs.count == 1, let input = inputs.first { return [input.index: await alone(input, operation)] }
        let answer: JSONSlice
        let isSilent: Bool
        do {
            let response = try await send(
                .post, operation.path, query: operation.query, body: operation.body(of: inputs),
                records: inputs.count, given: operation.writes ? .batch : nil)
            guard !response.isDryRun else {
                return Dictionary(
                    uniqueKeysWithValues: inputs.map { ($0.index, .success(Self.given($0.record, $0.properties))) })
            }
            isSilent = response.body.isEmpty
            answer = JSONSlice(response.body)
        } catch  where error.refusesWholeBatch {
            let middle = inputs.count / 2
            return await concurrently([Array(inputs[..<middle]), Array(inputs[middle...])]) {
                await settle($0, operation)
            }
        } catch {
            return Dictionary(uniqueKeysWithValues: inputs.map { ($0.index, .failure(error)) })
        }
        if isSilent {
            return Dictionary(
                uniqueKeysWithValues: inputs.map { input in
                    (
                        input.index,
                        operation.silentSuccess(input).map { .success($0) }
                            ?? .failure(HubSpotError(.badResponse, "HubSpot answered the batch without a body"))
                    )
                })
        }
        var verdicts = match(inputs, answer, operation)
        let left = inputs.filter { verdicts[$0.index] == nil }
        if operation.asksAgain {
            verdicts.merge(await concurrently(left.map { [$0] }) { [$0[0].index: await alone($0[0], operation)] }) {
                $1
            }
        } else {
            for input in left where operation.writes {
                verdicts[input.index] = .failure(
                    HubSpotError(
                        .badResponse,
                        "HubSpot's answer names neither a result nor an error for the record: it may have been created")
                )
            }
        }
        return verdicts
    }

    private func alone(_ input: BatchInput, _ operation: some BatchOperation) async
        -> Result<JSONSlice, HubSpotError>
    {
        do {
            return .success(try await operation.single(input, self))
        } catch {
            return .failure(error)
        }
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
    static func missing(_ input: BatchInput, _ objects: CRMObjects) -> HubSpotError {
        HubSpotError(.notFound, "no \(objects.type.name) record \(input.record?.value ?? "") in HubSpot's answer")
    }
}
