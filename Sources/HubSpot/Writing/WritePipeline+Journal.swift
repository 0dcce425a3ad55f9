import JSON
import Synchronization
import Wire

extension WritePipeline {
    /// Tells the session's journal what is about to be sent, and returns once that is kept.
    ///
    /// A write that goes again, alone or in part of a batch, is known already; one that has turned into another request
    /// is told of again, under its number.
    /// - Returns: The places in the journal, one for each operation; none where the session keeps no journal.
    func intend(_ operations: [Operation], by request: APIRequest) async throws(HubSpotError) -> [WriteEntry] {
        guard let journal = session.configuration.journal else { return [] }
        // A secret that is not known yet could not be masked.
        if request.isAuthenticated { await session.learnCredential() }
        let entries = operations.map { $0.entry ?? WriteEntry($0) }
        var intents: [(entry: WriteEntry, operation: Operation, intent: WriteIntent)] = []
        for (operation, entry) in zip(operations, entries) {
            var intent = WriteIntent(operation, carriedBy: request, in: session)
            let (number, known) = entry.state.withLock { ($0.number, $0.request) }
            guard number == nil || known != intent.line else { continue }
            intent.number = number
            intent.place = entry.place
            intent.before = entry.before
            intents.append((entry, operation, intent))
        }
        guard !intents.isEmpty else { return entries }
        if journal.readsBefore {
            let before = try await valuesBefore(intents.map(\.operation))
            for index in intents.indices {
                intents[index].intent.before = before[index] ?? intents[index].intent.before
            }
        }
        let numbers = try await journal.intend(intents.map(\.intent), in: session)
        for ((entry, _, intent), number) in zip(intents, numbers) {
            entry.state.withLock { ($0.number, $0.request) = (number, intent.line) }
        }
        return entries
    }

    /// Tells the journal what became of the elements of a batch.
    func settle(_ operations: [Operation], _ verdicts: Verdicts) {
        guard let journal = session.configuration.journal else { return }
        journal.settle(
            operations.compactMap { operation in
                guard let entry = operation.entry, let verdict = verdicts[operation.index] else { return nil }
                return entry.settled(WriteFate(operation, verdict))
            })
    }

    /// Tells the journal what became of a request that does one thing.
    func settle(_ operations: [Operation], _ entries: [WriteEntry], _ fate: (Operation) -> WriteFate) {
        guard let journal = session.configuration.journal else { return }
        journal.settle(
            zip(operations, entries).compactMap { operation, entry in entry.settled(fate(operation)) })
    }
}

extension WriteEntry {
    /// Nil where no journal knows it.
    fileprivate func settled(_ fate: WriteFate) -> SettledWrite? {
        state.withLock { state in
            state.number.map { SettledWrite(number: $0, fate: fate, served: state.served) }
        }
    }

    /// Notes when its request was answered.
    func note(_ answer: APIResponse) {
        let served = answer.header("date").flatMap { HTTPDate($0) }.map { Int64($0.time / .milliseconds(1)) }
        state.withLock { $0.served = served }
    }
}

extension WriteIntent {
    /// Tells two requests of one write apart.
    fileprivate var line: String { "\(method) \(path)" }
}

extension WriteFate {
    init(_ operation: Operation, _ verdict: Result<JSONSlice, HubSpotError>) {
        switch verdict {
        case .success(let answer): self.init(operation, answer)
        case .failure(let error): self.init(error)
        }
    }

    /// Of an answer that stands for itself, whatever its status.
    init(_ operation: Operation, _ response: APIResponse, to request: APIRequest) {
        guard response.isSuccess else {
            var error = HubSpotError(response, to: request)
            error.fateIsUnknown = error.isServersFailure
            self.init(error)
            return
        }
        let answer = JSONSlice(response.body)
        if case .other = operation.verb {
            self.init(operation, answer, recording: JSONSlice(recording: response))
        } else {
            // HubSpot's own upsert answers one record as a batch does.
            self.init(operation, answer.field("results")?.elements()?.first ?? answer)
        }
    }
}
