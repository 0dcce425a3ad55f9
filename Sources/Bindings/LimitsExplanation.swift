import HubSpot
import LuaRuntime
import Words
import Quota

extension Shapes {
    static let callNote = LuaShape(
        "hubspot.CallNote", "A request of a call, or its place in a batch, and what it waited for.",
        fields: [
            .optional("call", .string, "What the script called: `hubspot.contacts.update`."),
            .optional("number", .integer, "The call's number; a call that needs two requests is there twice."),
            .required(
                "request", .string,
                "`GET /crm/objects/2026-09/contacts/1`, or for a batch `contacts update`; for a lane that is closed now "
                    + "`forms lane`."),
            .required("waited", .number, "Seconds before it was sent."),
            .required("why", .string, "What it waited for, for people; empty where it did not wait."),
            .optional(
                "reason",
                .choice([
                    "window_full", "closed", "unanswered", "typed_first", "console", "in_flight", "earlier_write",
                    "gathering", "retry",
                    "places",
                ]), "What it waited for longest; nil where it did not wait."),
            .optional("lane", .choice(Lane.allCases.map(\.description)), "The window that this was about."),
            .required("waits", .list(.table), "`{ reason, lane, seconds, why }` each."),
            .optional("batch", .integer, "The batch's number; nil for a request of its own."),
            .optional("size", .integer, "How many calls went into that batch."),
            .optional("position", .integer, "Which of them this one was, from 1."),
        ])
}

extension LuaFunction {
    static func explain(_ source: SessionSource) -> LuaFunction {
        LuaFunction(
            "explain", "Tells why the last calls waited, and which batch each of them went into.",
            details:
                "Oldest first, and last a row for each lane that is closed now, after a 429, with the time when it opens. "
                + "Sends nothing. `--log-level debug` says the same of each call as it is sent.",
            parameters: [.optional("n", .integer, "How many calls at most: 50 if left out, 200 are kept.")],
            returns: [LuaReturn(.list(.named("hubspot.CallNote")), "A row for each.")],
            example: "hubspot.limits.explain()",
            body: .suspending { call in
                let count = call.integer("n") ?? 50
                guard (1...200).contains(count) else { throw call.bad("n", "1 to 200 expected, got \(count)") }
                let (notes, state) = try await source.use(for: call) {
                    ($0.recentCalls(Int(count)), try await $0.limits())
                }
                let closed = state.windows.compactMap { lane, window in window.closure(of: lane) }
                return [.table(LuaTable(list: notes.map(\.luaValue) + closed, metatable: LuaNames.calls))]
            })
    }
}

extension LimitsState.Window {
    /// A row that says until when the lane is closed; nil where it is open.
    fileprivate func closure(of lane: Lane) -> LuaValue? {
        guard let closedFor, let opensAt else { return nil }
        return .object([
            ("request", .string("\(lane) lane")), ("waited", .number(0)), ("reason", "closed"),
            ("lane", .string(lane.description)), ("waits", []),
            ("why", .string("closed until \(opensAt) (\(closedFor.compact)), since HubSpot refused a call with 429")),
        ])
    }
}

extension CallNote {
    fileprivate var luaValue: LuaValue {
        let longest = waits.max { $0.duration < $1.duration }
        return .object([
            ("call", LuaValue(call)), ("number", .integer(Int64(number))), ("request", .string(request)),
            ("waited", .number(waited.inSeconds)),
            ("why", .string(waits.map(\.reason.words).joined(separator: ", "))),
            ("reason", LuaValue(longest?.reason.name)), ("lane", LuaValue(longest?.reason.lane?.description)),
            ("waits", .table(LuaTable(list: waits.map(\.luaValue), isArray: true))),
            ("batch", batch.map { .integer(Int64($0.number)) } ?? .none),
            ("size", batch.map { .integer(Int64($0.size)) } ?? .none),
            ("position", batch.map { .integer(Int64($0.position)) } ?? .none),
        ])
    }
}

extension WaitSpan {
    fileprivate var luaValue: LuaValue {
        .object([
            ("reason", .string(reason.name)), ("lane", LuaValue(reason.lane?.description)),
            ("seconds", .number(duration.inSeconds)), ("why", .string(reason.words)),
        ])
    }
}
