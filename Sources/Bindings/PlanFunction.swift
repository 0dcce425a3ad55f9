package import HubSpot
package import LuaRuntime
import Synchronization
import Words
import Quota

/// The tasks whose writes a plan counts: the one that `hubspot.plan` has started, and those that it starts.
final class PlanScope: LuaScope {
    let plan: WritePlan
    private let others = Atomic(0)

    init(keepsLines: Bool) { plan = WritePlan(keepsLines: keepsLines) }

    func taskBegan() { others.add(1, ordering: .relaxed) }
    func taskEnded() { others.subtract(1, ordering: .relaxed) }

    /// Whether tasks that were started within still run.
    var isBusy: Bool { others.load(ordering: .relaxed) > 0 }
}

extension LuaScope {
    /// The plan that a task belongs to; an item of a loop within it belongs to it as well.
    var planScope: PlanScope? { self as? PlanScope ?? (self as? ItemScope)?.outer?.planScope }

    var writePlan: WritePlan? { planScope?.plan }
}

extension LuaFunction {
    static func plan(_ source: SessionSource) -> LuaFunction {
        LuaFunction(
            "plan", "Runs f without writing anything, and tells what it would cost.",
            details:
                "Each call that would write is counted as it would be sent: those made together a hundred to a request. "
                + "It answers with what was given to it, and `dry_run = true`; a record that it would create has an id such "
                + "as `plan:1:k3x9`, which later calls take: it can be got, found and updated by that id, by its address or by "
                + "another unique value. Reads go through; searches, lists, links and counts know nothing of what is only "
                + "planned, and a record that there is reads as it is, without what the plan would change. `{ out = FILE }` behind f keeps the writes in a file "
                + "for `moonspot apply`: what is counted is then what that takes, writes that would change nothing are left out, "
                + "and an upsert is the update or the create that it turns out to be. Without it an upsert by email counts as a "
                + "look-up and a write; which of the records are new is not asked. What HubSpot would refuse by its "
                + "definitions (no such property or option, a wrong type, a read-only one, no address) is counted as "
                + "`refused` and named; f goes on, and `batch.*` have it in `errors`. Tasks that f starts belong to it, and are "
                + "waited for. Works in a read-only session too. An error of f is raised.",
            parameters: [
                .required("f", .function, "What is planned."),
                .variadic("Its arguments, or `{ out = FILE }` alone."),
            ],
            returns: [LuaReturn(.shape(.plan), "What f would cost, as the quota stands now.")],
            example:
                "hubspot.plan(function() hubspot.contacts.update(501, { firstname = \"Ada\" }) end)",
            body: .lua("plan"))
    }

    /// The primitives on which the prelude builds ``plan(_:)``.
    static func planPrimitives(_ source: SessionSource, savesFiles: Bool) -> [LuaFunction] {
        [
            LuaFunction(
                "plan_begin", "Counts what the calling task writes from now on.",
                parameters: [.optional("keeps", .boolean, "")],
                body: .scoping { call in (PlanScope(keepsLines: call["keeps"].asBoolean ?? false), []) }),
            LuaFunction(
                "plan_is_busy", "Whether tasks of the plan still run.",
                body: .immediate { call in [.boolean(call.scope?.planScope?.isBusy ?? false)] }),
            LuaFunction(
                "plan_result", "What was counted.", parameters: [.optional("out", .string, "")],
                body: .suspending { call in
                    guard let scope = call.scope?.planScope else { return [.none] }
                    if let path = call.string("out") {
                        let session = try await source.use(for: call) { $0 }
                        return [try await kept(scope.plan, path, through: scope.plan.session ?? session)]
                    }
                    // A function that calls nothing of HubSpot's needs no session, and no credential.
                    if scope.plan.counts.requests == 0 { return [scope.plan.counts.luaValue()] }
                    let estimate = try await source.use(for: call) { try await $0.estimate(scope.plan) }
                    return [estimate.counts.luaValue(estimate)]
                }),
            LuaFunction(
                "plan_check", "Whether plans may be kept in files.",
                body: .immediate { _ in
                    guard !savesFiles else { return [] }
                    throw HubSpotError(
                        .notAllowed, "an untrusted script writes no files: hubspot.plan takes no out there")
                }),
        ]
    }

    private static func kept(
        _ plan: WritePlan, _ path: String, through session: Session
    ) async throws -> LuaValue {
        let draft = try await plan.draft()
        let name = session.configuration.program.split(separator: " ").dropFirst().joined(separator: " ")
        try await session.file(of: draft, script: name.isEmpty ? nil : name).save(to: path)
        let estimate = try await session.estimate(draft.counts)
        return draft.counts.luaValue(
            estimate,
            adding: [
                ("out", .string(path)), ("writes", .integer(Int64(draft.writes.count))),
                ("unchanged", .integer(Int64(draft.unchanged))),
            ])
    }
}

extension LuaShape {
    static let plan = LuaShape(
        "hubspot.Plan", "What a plan would cost. It prints as one line.",
        fields: [
            .required("records", .integer, "Records that would be written."),
            .required("requests", .integer, "Requests that it would take, those that read among them."),
            .required("seconds", .number, "How long it would take from now, as the windows stand."),
            .optional("lane", .string, "The window that takes longest; nil where none fills."),
            .required(
                "day", .table,
                "`{ requests, limit, remaining, share, fits }`: share is the part of a day's quota, 0 to 1; nil fields until known."
            ),
            .required(
                "refused", .integer, "Records that HubSpot would refuse by its definitions; counted nowhere else."),
            .required(
                "refusals", .list(.table),
                "Why: `{ call, property, code, message, count, records }`, the message of the first of `count` records, and what "
                    + "they are called: ids, addresses, names."),
            .required("by", .map(.table), "`{ [\"contacts.update\"] = { records, requests } }`."),
            .optional("out", .string, "The file that the writes are kept in."),
            .optional("writes", .integer, "How many writes it holds."),
            .optional("unchanged", .integer, "Writes that would change nothing, and that it does not hold."),
        ])
}

extension WritePlan.Counts {
    /// What `hubspot.plan` answers.
    package func luaValue(
        _ estimate: PlanEstimate? = nil, adding others: [(String, LuaValue)] = []
    ) -> LuaValue {
        let kinds = shares.sorted { $0.key < $1.key }.map { name, share in
            (
                name,
                LuaValue.object([
                    ("records", .integer(Int64(share.records))), ("requests", .integer(Int64(share.requests))),
                ])
            )
        }
        return .object(
            [
                ("records", .integer(Int64(records))), ("requests", .integer(Int64(requests))),
                ("seconds", .number(estimate?.time.inSeconds ?? 0)), ("lane", LuaValue(estimate?.slowest?.description)),
                (
                    "day",
                    .object([
                        ("requests", .integer(Int64(requestsOfDay))), ("limit", .count(estimate?.dayLimit)),
                        ("remaining", .count(estimate?.dayRemaining)),
                        ("share", estimate?.dayShare.map { .number($0) } ?? .none),
                        ("fits", .boolean(estimate?.fitsDay ?? true)),
                    ])
                ), ("refused", .integer(Int64(refusedRecords))),
                ("refusals", .table(LuaTable(list: refusals.map(\.luaValue), isArray: true))), ("by", .object(kinds)),
            ] + others, metatable: LuaNames.plan)
    }
}

extension WritePlan.Refusal {
    fileprivate var luaValue: LuaValue {
        .object([
            ("call", .string(call)), ("property", LuaValue(property)), ("code", .string(code)),
            ("message", .string(message)), ("count", .integer(Int64(count))),
            ("records", .table(LuaTable(list: records.map { .string($0) }, isArray: true))),
        ])
    }
}
