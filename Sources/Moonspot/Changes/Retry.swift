import HubSpot
import JSON
import Journal

/// Makes writes of a run once more.
struct Retry: Sendable {
    struct Item: Sendable, Equatable {
        enum Verdict: String, Sendable {
            case planned, done, failed, unknown
            /// The run has set the same since: to make it again would take that back.
            case left
            /// It was carried out the first time.
            case wasDone = "was_done"
        }

        var write: Write
        var verdict: Verdict
        var error: String?
    }

    let journal: Journal
    let run: Int64
    let session: Session
    /// Where the retry's own writes are kept.
    let own: RunJournal?

    /// Records at a time: what is written at one time travels together.
    private static let atOnce = 1_000

    /// Writes to one record go in their order, those to different ones at one time.
    func perform(_ writes: [Write]) async throws(HubSpotError) -> [Item] {
        var lanes: [(key: String, writes: [Write])] = []
        var places: [String: Int] = [:]
        for write in writes {
            if let place = places[write.laneKey] {
                lanes[place].writes.append(write)
            } else {
                places[write.laneKey] = lanes.count
                lanes.append((write.laneKey, [write]))
            }
        }
        let outcome = await withTaskGroup(of: Result<[Item], HubSpotError>.self) { group in
            var rest = lanes[...]
            func next() {
                guard let lane = rest.popFirst() else { return }
                group.addTask { await perform(lane: lane.writes) }
            }
            for _ in 0..<Self.atOnce { next() }
            var items: [Item] = []
            while let result = await group.next() {
                switch result {
                case .success(let done): items += done
                case .failure(let error):
                    group.cancelAll()
                    return Result<[Item], HubSpotError>.failure(error)
                }
                next()
            }
            return .success(items.sorted { $0.write.number < $1.write.number })
        }
        return try outcome.get()
    }

    private func perform(lane: [Write]) async -> Result<[Item], HubSpotError> {
        var items: [Item] = []
        for write in lane {
            do throws(HubSpotError) {
                items.append(try await perform(write))
            } catch {
                return .failure(error)
            }
        }
        return .success(items)
    }

    /// The writes that are worth making again, and those that a later one of the run has made needless.
    /// - Parameter writes: All of the run, in their order.
    static func survey(_ writes: [Write]) -> [Item] {
        var later: [String: (names: Set<String>, number: Int64)] = [:]
        var items: [Item] = []
        for write in writes.reversed() {
            if write.fate == .done, [.update, .upsert, .create].contains(write.action) {
                let known = later[write.laneKey]
                later[write.laneKey] = (write.sentNames.union(known?.names ?? []), known?.number ?? write.number)
            }
            guard write.isWorthRetrying else { continue }
            var item = Item(write: write, verdict: .planned)
            if [.update, .upsert].contains(write.action), let known = later[write.laneKey],
                let name = write.sentNames.intersection(known.names).sorted().first
            {
                item.verdict = .left
                item.error = "write \(known.number) of the run has set \(name) since"
            }
            items.append(item)
        }
        return items.reversed()
    }

    private func perform(_ write: Write) async throws(HubSpotError) -> Item {
        var item = Item(write: write, verdict: .done)
        var settlement: Settlement
        switch await session.repeat(KeptWrite(write)) {
        case .wasDone(let fate):
            item.verdict = .wasDone
            settlement = Settlement(write.number, fate)
        case .done(let fate): settlement = Settlement(write.number, fate)
        case .failed(let error):
            // The session's own failure would be that of all others too.
            if [.cancelled, .unauthenticated, .readOnly, .dailyLimit, .notConfirmed].contains(error.kind) {
                throw error
            }
            item.verdict = error.fateIsUnknown ? .unknown : .failed
            item.error = "\(error.kind.rawValue): \(error.message)"
            settlement = Settlement(write.number, error.fateIsUnknown ? .unknown(error) : .failed(error))
        case .unknown:
            item.verdict = .unknown
            item.error = "nothing tells whether it was carried out; look in HubSpot"
            return item
        }
        // Only an item of a checkpoint asks for it again.
        if write.step == nil { settlement.answer = nil }
        do throws(JournalProblem) {
            try await journal.markRetried(settlement, of: run, by: item.verdict == .wasDone ? nil : own?.id)
        } catch {
            throw HubSpotError(.unavailable, error.words())
        }
        return item
    }
}

extension Write {
    /// It failed, or may not have been done, and was not taken up again.
    fileprivate var isWorthRetrying: Bool { fate != .done && undoneBy == nil }

    /// The properties that it sets.
    fileprivate var sentNames: Set<String> {
        let body = sent.map { JSONSlice($0) }
        let properties = body?.field("properties") ?? body?.field("inputs")?.elements()?.first?.field("properties")
        return Set((properties?.fields() ?? []).map(\.name))
    }

    /// What the writes to one record have in common.
    fileprivate var laneKey: String {
        if let other { return "\(type ?? "") \(id ?? "") \(other.type) \(other.id)" }
        return id.map { "\(type ?? "") \($0)" } ?? (action == .create || action == .submit ? "\(number)" : path)
    }
}

extension KeptWrite {
    fileprivate init(_ write: Write) {
        self.init(
            method: write.method, path: write.path,
            action: WriteIntent.Action(rawValue: write.action.rawValue) ?? .other,
            type: write.type, id: write.id, other: write.other.map { ($0.type, $0.id) }, body: write.sent, at: write.at,
            isUnknown: write.fate != .failed)
    }
}
