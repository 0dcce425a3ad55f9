import Dispatch
import Foundation
import Waiting

/// Keeps the records on a Redis server that several machines share, on the server's own clock.
///
/// A decision is a compare-and-set on the records' versions: the records and the time are read, unless no other process
/// has changed anything since, the state machine decides, and what it has changed is written if it still is what was
/// read. Else it decides again. Grants are at most some 25 a second and credential, so that seldom happens.
///
/// `@unchecked Sendable`: `connection` and `known` are touched on `queue` only, which is serial; everything else is
/// constant.
final class RedisStore: SharedLimiterStore, @unchecked Sendable {
    let kind = QuotaStoreKind.redis
    let member = StoreMember()
    private let endpoint: RedisEndpoint
    let identity: QuotaIdentity
    let rules: QuotaRules
    let coding: QuotaRecordCoding
    private let clock: any QuotaClock
    /// A test's, in place of the server's.
    private let time: (@Sendable () -> Duration)?
    // Never the threads of Swift's tasks: waiting for a reply blocks.
    private let queue = DispatchQueue(label: "quota.redis")
    private var connection: RedisConnection?
    var known: Known?

    /// The state that this process has read or written last.
    struct Known {
        var keys: RecordKeys
        /// The version of each record; empty where there is none.
        var clientVersion: [UInt8] = []
        var accountVersion: [UInt8] = []
        var client = ClientRecord()
        var account = AccountRecord()
        /// As the client's record has it.
        var linked: Int64?
        var state: QuotaState?
    }

    struct RecordKeys: Equatable {
        var client: String
        var account: String
    }

    init(
        _ endpoint: RedisEndpoint, identity: QuotaIdentity, rules: QuotaRules, clock: any QuotaClock,
        time: (@Sendable () -> Duration)? = nil
    ) {
        self.endpoint = endpoint
        self.identity = identity
        self.rules = rules
        coding = QuotaRecordCoding(rules.layout)
        self.clock = clock
        self.time = time
    }

    // MARK: A decision

    func decide<Value: Sendable>(
        _ body: @escaping @Sendable (inout StoreDecision) -> Value
    ) async throws(StoreProblem) -> Value {
        let clientKey = await identity.clientKey()
        return try await run { connection throws(StoreProblem) in
            var session = self.clock.now
            var (known, now) = try self.load(clientKey, connection)
            for _ in 0..<Self.tries {
                var step = StoreDecision(
                    state: known.state ?? self.state(known), now: now, session: session)
                let value = body(&step)
                let client =
                    step.savesClient
                    ? RedisRecord(self.coding.encode(step.state.clientRecord, at: now), accountID: known.linked) : nil
                let account =
                    step.savesAccount ? RedisRecord(self.coding.encode(step.state.accountRecord, at: now)) : nil
                guard client != nil || account != nil else {
                    known.state = step.state
                    self.known = known
                    return value
                }
                session = self.clock.now
                let reply = try self.compareAndSet(
                    connection,
                    [
                        Change(key: known.keys.client, known: known.clientVersion, new: client?.bytes ?? []),
                        Change(key: known.keys.account, known: known.accountVersion, new: account?.bytes ?? []),
                    ])
                if reply.isWritten {
                    known.state = step.state
                    if let client { known.clientVersion = client.version }
                    if let account { known.accountVersion = account.version }
                    self.known = known
                    return value
                }
                now = reply.now
                try self.update(&known, reply)
                // Another process has learnt whose account it is meanwhile.
                if known.keys != self.keys(clientKey, known.linked) {
                    (known, now) = try self.load(clientKey, connection)
                }
            }
            throw StoreProblem(
                store: self.endpoint.description, reason: "other processes were faster, over and over",
                .nearerServer)
        }
    }

    static let tries = 1000

    private func state(_ known: Known) -> QuotaState {
        QuotaState(
            rules, client: known.client, account: known.account,
            sharing: QuotaState.Sharing(owner: member.id))
    }

    /// The server's records, and its time.
    private func load(_ clientKey: String, _ connection: RedisConnection) throws(StoreProblem) -> (Known, Duration) {
        var known = self.known ?? Known(keys: keys(clientKey, identity.accountID))
        self.known = nil
        if known.keys.client != clientKey { known = Known(keys: keys(clientKey, identity.accountID)) }
        while true {
            let reply = try compareAndSet(
                connection,
                [
                    Change(key: known.keys.client, known: known.clientVersion),
                    Change(key: known.keys.account, known: known.accountVersion),
                ])
            try update(&known, reply)
            if let accountID = identity.accountID, known.linked != accountID {
                try link(clientKey, to: accountID, connection)
            } else if known.keys == keys(clientKey, known.linked) {
                return (known, reply.now)
            }
            known = Known(keys: keys(clientKey, identity.accountID ?? known.linked))
        }
    }

    /// Takes over the server's records that this process did not know.
    func update(_ known: inout Known, _ reply: RedisRecordsReply) throws(StoreProblem) {
        do {
            if let record = reply.records[0] {
                (known.clientVersion, known.linked) = (record.version, record.accountID)
                known.client =
                    try record.content.flatMap { try coding.client($0, at: reply.now) } ?? ClientRecord()
            }
            if let record = reply.records[1] {
                known.accountVersion = record.version
                known.account =
                    try record.content.flatMap { try coding.account($0, at: reply.now) } ?? AccountRecord()
            }
        } catch {
            throw StoreProblem(
                store: endpoint.description, reason: "what lies there is no record of this version's",
                .deleteKeys(prefix: Self.prefix))
        }
        // The other record's state is in it alone.
        if reply.records[0] != nil || reply.records[1] != nil {
            if let state = known.state {
                if reply.records[0] == nil { known.client = state.clientRecord }
                if reply.records[1] == nil { known.account = state.accountRecord }
            }
            known.state = nil
        }
    }

    // MARK: The server

    /// Of every key. Another number with each form of the records: a program of another form has keys of its own, and
    /// each sees of the other what the answers tell.
    private static let prefix = "moonspot:2:"
    /// For how long keys are kept, in milliseconds: a day and half a one.
    static let kept = "129600000"

    func clientName(_ clientKey: String) -> String { "\(Self.prefix){\(clientKey)}" }

    func keys(_ clientKey: String, _ accountID: Int64?) -> RecordKeys {
        let client = clientName(clientKey)
        let server = identity.server.map { "\($0):" } ?? ""
        return RecordKeys(
            client: client, account: accountID.map { "\(Self.prefix)portal:\(server)\($0)" } ?? client + ":account")
    }

    /// A record as it is known, and as it shall be.
    struct Change {
        var key: String
        var known: [UInt8]
        var new: [UInt8] = []
    }

    /// On `queue`.
    func compareAndSet(_ connection: RedisConnection, _ changes: [Change]) throws(StoreProblem) -> RedisRecordsReply {
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
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (RedisConnection) throws(StoreProblem) -> Value
    ) async throws(StoreProblem) -> Value {
        let end = OneShot<Result<Value, StoreProblem>>()
        queue.async {
            do throws(StoreProblem) {
                end.finish(.success(try body(self.connected())))
            } catch {
                (self.connection, self.known) = (nil, nil)
                end.finish(.failure(error))
            }
        }
        return try await end.wait().get()
    }

    /// On `queue`.
    private func connected() throws(StoreProblem) -> RedisConnection {
        if let connection { return connection }
        let opened = try RedisConnection(endpoint)
        connection = opened
        return opened
    }
}
