import HubSpot
import LuaRuntime
import Synchronization

extension LuaFunction {
    /// The primitives on which the prelude of `task` builds loops with checkpoints.
    static func checkpointPrimitives(_ keeper: (any CheckpointKeeper)?) -> [LuaFunction] {
        let loops = RunningLoops()
        let loop = LuaParameter.required("loop", .integer, "")
        return [
            LuaFunction(
                "checkpoint_open",
                "Begins a loop, or goes on with it; answers its number, nil where nothing keeps plans' checkpoints.",
                parameters: [.required("name", .string, ""), .optional("on_unknown", .string, "")],
                body: .suspending { call in
                    let plan = call.scope?.writePlan
                    guard let keeper else {
                        if plan != nil { return [.none] }
                        throw LuaError.invalidArgument("nothing keeps checkpoints here")
                    }
                    let onUnknown = call.string("on_unknown").flatMap(UnknownWrites.init) ?? .raise
                    let opened = try await keeper.open(
                        call.string("name") ?? "", onUnknown: onUnknown, within: (call.scope as? ItemScope)?.item,
                        in: plan)
                    return [.integer(loops.add(opened))]
                }),
            LuaFunction(
                "checkpoint_begin",
                "Answers false and what was kept of a done item; true, and whether it has to recall.",
                parameters: [loop, .required("key", .string, "")],
                body: .scoping { call in
                    switch try loops.loop(call).begin(call.string("key") ?? "") {
                    case .done(let result):
                        let kept = result.map { LuaValue.document(JSONDocument($0[...])) }
                        return (call.scope, [.boolean(false), kept ?? .none])
                    case .item(let item, let isKnown):
                        return (ItemScope(item, outer: call.scope), [.boolean(true), .boolean(isKnown)])
                    }
                }),
            LuaFunction(
                "checkpoint_recall", "The item reads what it has written before.",
                body: .suspending { call in
                    try await (call.scope as? ItemScope)?.item.recall()
                    return []
                }),
            LuaFunction(
                "checkpoint_done", "The item is done; answers its result as it is kept.",
                parameters: [.optional("result", .json, "")],
                body: .scoping { call in
                    guard let scope = call.scope as? ItemScope else { return (call.scope, []) }
                    let result = call.bytes("result")
                    scope.item.finish(result)
                    return (scope.outer, [result.map { .document(JSONDocument($0[...])) } ?? .none])
                }),
            LuaFunction(
                "checkpoint_leave", "The item has failed.",
                body: .scoping { call in ((call.scope as? ItemScope)?.outer ?? call.scope, []) }),
            LuaFunction(
                "checkpoint_end", "The loop has ended without an error.", parameters: [loop],
                body: .suspending { call in
                    try await loops.loop(call).end()
                    return []
                }),
            LuaFunction(
                "checkpoint_close", "The loop goes on no more.", parameters: [loop],
                body: .immediate { call in
                    loops.remove(call)?.close()
                    return []
                }),
        ]
    }
}

/// The loops with checkpoints of one state, by the numbers under which the prelude knows them.
private final class RunningLoops: Sendable {
    private struct State {
        var loops: [Int64: any LoopCheckpoint] = [:]
        var last: Int64 = 0
    }
    private let state = Mutex(State())

    func add(_ loop: any LoopCheckpoint) -> Int64 {
        state.withLock { state in
            state.last += 1
            state.loops[state.last] = loop
            return state.last
        }
    }

    func loop(_ call: LuaCall) throws -> any LoopCheckpoint {
        guard let loop = state.withLock({ $0.loops[call.integer("loop") ?? 0] }) else {
            throw LuaError("cancelled", "the loop has ended")
        }
        return loop
    }

    func remove(_ call: LuaCall) -> (any LoopCheckpoint)? {
        state.withLock { $0.loops.removeValue(forKey: call.integer("loop") ?? 0) }
    }
}
