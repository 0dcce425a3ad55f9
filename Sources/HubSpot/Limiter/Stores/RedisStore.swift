import Dispatch
import Foundation

/// Keeps the records on a Redis server that several machines share, on the server's own clock.
///
/// A decision is a compare-and-set on the records' versions: the records and the time are read, unless nobody has changed
/// anything since, the state machine decides, and what it has changed is written if it still is what was read. Else it
/// decides again. Grants are at most some 25 a second and token, so that seldom happens.
///
/// `@unchecked Sendable`: `connection` and `known` are touched on `queue` only, which is serial; everything else is
/// constant.
final class RedisStore: SharedLimiterStore, @unchecked Sendable {
    let kind = LimitsState.StoreKind.redis
    let member = StoreMember()
    private let endpoint: RedisEndpoint
    private let identity: LimiterIdentity
    private let quota: QuotaSpecification
    private let reserve: Double
    private let clock: any SessionClock
    /// A test's, in place of the server's.
    private let time: (@Sendable () -> Duration)?
    // Never the threads of Swift's tasks: waiting for a reply blocks.
    private let queue = DispatchQueue(label: "moonspot.limiter.redis")
    private var connection: RedisConnection?
    private var known: Known?

    /// What this process has read or written last.
    private struct Known {
        var keys: RecordKeys
        /// The version of each record; empty where there is none.
        var tokenVersion: [UInt8] = []
        var accountVersion: [UInt8] = []
        var token = TokenRecord()
        var account = AccountRecord()
        /// As the token's record has it.
        var linked: Int64?
        var state: LimiterState?
    }

    private struct RecordKeys: Equatable {
        var token: String
        var account: String
    }

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

    // MARK: A decision

    func decide<Value: Sendable>(
        _ body: @escaping @Sendable (inout StoreDecision) -> Value
    ) async throws(StoreProblem) -> Value {
        let tokenKey = await identity.tokenKey()
        return try await run { connection throws(StoreProblem) in
            var session = self.clock.now
            var (known, now) = try self.load(tokenKey, connection)
            for _ in 0..<Self.tries {
                var step = StoreDecision(
                    state: known.state ?? self.state(known), now: now, session: session)
                let value = body(&step)
                let token = step.savesToken ? RedisRecord(step.state.tokenRecord, portalID: known.linked, at: now) : nil
                let account = step.savesAccount ? RedisRecord(step.state.accountRecord, at: now) : nil
                guard token != nil || account != nil else {
                    known.state = step.state
                    self.known = known
                    return value
                }
                session = self.clock.now
                let reply = try self.exchange(
                    connection,
                    [
                        Change(key: known.keys.token, known: known.tokenVersion, new: token?.bytes ?? []),
                        Change(key: known.keys.account, known: known.accountVersion, new: account?.bytes ?? []),
                    ])
                if reply.isWritten {
                    known.state = step.state
                    if let token { known.tokenVersion = token.version }
                    if let account { known.accountVersion = account.version }
                    self.known = known
                    return value
                }
                now = reply.now
                try self.update(&known, reply)
                // Another process has learnt whose account it is meanwhile.
                if known.keys != self.keys(tokenKey, known.linked) {
                    (known, now) = try self.load(tokenKey, connection)
                }
            }
            throw StoreProblem(
                store: self.endpoint.description, reason: "other processes were faster, over and over",
                advice: "choose a server that is nearer, or --store file")
        }
    }

    private static let tries = 1000

    private func state(_ known: Known) -> LimiterState {
        LimiterState(
            quota: quota, reserve: reserve, token: known.token, account: known.account,
            sharing: LimiterState.Sharing(owner: member.id))
    }

    /// What lies on the server, and its time.
    private func load(_ tokenKey: String, _ connection: RedisConnection) throws(StoreProblem) -> (Known, Duration) {
        var known = self.known ?? Known(keys: keys(tokenKey, identity.portalID))
        self.known = nil
        if known.keys.token != tokenKey { known = Known(keys: keys(tokenKey, identity.portalID)) }
        while true {
            let reply = try exchange(
                connection,
                [
                    Change(key: known.keys.token, known: known.tokenVersion),
                    Change(key: known.keys.account, known: known.accountVersion),
                ])
            try update(&known, reply)
            if let portalID = identity.portalID, known.linked != portalID {
                try link(tokenKey, to: portalID, connection)
            } else if known.keys == keys(tokenKey, known.linked) {
                return (known, reply.now)
            }
            known = Known(keys: keys(tokenKey, identity.portalID ?? known.linked))
        }
    }

    /// Takes over what the server had that this process did not know.
    private func update(_ known: inout Known, _ reply: RedisRecordsReply) throws(StoreProblem) {
        do {
            if let record = reply.records[0] {
                (known.tokenVersion, known.linked) = (record.version, record.portalID)
                known.token =
                    try record.content.flatMap { try LimiterRecordCoding.token($0, at: reply.now) } ?? TokenRecord()
            }
            if let record = reply.records[1] {
                known.accountVersion = record.version
                known.account =
                    try record.content.flatMap { try LimiterRecordCoding.account($0, at: reply.now) } ?? AccountRecord()
            }
        } catch {
            throw StoreProblem(
                store: endpoint.description, reason: "what lies there is no record of this moonspot's",
                advice: "delete the keys that begin with \(Self.prefix), or choose another database")
        }
        // What the state has become of the other record is in it alone.
        if reply.records[0] != nil || reply.records[1] != nil {
            if let state = known.state {
                if reply.records[0] == nil { known.token = state.tokenRecord }
                if reply.records[1] == nil { known.account = state.accountRecord }
            }
            known.state = nil
        }
    }

    func link(portalID: Int64) async throws(StoreProblem) {
        let tokenKey = await identity.tokenKey()
        try await run { connection throws(StoreProblem) in
            self.known = nil
            try self.link(tokenKey, to: portalID, connection)
        }
    }

    private func link(_ tokenKey: String, to portalID: Int64, _ connection: RedisConnection) throws(StoreProblem) {
        for _ in 0..<Self.tries {
            var known = Known(keys: keys(tokenKey, nil))
            let reply = try exchange(
                connection, [Change(key: known.keys.token, known: []), Change(key: known.keys.account, known: [])])
            try update(&known, reply)
            guard known.linked != portalID else { return }
            var theirs = Known(keys: keys(tokenKey, portalID))
            let account = try exchange(
                connection,
                [Change(key: known.keys.token, known: known.tokenVersion), Change(key: theirs.keys.account, known: [])])
            guard account.records[0] == nil else { continue }
            try update(&theirs, account)
            let token = RedisRecord(known.token, portalID: portalID, at: account.now)
            // What was counted under the token goes along, unless it belonged to another account.
            let moves = known.linked == nil && !known.accountVersion.isEmpty
            let merged = RedisRecord(theirs.account.merged(with: known.account), at: account.now)
            let written = try exchange(
                connection,
                [
                    Change(key: known.keys.token, known: known.tokenVersion, new: token.bytes),
                    Change(key: theirs.keys.account, known: theirs.accountVersion, new: moves ? merged.bytes : []),
                    Change(key: known.keys.account, known: known.accountVersion, new: moves ? Array("gone".utf8) : []),
                ])
            if written.isWritten { return }
        }
    }

    // MARK: Who shares

    func announce(_ presence: LimiterPresence?) async throws(StoreProblem) {
        let key = Array((tokenName(await identity.tokenKey()) + ":members").utf8)
        let field = Array(String(member.id).utf8)
        var presence = presence
        presence?.host = Self.host
        try await run { [presence] connection throws(StoreProblem) in
            let now = try self.exchange(connection, []).now
            for told in try self.told(connection, key) where told.presence?.member(at: now) == nil {
                _ = try connection.send([Array("HDEL".utf8), key, told.field])
            }
            guard let presence else {
                _ = try connection.send([Array("HDEL".utf8), key, field])
                return
            }
            let bytes = ToldPresence(presence, at: now).bytes
            if case .error(let text) = try connection.send([Array("HSET".utf8), key, field, bytes]) {
                throw connection.refused(text)
            }
            _ = try connection.send([Array("PEXPIRE".utf8), key, Array(Self.kept.utf8)])
        }
    }

    func members() async throws(StoreProblem) -> [LimiterMember] {
        let key = Array((tokenName(await identity.tokenKey()) + ":members").utf8)
        return try await run { connection throws(StoreProblem) in
            let now = try self.exchange(connection, []).now
            return try self.told(connection, key).compactMap { $0.presence?.member(at: now) }
        }
    }

    private func told(
        _ connection: RedisConnection, _ key: [UInt8]
    ) throws(StoreProblem) -> [(field: [UInt8], presence: ToldPresence?)] {
        let reply = try connection.send([Array("HGETALL".utf8), key])
        if case .error(let text) = reply { throw connection.refused(text) }
        let list = reply.list ?? []
        return stride(from: 0, to: list.count - 1, by: 2).map {
            (list[$0].bytes ?? [], list[$0 + 1].bytes.flatMap { ToldPresence($0) })
        }
    }

    /// Processes of several machines share.
    private static let host = ProcessInfo.processInfo.hostName

    // MARK: The server

    /// Of every key. Another number with each form of the records: a moonspot of another form has keys of its own, and each
    /// sees of the other what HubSpot's headers tell.
    private static let prefix = "moonspot:2:"
    /// For how long keys are kept, in milliseconds: a day and half a one.
    private static let kept = "129600000"

    private func tokenName(_ tokenKey: String) -> String { "\(Self.prefix){\(tokenKey)}" }

    private func keys(_ tokenKey: String, _ portalID: Int64?) -> RecordKeys {
        let token = tokenName(tokenKey)
        let server = identity.server.map { "\($0):" } ?? ""
        return RecordKeys(
            token: token, account: portalID.map { "\(Self.prefix)portal:\(server)\($0)" } ?? token + ":account")
    }

    /// A record, what is known of it, and what shall become of it.
    private struct Change {
        var key: String
        var known: [UInt8]
        var new: [UInt8] = []
    }

    /// On `queue`.
    private func exchange(_ connection: RedisConnection, _ changes: [Change]) throws(StoreProblem) -> RedisRecordsReply
    {
        let keys = [Self.prefix + "clock"] + changes.map(\.key)
        let time = time.map { String($0().microsecondsUp) } ?? ""
        let arguments = [Array(time.utf8), Array(Self.kept.utf8)] + changes.flatMap { [$0.known, $0.new] }
        let rest = [Array(String(keys.count).utf8)] + keys.map { Array($0.utf8) } + arguments
        var reply = try connection.send([Array("EVALSHA".utf8), Array(RedisScript.digest.utf8)] + rest)
        if case .error(let text) = reply, text.hasPrefix("NOSCRIPT") {
            reply = try connection.send([Array("EVAL".utf8), Array(RedisScript.source.utf8)] + rest)
        }
        if case .error(let text) = reply { throw connection.refused(text) }
        guard let answer = RedisRecordsReply(reply, records: changes.count) else {
            throw connection.refused("an answer that makes no sense")
        }
        return answer
    }

    /// Runs `body` on `queue` with the connection, opened where there is none.
    private func run<Value: Sendable>(
        _ body: @escaping @Sendable (RedisConnection) throws(StoreProblem) -> Value
    ) async throws(StoreProblem) -> Value {
        let result: Result<Value, StoreProblem> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(StoreProblem) {
                    continuation.resume(returning: .success(try body(self.connected())))
                } catch {
                    (self.connection, self.known) = (nil, nil)
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
}
