import HubSpot
import JSON
import LuaRuntime

/// Declares functions that call one endpoint each of a resource. Arguments are read, and wrong ones refused, before a
/// session is opened.
struct Endpoints<Resource: Sendable>: Sendable {
    /// The part of a call that works with the resource, once its arguments are read.
    typealias Work<Answer> = @Sendable (Resource) async throws -> Answer

    let source: SessionSource
    /// Reads the arguments that all functions have in common, such as an object type.
    let resource: @Sendable (LuaCall) throws -> @Sendable (Session) -> Resource

    /// A function that answers with HubSpot's JSON.
    func function(
        _ name: String, _ summary: String, details: String = "", _ parameters: [LuaParameter] = [],
        returns: LuaReturn = LuaReturn(.table, "HubSpot's answer."), raises: [String] = [], source endpoint: String,
        example: String, file: String = #fileID, _ read: @escaping @Sendable (LuaCall) throws -> Work<JSONSlice>
    ) -> LuaFunction {
        LuaFunction(
            name, summary, details: details, parameters: parameters, returns: [returns], raises: raises,
            source: endpoint, example: example, file: file,
            body: body { call in
                let work = try read(call)
                return { [.json(try await work($0))] }
            })
    }

    /// A function that answers with nothing.
    func action(
        _ name: String, _ summary: String, details: String = "", _ parameters: [LuaParameter],
        raises: [String] = ["not_found"], source endpoint: String, example: String,
        file: String = #fileID, _ read: @escaping @Sendable (LuaCall) throws -> Work<Void>
    ) -> LuaFunction {
        LuaFunction(
            name, summary, details: details, parameters: parameters, raises: raises, source: endpoint, example: example,
            file: file,
            body: body { call in
                let work = try read(call)
                return {
                    try await work($0)
                    return []
                }
            })
    }

    /// A function of a list: an element that makes no sense fails by itself, and no other with it.
    func batch<Element: Sendable>(
        _ name: String, _ summary: String, details: String = "", _ parameters: [LuaParameter], list: String,
        source endpoint: String, example: String, file: String = #fileID,
        element: @escaping @Sendable (LuaCall, _ path: String, LuaValue) throws -> Element,
        _ read: @escaping @Sendable (LuaCall) throws -> @Sendable (Resource, [Element]) async throws -> BatchOutcome
    ) -> LuaFunction {
        LuaFunction(
            name, summary, details: details, parameters: parameters,
            returns: [LuaReturn(.named("hubspot.BatchResult"), "`{ results, errors }`.")], source: endpoint,
            example: example, file: file,
            body: .suspending { [source, resource] call in
                let make = try resource(call)
                let run = try read(call)
                let (elements, failures) = try call.elements(of: list) { try element(call, $0, $1) }
                guard !elements.isEmpty else { return [.object([("results", []), ("errors", [])])] }
                let outcome = try await source.use(for: call) { session in
                    try await run(make(session), elements.map(\.element))
                }
                return try call.batchResult(outcome, indices: elements.map(\.index), failures: failures) { .json($0) }
            })
    }

    private func body(_ read: @escaping @Sendable (LuaCall) throws -> Work<[LuaValue]>) -> LuaBody {
        .suspending { [source, resource] call in
            let make = try resource(call)
            let work = try read(call)
            return try await source.use(for: call) { try await work(make($0)) }
        }
    }
}

extension Endpoints {
    /// For a resource that needs nothing but the session.
    init(_ source: SessionSource, _ resource: @escaping @Sendable (Session) -> Resource) {
        self.init(source: source, resource: { _ in resource })
    }
}
