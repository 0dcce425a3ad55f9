import HubSpot
import LuaRuntime

extension LuaModule {
    /// `hubspot`: the modules of the session, and the functions above them.
    static func hubspot(
        _ source: SessionSource, readsFiles: Bool, connect: SessionConnector?, console: ConsoleFunctions = .none
    )
        -> LuaModule
    {
        let types = ObjectType.standard.map(\.name)
        let areas: [String: @Sendable () -> LuaModule] = [
            "account": { .account(source) }, "associations": { .associations(source) },
            "files": { .files(source, readsFiles: readsFiles) }, "forms": { .forms(source) },
            "limits": { .limits(source) }, "lists": { .lists(source) }, "owners": { .owners(source) },
            "pipelines": { .pipelines(source) }, "properties": { .properties(source) }, "schemas": { .schemas(source) },
            "session": { .session(source) },
        ]
        return LuaModule(
            "hubspot", "HubSpot's API in one authenticated session.",
            functions: [
                .request(source), .objects(source), .plan(source), .capabilities(source),
                .connect(connect, readsFiles: readsFiles),
            ],
            constants: [.session(source)],
            shapes: [Shapes.record, Shapes.page, Shapes.batchResult, Shapes.error],
            primitives: [
                .send(source), .refuse, .sessionField(source), .sessionName(source), .sessionMetatable(source),
            ] + LuaFunction.planPrimitives(source, savesFiles: readsFiles)
                + [LuaFunction.unfetched(console)].compactMap(\.self),
            prelude: source.connection == nil ? Prelude.hubspot : Prelude.connectedHubSpot,
            submodules: types + areas.keys.sorted(),
            submodule: { name in
                if let area = areas[name] { return area() }
                guard let type = ObjectType.standard.first(where: { $0.name == name }) else { return nil }
                return .objects(ObjectType(name), named: "hubspot.\(name)", record: type.record, source)
            }
        ).instance(source.connection ?? "")
    }
}

extension LuaFunction {
    /// Raises `invalid_argument`.
    static let refuse = LuaFunction(
        "refuse", "Raises an error of wrong use.", parameters: [.required("message", .string, "")],
        body: .immediate { call in throw LuaError.invalidArgument(call.string("message") ?? "") })

    fileprivate static func objects(_ source: SessionSource) -> LuaFunction {
        LuaFunction(
            "objects", "The functions of any object type.",
            details:
                "Custom objects have a type id (`2-123`), a name (`cars`) and a fully qualified name (`p123_cars`).",
            parameters: [.required("type", .string, "HubSpot's name or id of the type.")],
            returns: [LuaReturn(.named("hubspot.objects"), "The same functions as `hubspot.companies` has.")],
            example: "hubspot.objects(\"cars\").list{ limit = 5 }",
            body: .immediate { call in
                let name = call.string("type") ?? ""
                let type = ObjectType(name)
                guard type.isWellFormed else {
                    throw call.bad("type", "a type's name or id expected, got \(call.shown(name))")
                }
                let known = ObjectType.standard.first { $0.name == name || $0.id == name }
                let module =
                    known.map {
                        LuaModule.objects(
                            ObjectType($0.name), named: "hubspot.\($0.name)", record: $0.record, source)
                    } ?? .objects(type, named: "hubspot.objects(\(name))", record: name, source)
                return [.module(module.instance(source.connection ?? ""))]
            })
    }
}
