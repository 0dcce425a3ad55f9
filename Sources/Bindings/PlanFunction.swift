import HubSpot
import LuaRuntime
import Synchronization
import Words
import Quota

/// The tasks whose writes a plan counts: the one that `hubspot.plan` has started, and those that it starts.
final class PlanScope: LuaScope {
    let plan = WritePlan()
    private let others = Atomic(0)

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
                + "It answers with what was given to it, and `dry_run = true`. Reads go through. An upsert by email counts as a "
                + "look-up and a write; which of the records are new is not asked. What HubSpot would refuse by its "
                + "definitions (no such property or option, a wrong type, a read-only one, no address) is counted as "
                + "`refused` and named; f goes on, and `batch.*` have it in `errors`. Tasks that f starts belong to it, and are "
                + "waited for. Works in a read-only session too. An error of f is raised.",
            parameters: [.required("f", .function, "What is planned."), .variadic("Its arguments.")],
            returns: [LuaReturn(.shape(.plan), "What f would cost, as the quota stands now.")],
            example:
                "hubspot.plan(function() hubspot.contacts.update(501, { firstname = \"Ada\" }) end)",
            body: .lua("plan"))
    }

    /// The primitives on which the prelude builds ``plan(_:)``.
    static func planPrimitives(_ source: SessionSource) -> [LuaFunction] {
        [
            LuaFunction(
                "plan_begin", "Counts what the calling task writes from now on.",
                body: .scoping { _ in (PlanScope(), []) }),
            LuaFunction(
                "plan_is_busy", "Whether tasks of the plan still run.",
                body: .immediate { call in [.boolean(call.scope?.planScope?.isBusy ?? false)] }),
            LuaFunction(
                "plan_result", "What was counted.",
                body: .suspending { call in
                    guard let scope = call.scope?.planScope else { return [.none] }
                    // A function that calls nothing of HubSpot's needs no session, and no credential.
                    if scope.plan.counts.requests == 0 { return [scope.plan.counts.luaValue()] }
                    let estimate = try await source.use(for: call) { try await $0.estimate(scope.plan) }
                    return [estimate.counts.luaValue(estimate)]
                }),
        ]
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
                "Why: `{ call, property, code, message, count }`, the message of the first of `count` records."),
            .required("by", .map(.table), "`{ [\"contacts.update\"] = { records, requests } }`."),
        ])
}

extension WritePlan.Counts {
    fileprivate func luaValue(_ estimate: PlanEstimate? = nil) -> LuaValue {
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
            ], metatable: LuaNames.plan)
    }
}

extension WritePlan.Refusal {
    fileprivate var luaValue: LuaValue {
        .object([
            ("call", .string(call)), ("property", LuaValue(property)), ("code", .string(code)),
            ("message", .string(message)), ("count", .integer(Int64(count))),
        ])
    }
}
