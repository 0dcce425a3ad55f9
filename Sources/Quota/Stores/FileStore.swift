import Dispatch
import Foundation
import GRDB
import Glibc
import Synchronization
import Waiting

/// Keeps the places in a SQLite file that all processes of this machine share.
///
/// It keeps ``QuotaState``'s records, and each call is one transaction: load, unless no other process has changed
/// anything since, let the state machine decide, save. Moments are on the boot-time clock, which all processes read
/// alike.
final class FileStore: SharedLimiterStore {
    let kind = QuotaStoreKind.file
    private let path: String
    let identity: QuotaIdentity
    let rules: QuotaRules
    let coding: QuotaRecordCoding
    private let clock: any QuotaClock
    let bootClock: BootClock
    let member = StoreMember()
    // A decision runs on its caller's thread. Where another process is in the middle of one, and where the file must be
    // opened, that waits here: never on the threads of Swift's tasks.
    private let queue = DispatchQueue(label: "quota.file")
    private let state = Mutex(State())

    private struct State {
        var file: LimiterFile?
        var known: Known?
    }

    /// The state that this process has read or written last.
    struct Known {
        /// Of the file; as long as it does not change, no other process has written.
        var version: Int64
        var clientKey: String
        var accountID: Int64?
        var state: QuotaState
    }

    /// - Parameter folder: The state folder; made when it is first needed.
    init(
        folder: String, identity: QuotaIdentity, rules: QuotaRules, clock: any QuotaClock,
        bootClock: BootClock = .system
    ) {
        path = (folder as NSString).appendingPathComponent("limiter.sqlite")
        self.identity = identity
        self.rules = rules
        coding = QuotaRecordCoding(rules.layout)
        self.clock = clock
        self.bootClock = bootClock
    }

    func link(accountID: Int64) async throws(StoreProblem) {
        let clientKey = Self.form + (await identity.clientKey())
        try await run { file, known in
            known = nil
            try file.transaction { access in try self.link(clientKey, to: accountID, access) }
        }
    }

    // MARK: A transaction

    /// Of the keys: another one with each form of the records. A program of another form has rows of its own, and each
    /// sees of the other what the answers tell.
    private static let form = "2 "

    func decide<Value: Sendable>(
        _ body: @escaping @Sendable (inout StoreDecision) -> Value
    ) async throws(StoreProblem) -> Value {
        let clientKey = Self.form + (await identity.clientKey())
        return try await run { file, last in
            try file.transaction { access in
                let session = self.clock.now
                let now = self.bootClock.now()
                var known = try self.load(clientKey, last, access, at: now)
                // Where anything goes wrong from here on, the next one reads again.
                last = nil
                var step = StoreDecision(state: known.state, now: now, session: session)
                let value = body(&step)
                try self.save(step, known, access)
                known.state = step.state
                last = known
                return value
            }
        }
    }

    /// The state as the file has it.
    private func load(
        _ clientKey: String, _ known: Known?, _ access: LimiterFile.Access, at now: Duration
    ) throws -> Known {
        let version = try access.version()
        if let known, known.version == version, known.clientKey == clientKey { return known }
        let clientRow = try access.row(clientKey)
        if let accountID = identity.accountID, clientRow.accountID != accountID {
            try link(clientKey, to: accountID, access)
        }
        let accountID = identity.accountID ?? clientRow.accountID
        let accountRow = try access.row(accountKey(clientKey, accountID))
        let state = QuotaState(
            rules, client: try clientRow.value.flatMap { try coding.client($0, at: now) } ?? ClientRecord(),
            account: try accountRow.value.flatMap { try coding.account($0, at: now) } ?? AccountRecord(),
            sharing: QuotaState.Sharing(owner: member.id))
        return Known(version: version, clientKey: clientKey, accountID: accountID, state: state)
    }

    private func save(_ step: StoreDecision, _ known: Known, _ access: LimiterFile.Access) throws {
        func client() -> [UInt8] { coding.encode(step.state.clientRecord, at: step.now) }
        func account() -> [UInt8] { coding.encode(step.state.accountRecord, at: step.now) }
        let key = accountKey(known.clientKey, known.accountID)
        switch (step.savesClient, step.savesAccount) {
        case (true, true):
            try access.write(
                client: client(), key: known.clientKey, accountID: known.accountID, account: account(), accountKey: key)
        case (true, false): try access.write(client(), key: known.clientKey, accountID: known.accountID)
        case (false, true): try access.write(account(), key: key, accountID: nil)
        case (false, false): break
        }
    }

    private func accountKey(_ clientKey: String, _ accountID: Int64?) -> String {
        Self.form + QuotaIdentity.accountKey(accountID: accountID, clientKey: clientKey, server: identity.server)
    }

    /// Writes down which account the credential belongs to, and what was counted for it so far.
    private func link(_ clientKey: String, to accountID: Int64, _ access: LimiterFile.Access) throws {
        let now = bootClock.now()
        let row = try access.row(clientKey)
        guard row.accountID != accountID else { return }
        let (old, new) = (accountKey(clientKey, row.accountID), accountKey(clientKey, accountID))
        func account(_ key: String) throws -> AccountRecord? {
            try access.row(key).value.flatMap { try coding.account($0, at: now) }
        }
        let client = try row.value.flatMap { try coding.client($0, at: now) } ?? ClientRecord()
        try access.write(coding.encode(client, at: now), key: clientKey, accountID: accountID)
        if row.accountID == nil, let counted = try account(old) {
            let merged = try account(new)?.merged(with: counted) ?? counted
            try access.write(coding.encode(merged, at: now), key: new, accountID: nil)
            try access.delete(old)
        }
    }

    /// Runs `body` with the file: at once, or on the queue where that may take longer.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (LimiterFile, inout Known?) throws -> Value
    ) async throws(StoreProblem) -> Value {
        if let result = attempt(opening: false, body) { return try result.get() }
        let end = OneShot<Result<Value, StoreProblem>>()
        queue.async {
            var tries: UInt32 = 0
            while true {
                if let result = self.attempt(opening: true, isLast: tries == 5_000, body) {
                    end.finish(result)
                    return
                }
                tries += 1
                usleep(min(tries, 10) * 100)
            }
        }
        return try await end.wait().get()
    }

    /// - Returns: Nil where it must be tried again: the file is not open, or another process is in the middle of a
    ///   decision.
    private func attempt<Value>(
        opening mayOpen: Bool, isLast: Bool = false,
        _ body: @Sendable (LimiterFile, inout Known?) throws -> Value
    ) -> Result<Value, StoreProblem>? where Value: Sendable {
        state.withLock { state in
            guard state.file != nil || mayOpen else { return nil }
            do {
                let opened = try state.file ?? LimiterFile(path, boot: bootClock.boot)
                state.file = opened
                return .success(try body(opened, &state.known))
            } catch let error as DatabaseError where error.isBusy && !isLast {
                return nil
            } catch {
                state = State()
                return .failure(StoreProblem(error, path: path))
            }
        }
    }
}
