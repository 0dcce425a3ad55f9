import LuaRuntime
import Synchronization
import Testing

/// A module with what the tests need of a host: functions that answer at once, later, or never, and tasks.
enum TestModules {
    static let host = LuaModule(
        "host", "Functions of the tests.",
        functions: [
            LuaFunction(
                "echo", "Returns its arguments after a turn of the event loop.", parameters: [.variadic("Anything.")],
                body: .suspending { call in
                    await Task.yield()
                    return call.arguments
                }),
            LuaFunction(
                "now", "Returns its arguments at once.", parameters: [.variadic("Anything.")],
                body: .immediate { $0.arguments }),
            LuaFunction(
                "fail", "Raises after a turn of the event loop.", parameters: [.optional("kind", .string, "The kind.")],
                body: .suspending { call in throw LuaError(call.string("kind") ?? "not_found", "no such thing") }),
            LuaFunction(
                "hang", "Waits until it is cancelled.",
                body: .suspending { _ in
                    try await Task.sleep(for: .seconds(3600))
                    return []
                }),
            LuaFunction(
                "document", "Returns a JSON text as a value.", parameters: [.required("text", .string, "JSON.")],
                body: .suspending { call in
                    [
                        .document(
                            JSONDocument(
                                call.bytes("text")![...], root: "host.root", elements: ("results", "host.element")))
                    ]
                }),
            LuaFunction(
                "options", "Takes options.",
                parameters: [
                    .required("id", .id, "An id."),
                    .optional(
                        "opts",
                        .shape(
                            LuaShape(
                                "host.Options", "Options.",
                                fields: [
                                    .optional("limit", .integer, "A number."),
                                    .optional("properties", .list(.string), "Names."),
                                    .optional("mode", .choice(["fast", "slow"]), "A mode."),
                                ])), "Options."),
                ], body: .immediate { [$0["id"], $0["opts"]] }),
            LuaFunction(
                "encode", "Encodes.", parameters: [.required("value", .json, "A value.")],
                body: .immediate { [$0["value"]] }),
            LuaFunction(
                "twice", "Calls a function twice.", parameters: [.required("f", .function, "It.")], body: .lua("twice")),
        ],
        prelude: """
            local module, primitives = ...
            primitives.metatable("host.root", { __index = { kind = "root" } })
            primitives.metatable("host.element", { __index = { kind = "element" } })
            return { twice = function(f) return f(), f() end }
            """,
        submodules: ["deep"],
        submodule: { name in
            name != "deep"
                ? nil
                : LuaModule(
                    "host.deep", "Below.",
                    functions: [LuaFunction("hello", "Greets.", body: .immediate { _ in ["hello"] })],
                    constants: [LuaConstant("answer", .integer, "The answer.") { 42 }])
        })

    static let task = LuaModule(
        "task", "Tasks.",
        functions: ["spawn", "await", "wait", "cancel", "sleep", "done", "deadline", "late"].map { name in
            LuaFunction(name, "A primitive.", parameters: [.variadic("As the primitive.")], body: .lua(name))
        },
        prelude: """
            local _, primitives = ...
            local bodies = {}
            for _, name in ipairs({ "spawn", "await", "wait", "cancel", "sleep", "done", "deadline", "late" }) do bodies[name] = primitives[name] end
            return bodies
            """)
}

/// Runs Lua in a state of its own.
func withRuntime<Result: Sendable>(
    _ configure: (inout LuaRuntime.Options) -> Void = { _ in }, _ body: (LuaRuntime) async throws -> Result
) async throws -> Result {
    var options = LuaRuntime.Options()
    options.modules = [TestModules.host, TestModules.task]
    configure(&options)
    let runtime = try LuaRuntime(options)
    do {
        let result = try await body(runtime)
        await runtime.close()
        return result
    } catch {
        await runtime.close()
        throw error
    }
}

/// What a chunk returns.
func lua(_ source: String, _ configure: (inout LuaRuntime.Options) -> Void = { _ in }) async throws -> [LuaValue] {
    try await withRuntime(configure) { try await $0.run(LuaChunk(source, name: "=test")) }
}

/// The failure that a chunk ends with.
func failure(_ source: String, _ configure: (inout LuaRuntime.Options) -> Void = { _ in }) async throws -> LuaFailure {
    try await withRuntime(configure) { runtime in
        do throws(LuaFailure) {
            let values = try await runtime.run(LuaChunk(source, name: "=test"))
            Issue.record("returned \(values) instead of failing")
            return LuaFailure(value: .none, message: "")
        } catch {
            return error
        }
    }
}

/// Collects what is reported from other threads.
final class Reports: Sendable {
    private let list = Mutex<[LuaFailure]>([])
    func add(_ failure: LuaFailure) { list.withLock { $0.append(failure) } }
    var messages: [String] { list.withLock { $0.map(\.message) } }
}
