import HTTPTypes
import JSON

/// A batch endpoint: sends operations of one form in batches, several at a time, and answers the fate of each.
///
/// A batch that is refused as a whole is settled in parts (see ``BatchSplitter``). An operation that the answer names neither as a
/// result nor as an error is asked for again singly.
struct BatchEndpoint: Sendable {
    let pipeline: WritePipeline
    let form: any BatchForm
    let disposition: Disposition

    func settle(_ operations: [Operation]) async -> Verdicts {
        let chunks = stride(from: 0, to: operations.count, by: form.size).map {
            Array(operations[$0..<min($0 + form.size, operations.count)])
        }
        let verdicts = await splitter.settle(chunks)
        // Parts of a refused batch that are not sent again, since no request succeeds any more, have failed.
        if isWrite {
            pipeline.settle(operations, verdicts.filter { if case .failure = $0.value { true } else { false } })
        }
        return verdicts.naming(operations)
    }

    private var splitter: BatchSplitter {
        BatchSplitter(
            concurrency: pipeline.session.configuration.concurrency, keepsOrder: form.keepsOrder,
            send: { await attempt($0) }, sendAlone: { await alone($0) })
    }

    private func alone(_ operation: Operation) async -> Result<JSONSlice, HubSpotError> {
        guard form.hasPlainCall else {
            switch await attempt([operation]) {
            case .answered(let verdicts): return verdicts[operation.index] ?? .failure(unnamed)
            case .refused(let error): return .failure(error)
            }
        }
        do throws(HubSpotError) {
            guard case .send = disposition else {
                return .success(try await pipeline.rehearse(operation, disposition))
            }
            return .success(try await form.alone(operation, pipeline))
        } catch {
            return .failure(error)
        }
    }

    /// One batch. What it answers is told to the journal; what is refused as a whole comes again in parts.
    private func attempt(_ operations: [Operation]) async -> BatchSplitter.Attempt {
        let attempt = await send(operations)
        if isWrite, case .answered(let verdicts) = attempt { pipeline.settle(operations, verdicts) }
        return attempt
    }

    private func send(_ operations: [Operation]) async -> BatchSplitter.Attempt {
        func each(_ verdict: (Operation) -> Result<JSONSlice, HubSpotError>) -> BatchSplitter.Attempt {
            .answered(Dictionary(uniqueKeysWithValues: operations.map { ($0.index, verdict($0)) }))
        }
        let request = APIRequest(
            .post, form.path, query: form.query, body: form.body(of: operations).bytes, records: operations.count,
            isBatch: true)
        let response: APIResponse?
        do throws(HubSpotError) {
            response = try await pipeline.deliver(request, carrying: operations, disposition, settles: false)
        } catch  where error.refusesWholeBatch {
            return .refused(error)
        } catch {
            return each { _ in .failure(error) }
        }
        guard let response else { return each { .success($0.echo) } }
        guard !response.body.isEmpty else {
            return each { operation in
                form.silentSuccess(operation).map { .success($0) }
                    ?? .failure(
                        HubSpotError(
                            .badResponse, "HubSpot answered the batch without a body", request: request.summary,
                            fateIsUnknown: isWrite))
            }
        }
        var verdicts = form.verdicts(of: operations, in: JSONSlice(response.body))
        let left = operations.filter { verdicts[$0.index] == nil }
        if form.asksAgain {
            verdicts.merge(await splitter.settle(left.map { [$0] })) { $1 }
        } else if isWrite || !form.hasPlainCall {
            for operation in left { verdicts[operation.index] = .failure(unnamed) }
        }
        return .answered(verdicts)
    }

    private var isWrite: Bool { (try? RequestRules(APIRequest(.post, form.path)).isWrite) ?? false }

    private var unnamed: HubSpotError {
        HubSpotError(
            .badResponse,
            "HubSpot's answer names neither a result nor an error for it"
                + (isWrite ? ": it may have been carried out" : ""),
            request: "POST \(form.path)", fateIsUnknown: isWrite)
    }
}
