import Dispatch
import Foundation
import GRDB

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Keeps the places in a SQLite file that all processes of this machine share.
///
/// What is kept are ``LimiterState``'s records, and each call is one transaction: load, unless nobody else has changed
/// anything since, let the state machine decide, save. Moments are on the boot-time clock, which all processes read alike.
///
/// `@unchecked Sendable`: `file` and `known` are touched under `lock` only; everything else is constant.
final class FileStore: SharedLimiterStore, @unchecked Sendable {
    let kind = LimitsState.StoreKind.file
    private let path: String
    private let identity: LimiterIdentity
    private let quota: QuotaSpecification
    private let reserve: Double
    private let clock: any SessionClock
    private let bootClock: BootClock
    let member = StoreMember()
    // A decision runs on its caller's thread. Where another process is in the middle of one, and where the file must be
    // opened, that waits here: never on the threads of Swift's tasks.
    private let queue = DispatchQueue(label: "moonspot.limiter.file")
    private let lock = NSLock()
    private var file: LimiterFile?
    private var known: Known?

    /// What this process has read or written last.
    private struct Known {
        /// Of the file; as long as it does not change, nobody else has written.
        var version: Int64
        var tokenKey: String
        var portalID: Int64?
        var state: LimiterState
    }

    /// - Parameter folder: The state folder; made when it is first needed.
    init(
        folder: String, identity: LimiterIdentity, quota: QuotaSpecification?, reserve: Double, clock: any SessionClock,
        bootClock: BootClock = .system
    ) {
        path = (folder as NSString).appendingPathComponent("limiter.sqlite")
        self.identity = identity
        self.quota = quota ?? QuotaSpecification()
        self.reserve = reserve
        self.clock = clock
        self.bootClock = bootClock
    }

    func link(portalID: Int64) async throws(StoreProblem) {
        let tokenKey = Self.form + (await identity.tokenKey())
        try await run { file in
            self.known = nil
            try file.transaction { access in try self.link(tokenKey, to: portalID, access) }
        }
    }

    // MARK: Who shares

    // A row for each process, beside those of the tokens: a file of an older moonspot has none, and it minds none.

    private func memberPrefix(_ tokenKey: String) -> String { "member of \(tokenKey) " }

    func announce(_ presence: LimiterPresence?) async throws(StoreProblem) {
        let prefix = memberPrefix(await identity.tokenKey())
        try await run { file in
            try file.transaction { access in
                let now = self.bootClock.now()
                for (key, value) in try access.rows(prefix) {
                    if let told = ToldPresence(Array(value)), told.member(at: now) == nil { try access.delete(key) }
                }
                let key = prefix + String(self.member.id)
                guard let presence else { return try access.delete(key) }
                try access.write(ToldPresence(presence, at: now).bytes, key: key, portalID: nil)
            }
        }
    }

    func members() async throws(StoreProblem) -> [LimiterMember] {
        let prefix = memberPrefix(await identity.tokenKey())
        return try await run { file in
            try file.transaction { access in
                let now = self.bootClock.now()
                return try access.rows(prefix).compactMap { ToldPresence(Array($0.value))?.member(at: now) }
            }
        }
    }

    // MARK: A transaction

    /// Of the keys: another one with each form of the records. A moonspot of another form has rows of its own, and each sees
    /// of the other what HubSpot's headers tell.
    private static let form = "2 "

    func decide<Value: Sendable>(
        _ body: @escaping @Sendable (inout StoreDecision) -> Value
    ) async throws(StoreProblem) -> Value {
        let tokenKey = Self.form + (await identity.tokenKey())
        return try await run { file in
            try file.transaction { access in
                let session = self.clock.now
                let now = self.bootClock.now()
                var known = try self.load(tokenKey, access, at: now)
                // Where anything goes wrong from here on, the next one reads again.
                self.known = nil
                var step = StoreDecision(state: known.state, now: now, session: session)
                let value = body(&step)
                try self.save(step, known, access)
                known.state = step.state
                self.known = known
                return value
            }
        }
    }

    /// The state as the file has it.
    private func load(_ tokenKey: String, _ access: LimiterFile.Access, at now: Duration) throws -> Known {
        let version = try access.version()
        if let known, known.version == version, known.tokenKey == tokenKey { return known }
        let tokenRow = try access.row(tokenKey)
        if let portalID = identity.portalID, tokenRow.portalID != portalID { try link(tokenKey, to: portalID, access) }
        let portalID = identity.portalID ?? tokenRow.portalID
        let accountRow = try access.row(accountKey(tokenKey, portalID))
        let state = LimiterState(
            quota: quota, reserve: reserve,
            token: try tokenRow.value.flatMap { try LimiterRecordCoding.token($0, at: now) } ?? TokenRecord(),
            account: try accountRow.value.flatMap { try LimiterRecordCoding.account($0, at: now) } ?? AccountRecord(),
            sharing: LimiterState.Sharing(owner: member.id))
        return Known(version: version, tokenKey: tokenKey, portalID: portalID, state: state)
    }

    private func save(_ step: StoreDecision, _ known: Known, _ access: LimiterFile.Access) throws {
        func token() -> [UInt8] { LimiterRecordCoding.encode(step.state.tokenRecord, at: step.now) }
        func account() -> [UInt8] { LimiterRecordCoding.encode(step.state.accountRecord, at: step.now) }
        let key = accountKey(known.tokenKey, known.portalID)
        switch (step.savesToken, step.savesAccount) {
        case (true, true):
            try access.write(
                token: token(), key: known.tokenKey, portalID: known.portalID, account: account(), accountKey: key)
        case (true, false): try access.write(token(), key: known.tokenKey, portalID: known.portalID)
        case (false, true): try access.write(account(), key: key, portalID: nil)
        case (false, false): break
        }
    }

    private func accountKey(_ tokenKey: String, _ portalID: Int64?) -> String {
        Self.form + LimiterIdentity.accountKey(portalID: portalID, tokenKey: tokenKey, server: identity.server)
    }

    /// Writes down whose account the token belongs to, and what was counted for it so far.
    private func link(_ tokenKey: String, to portalID: Int64, _ access: LimiterFile.Access) throws {
        let now = bootClock.now()
        let row = try access.row(tokenKey)
        guard row.portalID != portalID else { return }
        let (old, new) = (accountKey(tokenKey, row.portalID), accountKey(tokenKey, portalID))
        func account(_ key: String) throws -> AccountRecord? {
            try access.row(key).value.flatMap { try LimiterRecordCoding.account($0, at: now) }
        }
        let token = try row.value.flatMap { try LimiterRecordCoding.token($0, at: now) } ?? TokenRecord()
        try access.write(LimiterRecordCoding.encode(token, at: now), key: tokenKey, portalID: portalID)
        if row.portalID == nil, let counted = try account(old) {
            let merged = try account(new)?.merged(with: counted) ?? counted
            try access.write(LimiterRecordCoding.encode(merged, at: now), key: new, portalID: nil)
            try access.delete(old)
        }
    }

    /// Runs `body` with the file: at once, or on the queue where that may take longer.
    private func run<Value: Sendable>(
        _ body: @escaping @Sendable (LimiterFile) throws -> Value
    ) async throws(StoreProblem) -> Value {
        if let result = attempt(opening: false, body) { return try result.get() }
        let result: Result<Value, StoreProblem> = await withCheckedContinuation { continuation in
            queue.async {
                var tries: UInt32 = 0
                while true {
                    if let result = self.attempt(opening: true, isLast: tries == 5_000, body) {
                        continuation.resume(returning: result)
                        return
                    }
                    tries += 1
                    usleep(min(tries, 10) * 100)
                }
            }
        }
        return try result.get()
    }

    /// - Returns: Nil where it must be tried again: the file is not open, or another process is in the middle of a
    ///   decision.
    private func attempt<Value>(
        opening mayOpen: Bool, isLast: Bool = false, _ body: (LimiterFile) throws -> Value
    ) -> Result<Value, StoreProblem>? {
        lock.withLock {
            guard file != nil || mayOpen else { return nil }
            do {
                let opened = try file ?? LimiterFile(path, boot: bootClock.boot)
                file = opened
                return .success(try body(opened))
            } catch let error as DatabaseError where error.isBusy && !isLast {
                return nil
            } catch {
                file = nil
                known = nil
                return .failure(StoreProblem(error, path: path))
            }
        }
    }
}
