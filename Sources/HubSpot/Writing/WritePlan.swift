import HTTPTypes
import Synchronization
import Waiting
package import Quota

/// The writes of some calls, counted instead of sent: so many records in so many requests; and kept, where that is wanted
/// (``keep(_:by:in:)``). Reads go through, and are counted too. Bound around the calls:
/// `WritePlan.$current.withValue(plan) { ... }`.
package final class WritePlan: Sendable {
    /// The plan that the current Swift task's calls belong to; nil where they are meant.
    @TaskLocal public static var current: WritePlan?

    /// The counts of one kind of call.
    package struct Share: Sendable, Equatable {
        package var records = 0
        package var requests = 0
    }

    private struct State {
        var shares: [String: Share] = [:]
        var writtenRecords = 0
        var requests = 0
        var requestsOfDay = 0
        var requestsOfLane: [Lane: Int] = [:]
        var groups: [GroupKey: Group] = [:]
        var refusedRecords = 0
        var refusals: [RefusalKey: Refusal] = [:]
    }

    /// Records of one kind of call that HubSpot would refuse for the same property and reason.
    package struct Refusal: Sendable, Equatable {
        /// `contacts.create`.
        package var call: String
        /// Nil where a whole form is meant.
        package var property: String?
        /// HubSpot's own: `INVALID_OPTION`.
        package var code: String
        /// The message about the first of them.
        package var message: String
        package var count = 1
        /// What they are called: ids, addresses, names.
        package var records: [String] = []
    }

    private struct RefusalKey: Hashable {
        var call: String
        var property: String?
        var code: String
    }

    private struct GroupKey: Hashable {
        var name: String
        var kind: BatchKind
    }

    private typealias Counted = Result<Void, HubSpotError>

    private struct Group {
        var operations: [Operation]
        /// Told that they were counted.
        var waiting: [(call: CallContext?, counted: OneShot<Counted>)] = []
    }

    private let state = Mutex(State())
    let keeper: PlanKeeper

    /// - Parameters:
    ///   - keepsLines: Whether the writes are kept as well.
    ///   - tag: The word by which the plan's own placeholders are told from texts that look like some: letters and digits;
    ///     nil for one by chance.
    package init(keepsLines: Bool = false, tag: String? = nil) {
        keeper = PlanKeeper(
            keepsLines: keepsLines, tag: tag ?? String(UInt32.random(in: 0x1000_0000...UInt32.max), radix: 36))
    }

    // MARK: Counting

    /// Runs `body`, whose reads the current plan does not count.
    static func uncounted<Value: Sendable>(
        _ body: () async throws(HubSpotError) -> Value
    ) async throws(HubSpotError) -> Value {
        let result = await $current.withValue(nil) { () async -> Result<Value, HubSpotError> in
            do throws(HubSpotError) { return .success(try await body()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Counts a request that reads, and is sent.
    func countRead(_ request: APIRequest, _ rules: RequestRules) {
        count(rules.planName(request), records: request.records, requests: 1, lanes: rules.lanes, isWrite: false)
    }

    /// Counts a request that would write.
    func count(_ operations: [Operation], by request: APIRequest, _ rules: RequestRules) {
        count(
            operations.first?.planName ?? rules.planName(request), records: request.records, requests: 1,
            lanes: rules.lanes, isWrite: true)
    }

    /// Counts the batches that would read before records are written.
    func countLookUp(of records: Int, in requests: Int, _ type: ObjectType) {
        count(
            "\(ObjectType.canonical(type.name)).read", records: records, requests: requests, lanes: [.burst, .day],
            isWrite: false)
    }

    private func count(_ name: String, records: Int, requests: Int, lanes: LaneSet, isWrite: Bool) {
        state.withLock { state in
            state.shares[name, default: Share()].records += records
            state.shares[name, default: Share()].requests += requests
            if isWrite { state.writtenRecords += records }
            state.requests += requests
            if lanes.contains(.day) { state.requestsOfDay += requests }
            for lane in lanes.windows { state.requestsOfLane[lane, default: 0] += requests }
        }
    }

    /// Counts a call that would travel with others of its kind, as the ``Coalescer`` groups them: with all that are
    /// called until the callers have nothing to add, `size` at a time. Returns when its group is counted, and kept.
    func countTogether(
        _ write: Operation, _ kind: BatchKind, _ route: Coalescer.Route, in session: Session
    ) async throws(HubSpotError) {
        let name = write.planName ?? kind.description
        let key = GroupKey(name: name, kind: kind)
        func count(_ records: Int) {
            let requests = (records + route.size - 1) / route.size
            if write.isLookedUp, let type = write.type { countLookUp(of: records, in: requests, type) }
            self.count(name, records: records, requests: requests, lanes: route.lanes, isWrite: true)
        }
        let counted = OneShot<Counted>()
        let leads = state.withLock { state in
            defer { CallContext.current?.waits() }
            guard state.groups[key] != nil else {
                state.groups[key] = Group(operations: [write])
                return true
            }
            state.groups[key]?.operations.append(write)
            state.groups[key]?.waiting.append((CallContext.current, counted))
            return false
        }
        guard leads else { return try await counted.wait().get() }
        await session.configuration.untilCallersAddNothing { state.withLock { $0.groups[key]?.operations.count } }
        guard let group = state.withLock({ $0.groups.removeValue(forKey: key) }) else { return }
        count(group.operations.count)
        let outcome: Counted
        do throws(HubSpotError) {
            outcome = .success(try await keep(group.operations, by: nil, in: session))
        } catch {
            outcome = .failure(error)
        }
        for (call, _) in group.waiting { call?.goesOn() }
        for (_, counted) in group.waiting { counted.finish(outcome) }
        try outcome.get()
    }

    // MARK: Refusals

    /// Notes a record that HubSpot would refuse. It is neither sent nor counted otherwise.
    /// - Parameter record: What it is called.
    func refuse(_ call: String, _ record: String?, _ problems: [PropertyProblem]) {
        refuse(call, record, problems.map { ($0.property, $0.code, $0.message) })
    }

    func refuse(
        _ call: String, _ record: String?, _ problems: [(property: String?, code: String, message: String)]
    ) {
        state.withLock { state in
            state.refusedRecords += 1
            for (property, code, message) in problems {
                let key = RefusalKey(call: call, property: property, code: code)
                if state.refusals[key] == nil {
                    state.refusals[key] = Refusal(call: call, property: property, code: code, message: message)
                } else {
                    state.refusals[key]?.count += 1
                }
                if let record { state.refusals[key]?.records.append(record) }
            }
        }
    }

    // MARK: Reading

    /// All that was counted.
    package struct Counts: Sendable, Equatable {
        /// Records that would be written.
        package var records: Int
        /// Requests, the reading ones among them.
        package var requests: Int
        /// Those that count toward the account's day.
        package var requestsOfDay: Int
        package var requestsOfLane: [Lane: Int]
        /// By what is done: `contacts.update`.
        package var shares: [String: Share]
        /// Records that HubSpot would refuse by its definitions; they are in none of the other counts.
        package var refusedRecords: Int
        /// Why, the most frequent reason first.
        package var refusals: [Refusal]
    }

    package var counts: Counts {
        state.withLock {
            Counts(
                records: $0.writtenRecords, requests: $0.requests, requestsOfDay: $0.requestsOfDay,
                requestsOfLane: $0.requestsOfLane, shares: $0.shares, refusedRecords: $0.refusedRecords,
                refusals: $0.refusals.values.sorted {
                    ($1.count, $0.call, $0.message) < ($0.count, $1.call, $1.message)
                })
        }
    }
}

extension RequestRules {
    /// The request's name in a plan: `contacts.update`, `forms.submit`, `associations.link`.
    func planName(_ request: APIRequest) -> String {
        let parts = (try? RequestRules.segments(of: request.path)) ?? []
        let method = request.method
        let verb: String
        if !isWrite {
            verb = lanes.contains(.search) ? "search" : "read"
        } else if permission.right == .submit {
            verb = "submit"
        } else if permission.area == "associations" {
            verb = method == .delete || parts.last == "archive" ? "unlink" : "link"
        } else if method == .post, parts.count >= 2, parts[parts.count - 2] == "batch", let last = parts.last {
            verb = last == "archive" ? "delete" : last
        } else if method == .post, let last = parts.last, ["merge", "gdpr-delete"].contains(last) {
            verb = last == "merge" ? last : "gdpr_delete"
        } else {
            verb = method == .delete ? "delete" : method == .post ? "create" : "update"
        }
        return "\(permission.area).\(verb)"
    }
}
