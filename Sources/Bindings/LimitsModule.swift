import HubSpot
import LuaRuntime
import Words
import Quota

extension LuaModule {
    /// `hubspot.limits`: the rest of the quota.
    static func limits(_ source: SessionSource) -> LuaModule {
        LuaModule(
            "hubspot.limits", "What is left of the quota.",
            functions: [.state(source), .wait(source), .explain(source)],
            shapes: [Shapes.limitsWindow, Shapes.limitsState, Shapes.callNote])
    }
}

extension Shapes {
    fileprivate static let limitsWindow = LuaShape(
        "hubspot.LimitsWindow", "A rolling window. Counts are math.huge without a limit.",
        fields: [
            .required("limit", .number, "Requests that fit in."), .required("used", .number, ""),
            .required("remaining", .number, ""), .required("window", .number, "Its length in seconds."),
            .required("resets_in", .number, "Seconds until it is free, if nothing more is sent."),
            .optional("closed_for", .number, "Seconds for which it is closed after a 429; nil where it is open."),
            .optional("opens_at", .string, "When it opens again: ISO 8601, in UTC."),
        ])
    fileprivate static let limitsState = LuaShape(
        "hubspot.LimitsState", "What is left of the quota.",
        fields: [
            .required("burst", .named("hubspot.LimitsWindow"), "The app's window."),
            .required("search", .named("hubspot.LimitsWindow"), "The account's searches."),
            .required("associations", .named("hubspot.LimitsWindow"), ""),
            .required("forms", .named("hubspot.LimitsWindow"), "Submissions."),
            .required(
                "daily", .table,
                "`{ limit, used, remaining, resets_at }`: `limit` and `remaining` are math.huge without a limit and until "
                    + "one is known, `resets_at` is nil until known."),
            .required("queue", .table, "`{ waiting, in_flight }`."),
            .required(
                "totals", .table,
                "Of this process: `{ requests, records, batches, retries, throttled, wait_seconds }`."),
            .required(
                "console", .table,
                "`{ open, kept, cost }`: consoles that are open, the burst places that bulk work leaves to what is typed there, "
                    + "and which part of the window that is."),
            .required("source", .choice(["headers", "option", "profile", "default"]), "Where the figures come from."),
            .required("store", .choice(["memory", "file", "redis"]), "Where the counts live."),
        ])
}

extension LuaFunction {
    fileprivate static func state(_ source: SessionSource) -> LuaFunction {
        LuaFunction(
            "state", "Tells what is left of the quota. Sends nothing.",
            details: "As JSON, a count without a limit is null.",
            returns: [LuaReturn(.named("hubspot.LimitsState"), "The state.")],
            example: "hubspot.limits.state().burst.remaining",
            body: .suspending { call in [try await source.use(for: call) { try await $0.limits() }.luaValue] })
    }

    fileprivate static func wait(_ source: SessionSource) -> LuaFunction {
        LuaFunction(
            "wait", "Returns once n permits of the burst window are free. Takes none.",
            parameters: [.optional("n", .integer, "How many; 1 if left out.")], example: "hubspot.limits.wait(50)",
            body: .suspending { call in
                let count = call.integer("n") ?? 1
                guard (1...1_000_000).contains(count) else {
                    throw call.bad("n", "1 to 1000000 expected, got \(count)")
                }
                try await source.use(for: call) { session in
                    let limit = try await session.limits().burst.limit
                    guard Double(count) <= limit else {
                        throw call.bad("n", "the burst window holds \(Int64(limit)), got \(count)")
                    }
                    try await session.waitForBurst(Int(count))
                }
                return []
            })
    }
}

extension LimitsState {
    fileprivate var luaValue: LuaValue {
        .object([
            ("burst", burst.luaValue), ("search", search.luaValue), ("associations", associations.luaValue),
            ("forms", forms.luaValue), ("daily", daily.luaValue),
            (
                "queue",
                .object([
                    ("waiting", .integer(Int64(queue.waiting))), ("in_flight", .integer(Int64(queue.inFlight))),
                ])
            ),
            (
                "totals",
                .object([
                    ("requests", .integer(Int64(totals.requests))), ("records", .integer(Int64(totals.records))),
                    ("batches", .integer(Int64(totals.batches))), ("retries", .integer(Int64(totals.retries))),
                    ("throttled", .integer(Int64(totals.throttled))), ("wait_seconds", .number(totals.waitSeconds)),
                ])
            ),
            (
                "console",
                .object([
                    ("open", .integer(Int64(console.open))), ("kept", .integer(Int64(console.kept))),
                    ("cost", .number(console.cost)),
                ])
            ),
            ("source", .string(source.rawValue)), ("store", .string(store.rawValue)),
        ])
    }
}

extension LimitsState.Window {
    fileprivate var luaValue: LuaValue {
        .object(
            [
                ("limit", .count(limit)), ("used", .count(used)), ("remaining", .count(remaining)),
                ("window", .number(window.inSeconds)), ("resets_in", .number(resetsIn.inSeconds)),
                ("closed_for", closedFor.map { .number($0.inSeconds) } ?? .none), ("opens_at", LuaValue(opensAt)),
            ], metatable: LuaNames.limits)
    }
}

extension LimitsState.Day {
    fileprivate var luaValue: LuaValue {
        .object(
            [
                ("limit", .count(limit ?? .infinity)), ("used", .count(used)),
                ("remaining", .count(remaining ?? .infinity)),
                ("resets_at", LuaValue(resetsAt)),
            ], metatable: LuaNames.limits)
    }
}
