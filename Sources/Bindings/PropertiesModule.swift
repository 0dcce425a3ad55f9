import HubSpot
import JSON
import LuaRuntime

extension LuaModule {
    /// `hubspot.properties`: the definitions of properties.
    static func properties(_ source: SessionSource) -> LuaModule {
        let declarations = PropertyFunctions(source: source)
        return LuaModule(
            "hubspot.properties",
            "Reads and changes the definitions of properties. What was read is kept for five minutes, until the session "
                + "changes a definition itself.",
            functions: declarations.definitions + declarations.groups, submodules: ["batch"],
            submodule: { name in
                guard name == "batch" else { return nil }
                return LuaModule(
                    "hubspot.properties.batch", "Reads and changes lists of definitions, of any length.",
                    functions: declarations.batches)
            })
    }
}

private struct PropertyFunctions {
    let source: SessionSource

    private let type = LuaParameter.objectType("type")
    private let name = LuaParameter.required("name", .string, "The property's internal name.")
    private let group = LuaParameter.required("name", .string, "The group's internal name.")
    private let names = LuaParameter.required("names", .list(.string), "Internal names.")
    private let path = "/crm/properties/{version}/{type}"

    private var endpoints: Endpoints<PropertyDefinitions> {
        Endpoints(source: source) { call in
            let type = try call.objectType("type")
            return { PropertyDefinitions(type, session: $0) }
        }
    }

    private static let listOptions = LuaShape(
        "hubspot.PropertyListOpts", "Which definitions.",
        fields: [
            Shapes.archived,
            .optional(
                "dataSensitivity", .choice(["non_sensitive", "sensitive", "highly_sensitive"]),
                "`non_sensitive` if left out."), Shapes.refresh,
        ])
    private static let getOptions = LuaShape(
        "hubspot.PropertyGetOpts", "Which definition.", fields: [Shapes.archived, Shapes.refresh])

    var definitions: [LuaFunction] {
        [
            endpoints.function(
                "list", "Fetches all of a type's definitions.",
                [type, .optional("opts", .shape(Self.listOptions), "Which definitions.")],
                returns: LuaReturn(.table, "`{ results = { { name, label, type, fieldType, options } } }`."),
                source: "GET \(path)", example: "hubspot.properties.list(\"contacts\").results[1].name"
            ) { call in
                let archived = call.option("archived").asBoolean ?? false
                let sensitivity = call.option("dataSensitivity").asString
                let refresh = call.refreshes
                return { try await $0.list(archived: archived, sensitivity: sensitivity, refresh: refresh) }
            },
            endpoints.function(
                "get", "Fetches one definition.",
                [type, name, .optional("opts", .shape(Self.getOptions), "Which definition.")], raises: ["not_found"],
                source: "GET \(path)/{name}",
                example: "hubspot.properties.get(\"contacts\", \"lifecyclestage\").options"
            ) { call in
                let name = try call.name("name")
                let archived = call.option("archived").asBoolean ?? false
                let refresh = call.refreshes
                return { try await $0.get(name, archived: archived, refresh: refresh) }
            },
            endpoints.function(
                "create", "Creates a property.",
                [
                    type,
                    .required("definition", NestedShapes.property, "`{ name, label, type, fieldType, groupName, … }`."),
                ],
                raises: ["validation", "conflict"], source: "POST \(path)",
                example: "hubspot.properties.create(\"contacts\", { name = \"shoe_size\", label = \"Shoe size\", "
                    + "type = \"number\", fieldType = \"number\", groupName = \"contactinformation\" })"
            ) { call in
                let definition = try call.jsonArgument("definition")
                return { try await $0.create(definition) }
            },
            endpoints.function(
                "update", "Changes a definition.", details: "`options` replaces the whole list.",
                [type, name, .required("changes", NestedShapes.property, "What is to be different.")],
                raises: ["not_found", "validation"], source: "PATCH \(path)/{name}",
                example: "hubspot.properties.update(\"contacts\", \"shoe_size\", { label = \"Size\" })"
            ) { call in
                let (name, changes) = (try call.name("name"), try call.jsonArgument("changes"))
                return { try await $0.update(name, changes) }
            },
            endpoints.action(
                "delete", "Archives a property.", [type, name, Shapes.confirmOptions],
                raises: ["not_found", "validation"],
                source: "DELETE \(path)/{name}", example: "hubspot.properties.delete(\"contacts\", \"shoe_size\")"
            ) { call in
                let name = try call.name("name")
                return { try await $0.delete(name) }
            },
        ]
    }

    var groups: [LuaFunction] {
        [
            endpoints.function(
                "groups", "Fetches the groups in which a type's properties are shown.",
                [type, .refreshOptions],
                returns: LuaReturn(.table, "`{ results = { { name, label, displayOrder } } }`."),
                source: "GET \(path)/groups", example: "hubspot.properties.groups(\"contacts\").results"
            ) { call in
                let refresh = call.refreshes
                return { try await $0.groups(refresh: refresh) }
            },
            endpoints.function(
                "get_group", "Fetches one group.", [type, group, .refreshOptions], raises: ["not_found"],
                source: "GET \(path)/groups/{name}",
                example: "hubspot.properties.get_group(\"contacts\", \"contactinformation\").label"
            ) { call in
                let (name, refresh) = (try call.name("name"), call.refreshes)
                return { try await $0.group(name, refresh: refresh) }
            },
            endpoints.function(
                "create_group", "Creates a group.",
                [type, .required("definition", NestedShapes.propertyGroup, "`{ name, label, displayOrder }`.")],
                raises: ["validation", "conflict"], source: "POST \(path)/groups",
                example: "hubspot.properties.create_group(\"contacts\", { name = \"shoes\", label = \"Shoes\" })"
            ) { call in
                let definition = try call.jsonArgument("definition")
                return { try await $0.createGroup(definition) }
            },
            endpoints.function(
                "update_group", "Changes a group.",
                [type, group, .required("changes", NestedShapes.propertyGroup, "What is to be different.")],
                raises: ["not_found", "validation"], source: "PATCH \(path)/groups/{name}",
                example: "hubspot.properties.update_group(\"contacts\", \"shoes\", { label = \"Footwear\" })"
            ) { call in
                let (name, changes) = (try call.name("name"), try call.jsonArgument("changes"))
                return { try await $0.updateGroup(name, changes) }
            },
            endpoints.action(
                "delete_group", "Archives a group.", [type, group, Shapes.confirmOptions],
                raises: ["not_found", "validation"],
                source: "DELETE \(path)/groups/{name}",
                example: "hubspot.properties.delete_group(\"contacts\", \"shoes\")"
            ) { call in
                let name = try call.name("name")
                return { try await $0.deleteGroup(name) }
            },
        ]
    }

    var batches: [LuaFunction] {
        let element = { @Sendable (call: LuaCall, path: String, value: LuaValue) throws -> String in
            let name = value.asString ?? ""
            guard call.isPathSafe(name) else { throw call.bad(path, "a name expected, got \(call.shown(name))") }
            return name
        }
        return [
            endpoints.batch(
                "read", "Fetches the definitions of a list.", [type, names], list: "names",
                source: "POST \(path)/batch/read",
                example: "hubspot.properties.batch.read(\"contacts\", { \"email\", \"firstname\" }).results",
                element: element
            ) { _ in { await $0.read($1) } },
            endpoints.batch(
                "create", "Creates the properties of a list.",
                [
                    type,
                    .required("list", .list(NestedShapes.property), "Definitions, as `properties.create` takes one."),
                ],
                list: "list", source: "POST \(path)/batch/create",
                example:
                    "hubspot.properties.batch.create(\"contacts\", { { name = \"shoe_size\", label = \"Shoe size\", "
                    + "type = \"number\", fieldType = \"number\", groupName = \"contactinformation\" } })",
                element: { call, path, value in
                    guard let name = value.asTable?["name"].asString, !name.isEmpty else {
                        throw call.bad("\(path).name", "a name expected")
                    }
                    return JSONSlice(try call.json(path, value).bytes)
                }
            ) { _ in { await $0.create($1) } },
            endpoints.batch(
                "archive", "Archives the properties of a list.", details: "HubSpot does not say which did not exist.",
                [type, names, Shapes.confirmOptions], list: "names", source: "POST \(path)/batch/archive",
                example: "hubspot.properties.batch.archive(\"contacts\", { \"shoe_size\" })", element: element
            ) { _ in { await $0.archive($1) } },
        ]
    }
}

extension LuaParameter {
    static func objectType(_ name: String) -> LuaParameter {
        .required(name, .string, "An object type: `contacts`, `companies`, `0-1`, `2-123`.")
    }

    static let refreshOptions = LuaParameter.optional(
        "opts", .shape(LuaShape("hubspot.RefreshOpts", "Whether it is asked anew.", fields: [Shapes.refresh])),
        "Whether it is asked anew.")
}

extension LuaCall {
    var refreshes: Bool { option("refresh").asBoolean ?? false }

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
