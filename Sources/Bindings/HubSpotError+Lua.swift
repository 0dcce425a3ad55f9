public import HubSpot
import JSON
public import LuaRuntime
import Words

extension HubSpotError: LuaRaisable {
    /// `{ kind, status, category, message, correlationId, policyName, retry_after, errors, context, request,
    /// existing_id, fate }`, printing as one line.
    public var luaValue: LuaValue { luaValue(index: nil) }

    /// As ``luaValue``, with the place in the caller's list, from one, that a batch's error is about.
    func luaValue(index: Int?) -> LuaValue {
        .object(
            [
                ("kind", .string(kind.rawValue)), ("status", status.map { .integer(Int64($0)) } ?? .none),
                ("category", LuaValue(category)), ("message", .string(message)),
                ("correlationId", LuaValue(correlationID)), ("policyName", LuaValue(policyName)),
                ("retry_after", retryAfter.map { .number($0.inSeconds) } ?? .none),
                ("errors", errors.isEmpty ? .none : LuaValue(.array(errors))),
                ("context", context.map { LuaValue($0) } ?? .none), ("request", LuaValue(request)),
                ("existing_id", LuaValue(existingID)),
                ("fate", fateIsUnknown ? "unknown" : .none), ("index", index.map { .integer(Int64($0)) } ?? .none),
            ], metatable: LuaError.metatable)
    }
}
