import Dispatch
import Foundation

/// Keeps the places on a Redis server that several machines share: one atomic script for each decision, on the server's
/// own clock.
///
/// `@unchecked Sendable`: `connection` is touched on `queue` only, which is serial; everything else is constant.
final class RedisStore: SharedLimiterStore, @unchecked Sendable {
    let kind = LimitsState.StoreKind.redis
    private let endpoint: RedisEndpoint
    private let identity: LimiterIdentity
    private let quota: QuotaSpecification
    private let reserve: Double
    private let clock: any SessionClock
    /// A test's, in place of the server's.
    private let time: (@Sendable () -> Duration)?
    private let member = StoreMember()
    // Never the threads of Swift's tasks: waiting for a reply blocks.
    private let queue = DispatchQueue(label: "moonspot.limiter.redis")
    private var connection: RedisConnection?

    init(
        _ endpoint: RedisEndpoint, identity: LimiterIdentity, quota: QuotaSpecification?, reserve: Double,
        clock: any SessionClock, time: (@Sendable () -> Duration)? = nil
    ) {
        self.endpoint = endpoint
        self.identity = identity
        self.quota = quota ?? QuotaSpecification()
        self.reserve = reserve
        self.clock = clock
        self.time = time
    }

    func take(_ demand: LimiterDemand) async throws(StoreProblem) -> LimiterDecision {
        var input = RedisInput("take", demand.lanes, quota)
        let id = member.nextPermit()
        input.id = String(id)
        input.typed = demand.priority == .typed
        input.lifetime = demand.lifetime.microsecondsUp
        input.reserve = reserve
        input.owner = String(member.id)
        let sharing = LimiterState.Sharing(owner: member.id)
        input.poll = sharing.poll.microsecondsUp
        input.grace = sharing.grace.microsecondsUp
        input.polite = sharing.politePoll.microsecondsUp
        // Taken before: the permit is as old as this at most.
        let before = clock.now
        let reply = try await run(input)
        switch reply.verdict {
        case "granted":
            return .granted(
                LimiterPermit(
                    id: id, lanes: demand.lanes, grantedAt: before, burstSequence: Int(reply[2]), daySequence: Int(reply[3]),
                    ownBurstPlaces: Int(reply[4]), pressure: Double(reply[5]) / 1000))
        case "wait": return .wait(until: clock.now + reply.left(2))
        default:
            var day = DayRecord()
            if reply[2] >= 0 { day.resetsAt = clock.now + reply.left(2) }
            let state = LimiterState(
                quota: quota, reserve: reserve, token: TokenRecord(), account: AccountRecord(day: day), sharing: nil)
            return .refused(state.dayIsOver(isReserved: reply.verdict == "reserved", at: clock.now))
        }
    }

    func settle(_ permit: LimiterPermit, _ outcome: LimiterOutcome) async throws(StoreProblem) -> [LimiterNotice] {
        var input = RedisInput("settle", permit.lanes, quota)
        input.id = String(permit.id)
        input.own = permit.ownBurstPlaces
        input.burstTaken = permit.burstSequence
        input.dayTaken = permit.daySequence
        var closed: (Lane, Duration)?
        switch outcome {
        case .unanswered: return []
        case .unsent: input.outcome = "unsent"
        case .answered(let observation):
            input.limit = observation.limit
            input.window = observation.window?.microsecondsUp
            input.remaining = observation.remaining
            input.dailyLimit = observation.dailyLimit
            input.dailyRemaining = observation.dailyRemaining
            switch observation.refusal?.scope {
            case .lane(let lane):
                let wait = observation.refusal?.wait ?? .seconds(10)
                input.refused = lane.description
                input.wait = wait.microsecondsUp
                closed = (lane, wait)
            case .day: input.refused = "day"
            case nil: break
            }
        }
        let reply = try await run(input)
        guard let closed, reply[2] == 1 else { return [] }
        return [.closed(closed.0, for: closed.1)]
    }

    func learn(portalID: Int64, dayEndsAt instant: Duration?) async throws(StoreProblem) {
        var input = RedisInput("learn", [], quota)
        input.portal = String(portalID)
        input.dayLeft = instant.map { max(.zero, $0 - clock.now).microsecondsUp }
        _ = try await run(input)
    }

    func adopt(_ places: [Lane: Int]) async throws(StoreProblem) {
        var input = RedisInput("adopt", [], quota)
        input.places = Dictionary(uniqueKeysWithValues: places.map { ($0.key.description, $0.value) })
        _ = try await run(input)
    }

    func announce(_ presence: LimiterPresence?) async throws(StoreProblem) {
        var input = RedisInput("announce", [], quota)
        input.id = String(member.id)
        input.patience = LimiterMember.patience.microsecondsUp
        var presence = presence
        presence?.host = Self.host
        input.presence = presence.map { String(decoding: $0.json, as: UTF8.self) }
        _ = try await run(input)
    }

    func members() async throws(StoreProblem) -> [LimiterMember] {
        var input = RedisInput("members", [], quota)
        input.patience = LimiterMember.patience.microsecondsUp
        let list = try await run(input).list
        return stride(from: 2, to: list.count - 1, by: 2).compactMap { index in
            guard let text = list[index + 1].text, let presence = LimiterPresence(json: text.utf8) else { return nil }
            return LimiterMember(presence: presence, age: .microseconds(list[index].integer ?? 0))
        }
    }

    /// Processes of several machines share.
    private static let host = ProcessInfo.processInfo.hostName

    func snapshot() async throws(StoreProblem) -> LimiterSnapshot {
        var (state, now) = try await read()
        return state.snapshot(at: now).shifted(by: clock.now - now)
    }

    func burstFree(_ count: Int) async throws(StoreProblem) -> Duration? {
        var (state, now) = try await read()
        let moment = state.burstFree(count, at: now)
        return moment.map { clock.now + ($0 - now) }
    }

    /// Everything, and the server's time.
    private func read() async throws(StoreProblem) -> (LimiterState, Duration) {
        let reply = try await run(RedisInput("read", [], quota))
        let records = reply.records
        let state = LimiterState(
            quota: quota, reserve: reserve, token: records.token, account: records.account, sharing: nil)
        return (state, .microseconds(reply.now))
    }

    // MARK: One round trip

    private func run(_ input: RedisInput) async throws(StoreProblem) -> RedisAnswer {
        let tokenKey = "moonspot:1:{\(await identity.tokenKey())}"
        var input = input
        input.accounts = "moonspot:1:portal:" + (identity.server.map { "\($0):" } ?? "")
        if input.portal == nil { input.portal = identity.portalID.map { String($0) } }
        input.now = time?().microsecondsUp
        let json = input.json
        let result: Result<RedisAnswer, StoreProblem> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(StoreProblem) {
                    let connection = try self.connected()
                    let answer = try self.evaluate(connection, [tokenKey, "moonspot:1:clock"], json)
                    continuation.resume(returning: .success(answer))
                } catch {
                    self.connection = nil
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// On `queue`.
    private func connected() throws(StoreProblem) -> RedisConnection {
        if let connection { return connection }
        let opened = try RedisConnection(endpoint)
        connection = opened
        return opened
    }

    /// The script by its digest; in full where the server does not know it yet.
    private func evaluate(
        _ connection: RedisConnection, _ keys: [String], _ json: [UInt8]
    ) throws(StoreProblem) -> RedisAnswer {
        let rest = [Array(String(keys.count).utf8)] + keys.map { Array($0.utf8) } + [json]
        var reply = try connection.send([Array("EVALSHA".utf8), Array(RedisScript.digest.utf8)] + rest)
        if case .error(let text) = reply, text.hasPrefix("NOSCRIPT") {
            reply = try connection.send([Array("EVAL".utf8), Array(RedisScript.source.utf8)] + rest)
        }
        switch reply {
        case .list(let list) where list.count >= 2: return RedisAnswer(list: list)
        case .error(let text) where text.contains("a newer moonspot wrote"):
            throw StoreProblem(
                store: endpoint.description, reason: "a newer moonspot wrote what lies there",
                advice: "update this one, or give it another database")
        case .error(let text): throw connection.refused(text)
        default: throw connection.refused("an answer that makes no sense")
        }
    }
}

/// What the script is asked.
private struct RedisInput: Encodable {
    var operation: String
    var lanes: [String]
    var day: Bool
    /// `[count, window]`, count 0 where there is no limit.
    var rules: [String: [Int64]]
    var burstGiven: Bool
    /// Nil: none given; 0: no limit.
    var dayLimit: Int?
    var accounts = ""
    var portal: String?
    var now: Int64?
    var id: String?
    var typed: Bool?
    var lifetime: Int64?
    var reserve: Double?
    var owner: String?
    var poll: Int64?
    var grace: Int64?
    var polite: Int64?
    var outcome: String?
    var own: Int?
    var burstTaken: Int?
    var dayTaken: Int?
    var limit: Int?
    var window: Int64?
    var remaining: Int?
    var dailyLimit: Int?
    var dailyRemaining: Int?
    var refused: String?
    var wait: Int64?
    var dayLeft: Int64?
    var places: [String: Int]?
    var presence: String?
    var patience: Int64?

    init(_ operation: String, _ lanes: LaneSet, _ quota: QuotaSpecification) {
        self.operation = operation
        self.lanes = lanes.windows.map(\.description)
        day = lanes.contains(.day)
        rules = Dictionary(
            uniqueKeysWithValues: Lane.allCases.map { lane in
                switch quota[lane] ?? lane.standard {
                case .unlimited: (lane.description, [0, 10_000_000])
                case .limited(let count, let window): (lane.description, [Int64(count), window.microsecondsUp])
                }
            })
        burstGiven = quota.burst != nil
        switch quota.daily {
        case nil: break
        case .unlimited: dayLimit = 0
        case .limited(let count): dayLimit = count
        }
    }

    var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        // Strings and numbers only: encoding them cannot fail.
        return (try? encoder.encode(self)).map { Array($0) } ?? []
    }
}

/// What the script answers: a word, the server's time, and what belongs to the word.
private struct RedisAnswer: Sendable {
    let list: [RedisReply]

    var verdict: String { list[0].text ?? "" }
    /// In microseconds.
    var now: Int64 { list[1].integer ?? 0 }

    subscript(_ index: Int) -> Int64 { index < list.count ? list[index].integer ?? 0 : 0 }

    /// How long it is until the moment there.
    func left(_ index: Int) -> Duration { .microseconds(self[index] - now) }

    /// The answer to `read`.
    var records: (token: TokenRecord, account: AccountRecord) {
        func numbers(_ reply: RedisReply?) -> [Int64] { reply?.list?.map { $0.integer ?? 0 } ?? [] }
        func places(_ reply: RedisReply?) -> [LaneRecord.Place] {
            let flat = numbers(reply)
            return stride(from: 0, to: flat.count - 1, by: 2).map {
                LaneRecord.Place(at: .microseconds(flat[$0]), count: Int(flat[$0 + 1]))
            }
        }
        func lane(_ index: Int) -> LaneRecord {
            guard index < list.count, let parts = list[index].list, parts.count == 6 else { return LaneRecord() }
            var record = LaneRecord()
            record.taken = Int(parts[0].integer ?? 0)
            record.horizon = .microseconds(parts[1].integer ?? 0)
            if let closed = parts[2].integer, closed >= 0 { record.closedUntil = .microseconds(closed) }
            let unanswered = parts[3].list ?? []
            for index in stride(from: 0, to: unanswered.count - 1, by: 2) {
                guard let id = unanswered[index].text.flatMap({ UInt64($0) }) else { continue }
                record.unanswered.append(.init(id: id, deadline: .microseconds(unanswered[index + 1].integer ?? 0)))
            }
            record.answered = places(parts[4])
            record.foreign = places(parts[5])
            return record
        }
        var token = TokenRecord()
        (token.burst, token.associations, token.forms) = (lane(2), lane(4), lane(5))
        let learnt = numbers(list.count > 6 ? list[6] : nil)
        if learnt.count == 2, learnt[0] > 0 { token.learnt = .limited(count: Int(learnt[0]), per: .microseconds(learnt[1])) }
        var account = AccountRecord()
        account.search = lane(3)
        let day = numbers(list.count > 7 ? list[7] : nil)
        if day.count == 7 {
            account.day = DayRecord(
                limit: day[0] >= 0 ? Int(day[0]) : nil, remaining: day[1] == 1 ? Int(day[2]) : nil, counted: Int(day[3]),
                taken: Int(day[4]), resetsAt: day[5] >= 0 ? .microseconds(day[5]) : nil,
                closedUntil: day[6] >= 0 ? .microseconds(day[6]) : nil)
        }
        return (token, account)
    }
}

extension Duration {
    /// Rounded up: no wait and no place is shorter for it.
    fileprivate var microsecondsUp: Int64 {
        components.seconds * 1_000_000 + (components.attoseconds + 999_999_999_999) / 1_000_000_000_000
    }
}
