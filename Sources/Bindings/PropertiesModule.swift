import HubSpot
import LuaRuntime

extension LuaModule {
    /// `hubspot.properties`: the definitions of properties.
    static func properties(_ source: SessionSource) -> LuaModule {
        let type = LuaParameter.objectType("type")
        let name = LuaParameter.required("name", .string, "The property's internal name.")
        let path = "/crm/properties/{version}/{type}"
        func function(
            _ name: String, _ summary: String, details: String = "", _ parameters: [LuaParameter],
            returns: [LuaReturn] = [LuaReturn(.table, "HubSpot's answer.")], raises: [String] = ["not_found"],
            source endpoint: String, example: String,
            _ run: @escaping @Sendable (PropertyDefinitions, LuaCall) async throws -> [LuaValue]
        ) -> LuaFunction {
            LuaFunction(
                name, summary, details: details, parameters: parameters, returns: returns, raises: raises,
                source: endpoint, example: example,
                body: .suspending { call in
                    let type = try call.objectType("type")
                    if call["name"] != .none { _ = try call.name("name") }
                    return try await source.use(for: call) { session in
                        try await run(PropertyDefinitions(type, session: session), call)
                    }
                })
        }
        return LuaModule(
            "hubspot.properties", "Reads and changes the definitions of properties.",
            functions: [
                function(
                    "list", "Fetches all of a type's definitions.", [type], source: "GET \(path)",
                    example: "hubspot.properties.list(\"contacts\").results[1].name"
                ) { definitions, _ in [.json(try await definitions.list())] },
                function(
                    "get", "Fetches one definition.", [type, name], source: "GET \(path)/{name}",
                    example: "hubspot.properties.get(\"contacts\", \"lifecyclestage\").options"
                ) { definitions, call in [.json(try await definitions.get(call.name("name")))] },
                function(
                    "create", "Creates a property.",
                    [type, .required("definition", .map(.any), "`{ name, label, type, fieldType, groupName, … }`.")],
                    raises: ["validation", "conflict"], source: "POST \(path)",
                    example: "hubspot.properties.create(\"contacts\", { name = \"shoe_size\", label = \"Shoe size\", "
                        + "type = \"number\", fieldType = \"number\", groupName = \"contactinformation\" })"
                ) { definitions, call in [.json(try await definitions.create(call.jsonArgument("definition")))] },
                function(
                    "update", "Changes a definition.", details: "`options` replaces the whole list.",
                    [type, name, .required("changes", .map(.any), "What is to be different.")],
                    raises: ["not_found", "validation"], source: "PATCH \(path)/{name}",
                    example: "hubspot.properties.update(\"contacts\", \"shoe_size\", { label = \"Size\" })"
                ) { definitions, call in
                    [.json(try await definitions.update(call.name("name"), call.jsonArgument("changes")))]
                },
                function(
                    "delete", "Archives a property.", [type, name], returns: [], source: "DELETE \(path)/{name}",
                    example: "hubspot.properties.delete(\"contacts\", \"shoe_size\")"
                ) { definitions, call in
                    try await definitions.delete(call.name("name"))
                    return []
                },
                function(
                    "groups", "Fetches the groups in which a type's properties are shown.", [type],
                    source: "GET \(path)/groups", example: "hubspot.properties.groups(\"contacts\").results"
                ) { definitions, _ in [.json(try await definitions.groups())] },
            ])
    }
}

extension LuaParameter {
    static func objectType(_ name: String) -> LuaParameter {
        .required(name, .string, "An object type: `contacts`, `companies`, `0-1`, `2-123`.")
    }
}

extension LuaCall {
    func objectType(_ name: String) throws -> ObjectType {
        let text = string(name) ?? ""
        let type = ObjectType(text)
        guard type.isWellFormed else { throw bad(name, "a type's name or id expected, got \(shown(text))") }
        return type
    }

    /// A table argument as JSON.
    func jsonArgument(_ name: String) throws -> JSONSlice { JSONSlice(try json(name, self[name]).bytes) }

    /// An id that becomes a part of a path.
    func id(_ name: String) throws -> String {
        let id = string(name) ?? ""
        guard isPathSafe(id), !id.allSatisfy(\.isWhitespace) else {
            throw bad(name, "an id expected, got \(shown(id))")
        }
        return id
    }
}
