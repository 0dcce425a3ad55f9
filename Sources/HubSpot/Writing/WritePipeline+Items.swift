import HTTPTypes
import JSON
import Synchronization

/// Writes of an item that runs again: what it has written before is answered as it was then.
extension WritePipeline {
    /// The answer to a write that was carried out when its item ran before. Nil where it is to be sent.
    /// - Throws: kind `checkpoint_mismatch`; kind `fate_unknown` where nothing tells whether it was carried out.
    func recorded(_ write: Operation) async throws(HubSpotError) -> JSONSlice? {
        guard let earlier = try step(write, carriedBy: write.request(paths)) else { return nil }
        return try await answer(to: write, earlier)
    }

    /// The same of a call that is spelled out as a request.
    func recorded(_ request: APIRequest, _ write: Operation) async throws(HubSpotError) -> APIResponse? {
        guard try RequestRules(request).isWrite, let earlier = try step(write, carriedBy: request) else { return nil }
        return try await answer(to: write, earlier).map { APIResponse(recorded: $0) }
    }

    /// The writes of a list that are to be sent, and what became of the others when their item ran before.
    func recorded(_ writes: [Operation], by form: ElementForm? = nil) async -> (fresh: [Operation], known: Verdicts) {
        guard WriteItems.current != nil else { return (writes, [:]) }
        var fresh: [Operation] = []
        var known: Verdicts = [:]
        var unsettled: [(write: Operation, earlier: EarlierWrite)] = []
        for write in writes {
            do throws(HubSpotError) {
                let request = form.map { APIRequest(.post, $0.path) } ?? write.request(paths)
                if let earlier = try step(write, carriedBy: request) {
                    unsettled.append((write, earlier))
                } else {
                    fresh.append(write)
                }
            } catch {
                known[write.index] = .failure(error)
            }
        }
        guard !unsettled.isEmpty else { return (fresh, known) }
        // Their look-ups travel together.
        let answers = await withTaskGroup(of: (Operation, Result<JSONSlice?, HubSpotError>).self) { group in
            for (write, earlier) in unsettled {
                group.addTask {
                    do throws(HubSpotError) {
                        return (write, .success(try await answer(to: write, earlier)))
                    } catch {
                        return (write, .failure(error))
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for (write, answer) in answers {
            switch answer {
            case .success(nil): fresh.append(write)
            case .success(let record?): known[write.index] = .success(record)
            case .failure(let error): known[write.index] = .failure(error)
            }
        }
        return (fresh.sorted { $0.index < $1.index }, known)
    }

    /// Gives the write its place in the item that it belongs to.
    /// - Returns: What is known of it from the time before.
    private func step(_ write: Operation, carriedBy request: APIRequest) throws(HubSpotError) -> EarlierWrite? {
        guard let item = WriteItems.current else { return nil }
        guard let entry = write.entry else {
            throw .invalidArgument(
                "\(item.title): the journal keeps nothing of this session's writes, so that a checkpoint could not know them again; leave the journal on"
            )
        }
        guard let step = try item.step(WriteIntent(write, carriedBy: request, in: session)) else { return nil }
        entry.state.withLock { $0.place = step.place }
        return step.earlier
    }

    private func answer(to write: Operation, _ earlier: EarlierWrite) async throws(HubSpotError) -> JSONSlice? {
        if earlier.isDone, let answer = earlier.answer { return write.plain(answer, earlier) }
        switch try await lookUp(write, earlier) {
        case .done(let answer):
            earlier.note(WriteFate(write, answer))
            return answer
        case .notDone: return earlier.isDone ? write.silentAnswer : nil
        case .unknown:
            if earlier.isDone { return write.silentAnswer }
            guard let item = WriteItems.current else { return nil }
            switch item.onUnknown {
            case .send: return nil
            case .skip: return write.echo.removing("dry_run").adding("fate", "\"unknown\"".utf8)
            case .raise:
                throw HubSpotError(
                    .fateUnknown,
                    "\(item.title): the write was sent before, and nothing tells whether it was carried out; look in HubSpot, then go on with on_unknown = \"send\" or \"skip\"",
                    request: write.summary(paths), fateIsUnknown: true)
            }
        }
    }
}

extension Operation {
    /// An answer that was kept, as the call gives it.
    fileprivate func plain(_ answer: JSONSlice, _ earlier: EarlierWrite) -> JSONSlice {
        switch verb {
        case .create, .update: answer.removing("objectWriteTraceId")
        case .upsert: answer.removing("objectWriteTraceId").markedNew(earlier.isNew)
        case .archive, .gdprDelete, .unlink: silentAnswer
        case .read, .merge, .link, .other, .element: answer
        }
    }
}

extension JSONSlice {
    /// An answer as it is kept: `{ status, body }`.
    init(recording response: APIResponse) {
        self.init(
            JSONValue.object([
                "status": .integer(Int64(response.status)),
                "body": .string(String(decoding: response.body, as: UTF8.self)),
            ]).bytes)
    }
}

extension APIResponse {
    /// An answer that was kept. Its headers were not.
    fileprivate init(recorded: JSONSlice) {
        let status = recorded.field("status")?.integer.map { Int($0) }
        self.init(
            status: status ?? 200, headers: [.contentType: "application/json"],
            body: status == nil ? Array(recorded.bytes) : Array((recorded.field("body")?.string ?? "").utf8))
    }
}
