import Dispatch
import Foundation

/// Keeps the places in a SQLite file that all processes of this machine share.
///
/// What is kept are ``LimiterState``'s records, and each call is one transaction: load, let the state machine decide,
/// save. Moments are on the boot-time clock, which all processes read alike.
///
/// `@unchecked Sendable`: `file` is touched on `queue` only, which is serial; everything else is constant.
final class FileStore: SharedLimiterStore, @unchecked Sendable {
    let kind = LimitsState.StoreKind.file
    private let path: String
    private let identity: LimiterIdentity
    private let quota: QuotaSpecification
    private let reserve: Double
    private let clock: any SessionClock
    private let bootClock: BootClock
    private let member = StoreMember()
    // Never the threads of Swift's tasks: a file's lock blocks.
    private let queue = DispatchQueue(label: "moonspot.limiter.file")
    private var file: LimiterFile?

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
                let tokenRow = try access.row(tokenKey)
                if let portalID = self.identity.portalID, tokenRow.portalID != portalID {
                    try self.link(tokenKey, to: portalID, access)
                }
                let portalID = self.identity.portalID ?? tokenRow.portalID
                let accountKey = LimiterIdentity.accountKey(
                    portalID: portalID, tokenKey: tokenKey, server: self.identity.server)
                let session = self.clock.now
                let now = self.bootClock.now()
                var decision = Decision(
                    state: LimiterState(
                        quota: self.quota, reserve: self.reserve,
                        token: try tokenRow.value.flatMap { try LimiterRecordCoding.token($0, at: now) } ?? TokenRecord(),
                        account: try access.row(accountKey).value.flatMap { try LimiterRecordCoding.account($0, at: now) }
                            ?? AccountRecord(),
                        sharing: LimiterState.Sharing(owner: self.member.id)),
                    now: now, session: session)
                let value = try body(&decision)
                if !decision.save.isDisjoint(with: [.burst, .associations, .forms]) {
                    let record = LimiterRecordCoding.encode(decision.state.tokenRecord, at: now)
                    try access.write(record, key: tokenKey, portalID: portalID)
                }
                if !decision.save.isDisjoint(with: [.search, .day]) {
                    let record = LimiterRecordCoding.encode(decision.state.accountRecord, at: now)
                    try access.write(record, key: accountKey, portalID: nil)
                }
                return value
            }
        }
    }

    /// Writes down whose account the token belongs to, and what was counted for it so far.
    private func link(_ tokenKey: String, to portalID: Int64, _ access: LimiterFile.Access) throws {
        let now = bootClock.now()
        let row = try access.row(tokenKey)
        guard row.portalID != portalID else { return }
        let old = LimiterIdentity.accountKey(portalID: row.portalID, tokenKey: tokenKey, server: identity.server)
        let new = LimiterIdentity.accountKey(portalID: portalID, tokenKey: tokenKey, server: identity.server)
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

    /// Runs `body` on the file's queue; opens the file where that has not been done, or went wrong.
    private func run<Value: Sendable>(
        _ body: @escaping @Sendable (LimiterFile) throws -> Value
    ) async throws(StoreProblem) -> Value {
        let result: Result<Value, StoreProblem> = await withCheckedContinuation { continuation in
            queue.async {
                do {
                    let file = try self.file ?? LimiterFile(self.path, boot: self.bootClock.boot)
                    self.file = file
                    continuation.resume(returning: .success(try body(file)))
                } catch {
                    self.file = nil
                    continuation.resume(returning: .failure(StoreProblem(error, path: self.path)))
                }
            }
        }
        return try result.get()
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
