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
    private let member = StoreMember()
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

    func take(_ demand: LimiterDemand) async throws(StoreProblem) -> LimiterDecision {
        let id = member.nextPermit()
        return try await perform { decision throws in
            let marks = decision.state.marks
            let result = decision.state.take(demand, at: decision.now, id: id)
            switch result {
            case .granted(var permit):
                permit.grantedAt = decision.session
                decision.save = demand.lanes
                return .granted(permit)
            case .wait(let moment):
                if decision.state.marks != marks { decision.save = .burst }
                return .wait(until: moment.map { decision.toSession($0) })
            case .refused: return result
            }
        }
    }

    func settle(_ permit: LimiterPermit, _ outcome: LimiterOutcome) async throws(StoreProblem) -> [LimiterNotice] {
        if case .unanswered = outcome { return [] }
        return try await perform { decision throws in
            decision.save = permit.lanes
            return decision.state.settle(permit, outcome, at: decision.now)
        }
    }

    func learn(portalID: Int64, dayEndsAt instant: Duration?) async throws(StoreProblem) {
        let tokenKey = await identity.tokenKey()
        try await run { file in
            self.known = nil
            try file.transaction { access in try self.link(tokenKey, to: portalID, access) }
        }
        guard let instant else { return }
        try await perform { decision throws in
            decision.state.learn(dayEndsAt: decision.now + (instant - decision.session))
            decision.save = .day
        }
    }

    func snapshot() async throws(StoreProblem) -> LimiterSnapshot {
        try await perform { decision throws in
            decision.state.snapshot(at: decision.now).shifted(by: decision.session - decision.now)
        }
    }

    func burstFree(_ count: Int) async throws(StoreProblem) -> Duration? {
        try await perform { decision throws in
            decision.state.burstFree(count, at: decision.now).map { decision.toSession($0) }
        }
    }

    func adopt(_ places: [Lane: Int]) async throws(StoreProblem) {
        try await perform { decision throws in
            decision.state.adopt(places, at: decision.now)
            decision.save = [.burst, .search]
        }
    }

    // MARK: Who shares

    // A row for each process, beside those of the tokens: a file of an older moonspot has none, and it minds none.

    private func memberPrefix(_ tokenKey: String) -> String { "member of \(tokenKey) " }

    func announce(_ presence: LimiterPresence?) async throws(StoreProblem) {
        let prefix = memberPrefix(await identity.tokenKey())
        try await run { file in
            try file.transaction { access in
                let now = self.bootClock.now().nanoseconds
                for (key, value) in try access.rows(prefix) {
                    guard let told = MemberRow(value), now - told.at > LimiterMember.patience.nanoseconds else { continue }
                    try access.delete(key)
                }
                let key = prefix + String(self.member.id)
                guard let presence else { return try access.delete(key) }
                try access.write(MemberRow(at: now, json: presence.json).bytes, key: key, portalID: nil)
            }
        }
    }

    func members() async throws(StoreProblem) -> [LimiterMember] {
        let prefix = memberPrefix(await identity.tokenKey())
        return try await run { file in
            try file.transaction { access in
                let now = self.bootClock.now().nanoseconds
                return try access.rows(prefix).compactMap { row in
                    guard let told = MemberRow(row.value), let presence = LimiterPresence(json: told.json) else { return nil }
                    let age = Duration.nanoseconds(now - told.at)
                    return age < LimiterMember.patience ? LimiterMember(presence: presence, age: age) : nil
                }
            }
        }
    }

    /// When a process told of itself, on the boot clock, and what.
    private struct MemberRow {
        var at: Int64
        var json: [UInt8]

        init(at: Int64, json: [UInt8]) {
            self.at = at
            self.json = json
        }

        init?(_ data: Data) {
            guard data.count > 8 else { return nil }
            at = data.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
            json = Array(data.dropFirst(8))
        }

        var bytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: at >> (56 - 8 * $0)) } + json }
    }

    // MARK: A transaction

    /// The state as it is now, to be changed.
    private struct Decision {
        var state: LimiterState
        /// On the store's clock, and the same moment, or one shortly before, on the session's.
        let now: Duration
        let session: Duration
        /// What is to be saved: any of the token's lanes, any of the account's.
        var save: LaneSet = []

        func toSession(_ moment: Duration) -> Duration { session + (moment - now) }
    }

    private func perform<Value: Sendable>(
        _ body: @escaping @Sendable (inout Decision) throws -> Value
    ) async throws(StoreProblem) -> Value {
        let tokenKey = await identity.tokenKey()
        return try await run { file in
            try file.transaction { access in
                let session = self.clock.now
                let now = self.bootClock.now()
                var known = try self.load(tokenKey, access, at: now)
                // Where anything goes wrong from here on, the next one reads again.
                self.known = nil
                var decision = Decision(state: known.state, now: now, session: session)
                let value = try body(&decision)
                try self.save(decision, known, access)
                known.state = decision.state
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

    private func save(_ decision: Decision, _ known: Known, _ access: LimiterFile.Access) throws {
        func token() -> [UInt8] { LimiterRecordCoding.encode(decision.state.tokenRecord, at: decision.now) }
        func account() -> [UInt8] { LimiterRecordCoding.encode(decision.state.accountRecord, at: decision.now) }
        let key = accountKey(known.tokenKey, known.portalID)
        let savesToken = !decision.save.isDisjoint(with: [.burst, .associations, .forms])
        let savesAccount = !decision.save.isDisjoint(with: [.search, .day])
        switch (savesToken, savesAccount) {
        case (true, true):
            try access.write(
                token: token(), key: known.tokenKey, portalID: known.portalID, account: account(), accountKey: key)
        case (true, false): try access.write(token(), key: known.tokenKey, portalID: known.portalID)
        case (false, true): try access.write(account(), key: key, portalID: nil)
        case (false, false): break
        }
    }

    private func accountKey(_ tokenKey: String, _ portalID: Int64?) -> String {
        LimiterIdentity.accountKey(portalID: portalID, tokenKey: tokenKey, server: identity.server)
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

extension LimiterSnapshot {
    /// On another clock.
    func shifted(by offset: Duration) -> LimiterSnapshot {
        var snapshot = self
        snapshot.windows = windows.mapValues { window in
            var window = window
            window.clearsAt += offset
            window.closedUntil = window.closedUntil.map { $0 + offset }
            return window
        }
        snapshot.dayEndsAt = dayEndsAt.map { $0 + offset }
        return snapshot
    }
}
