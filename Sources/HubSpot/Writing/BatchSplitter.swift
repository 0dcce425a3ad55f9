import JSON

/// What becomes of the records of a batch that HubSpot may refuse as a whole because of some of them.
///
/// Where the refusal names the culprits, they go alone and the others as one batch again; where it does not, the batch
/// is halved until each culprit stands alone. A batch in which every eighth is refused is not halved further: it costs
/// fewer requests to ask for each record by itself.
struct BatchSplitter: Sendable {
    enum Attempt: Sendable {
        case answered(Verdicts)
        /// Nothing of it was done.
        case refused(HubSpotError)
    }

    /// Pieces on their way at a time.
    let concurrency: Int
    /// Whether two of the records may turn out to be one, so that the parts keep the list's order.
    var keepsOrder = false
    let send: @Sendable ([Operation]) async -> Attempt
    let sendAlone: @Sendable (Operation) async -> Result<JSONSlice, HubSpotError>

    /// How many refusals are read for names: one that names a culprit after another goes on for ever.
    private static let namings = 4
    private static let hopeless = 8

    private struct Outcome: Sendable {
        var verdicts: Verdicts = [:]
        var refused: (piece: [Operation], error: HubSpotError)?
    }

    /// Answers the fate of each input, by its index.
    func settle(_ pieces: [[Operation]]) async -> Verdicts {
        if keepsOrder {
            var verdicts: Verdicts = [:]
            for piece in pieces { verdicts.merge(await settleInOrder(piece)) { $1 } }
            return verdicts
        }
        let outcomes = await concurrently(pieces) { Outcome(verdicts: await settle(whole: $0)) }
        return outcomes.reduce(into: [:]) { $0.merge($1.verdicts) { $1 } }
    }

    /// One request after another: a piece that is refused is halved, and the first half settled before the second.
    private func settleInOrder(_ inputs: [Operation]) async -> Verdicts {
        var verdicts: Verdicts = [:]
        var pieces = [inputs]
        while let piece = pieces.popLast(), let first = piece.first {
            if piece.count == 1 {
                verdicts[first.index] = await sendAlone(first)
                continue
            }
            switch await send(piece) {
            case .answered(let answers): verdicts.merge(answers) { $1 }
            case .refused:
                let middle = piece.count / 2
                pieces += [Array(piece[middle...]), Array(piece[..<middle])]
            }
        }
        return verdicts
    }

    private func settle(whole inputs: [Operation]) async -> Verdicts {
        var verdicts: Verdicts = [:]
        var pieces = [inputs]
        var round = 0
        while !pieces.isEmpty {
            let outcomes = await concurrently(pieces) { piece in
                if piece.count == 1 { return Outcome(verdicts: [piece[0].index: await sendAlone(piece[0])]) }
                switch await send(piece) {
                case .answered(let verdicts): return Outcome(verdicts: verdicts)
                case .refused(let error): return Outcome(refused: (piece, error))
                }
            }
            for outcome in outcomes { verdicts.merge(outcome.verdicts) { $1 } }
            let refused = outcomes.compactMap(\.refused)
            let isHopeless = refused.count == pieces.count && refused.count >= Self.hopeless
            pieces = refused.flatMap { piece, error in
                isHopeless ? piece.map { [$0] } : Self.parts(of: piece, error, readsNames: round < Self.namings)
            }
            round += 1
        }
        return verdicts
    }

    private static func parts(of piece: [Operation], _ error: HubSpotError, readsNames: Bool) -> [[Operation]] {
        let named = readsNames ? error.culprits(among: piece) : []
        if !named.isEmpty, named.count * 2 <= piece.count {
            return [piece.filter { !named.contains($0.index) }] + piece.filter { named.contains($0.index) }.map { [$0] }
        }
        let middle = piece.count / 2
        return [Array(piece[..<middle]), Array(piece[middle...])]
    }

    /// Runs `body` over the pieces, some at a time. Once a failure says that no later request can succeed, the pieces
    /// not begun fail with it unsent.
    private func concurrently(
        _ pieces: [[Operation]], _ body: @escaping @Sendable ([Operation]) async -> Outcome
    ) async -> [Outcome] {
        if pieces.count == 1 { return [await body(pieces[0])] }
        return await withTaskGroup(of: Outcome.self) { group in
            var outcomes: [Outcome] = []
            var waiting = pieces[...]
            var stop: HubSpotError?
            func begin() {
                guard stop == nil, let piece = waiting.popFirst() else { return }
                group.addTask { await body(piece) }
            }
            for _ in 0..<min(max(1, concurrency), pieces.count) { begin() }
            while let outcome = await group.next() {
                outcomes.append(outcome)
                if stop == nil {
                    for case .failure(let error) in outcome.verdicts.values where error.endsBatch { stop = error }
                }
                begin()
            }
            guard var stop else { return outcomes }
            stop.fateIsUnknown = false
            stop.message = "not sent, since an earlier request failed: \(stop.message)"
            let unsent = waiting.joined().map { ($0.index, Result<JSONSlice, HubSpotError>.failure(stop)) }
            return outcomes + [Outcome(verdicts: Dictionary(uniqueKeysWithValues: unsent))]
        }
    }
}

extension HubSpotError {
    /// The inputs that a refusal of a whole batch names: by their id, address or trace id, else by one of their values.
    /// Empty where it names none. It may be wrong about one, which costs a request and changes no result.
    func culprits(among inputs: [Operation]) -> Set<Int> {
        var words: Set<Substring> = []
        func read(_ text: String) {
            words.formUnion(text.split { !($0.isLetter || $0.isNumber || "@._+-".contains($0)) })
            words.formUnion(
                text.split { !($0.isLetter || $0.isNumber || "@._+-".contains($0)) }.map { $0.lowercased()[...] })
        }
        func walk(_ value: JSONValue) {
            switch value {
            case .string(let text): read(text)
            case .array(let list): list.forEach(walk)
            case .object(let members): members.map(\.value).forEach(walk)
            default: break
            }
        }
        read(message)
        errors.forEach(walk)
        if let context { walk(context) }
        let named = inputs.filter { input in
            words.contains(input.traceID[...]) || input.key.map { words.contains($0.value[...]) } ?? false
        }
        if !named.isEmpty { return Set(named.map(\.index)) }
        return Set(
            inputs.filter { input in
                input.properties.entries.contains { $0.value.utf8.count >= 3 && words.contains($0.value[...]) }
            }.map(\.index))
    }
}
