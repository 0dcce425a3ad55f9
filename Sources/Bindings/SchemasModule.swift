import HubSpot
import LuaRuntime

extension LuaModule {
    /// `hubspot.schemas`: the portal's custom object types.
    static func schemas(_ source: SessionSource) -> LuaModule {
        let endpoints = Endpoints(source) { ObjectSchemas(session: $0) }
        let type = LuaParameter.required(
            "type", .string, "A custom type: `2-123`, its name or its fully qualified name.")
        let path = "/crm-object-schemas/{version}/schemas"
        let answer = LuaReturn(.table, "`{ objectTypeId, name, fullyQualifiedName, labels, properties, … }`.")
        let options = LuaShape(
            "hubspot.SchemaListOpts", "Which types.", fields: [Shapes.archived, Shapes.refresh])
        return LuaModule(
            "hubspot.schemas",
            "Reads and changes the portal's custom object types. What was read is kept for five minutes, until the session "
                + "changes a type itself. Their records: `hubspot.objects(type)`.",
            functions: [
                endpoints.function(
                    "list", "Fetches all custom types.", [.optional("opts", .shape(options), "Which types.")],
                    returns: LuaReturn(.table, "`{ results = { { objectTypeId, name, labels } } }`."),
                    source: "GET \(path)", example: "hubspot.schemas.list().results"
                ) { call in
                    let (archived, refresh) = (call.option("archived").asBoolean ?? false, call.refreshes)
                    return { try await $0.list(archived: archived, refresh: refresh) }
                },
                endpoints.function(
                    "get", "Fetches one custom type.", [type, .refreshOptions], returns: answer, raises: ["not_found"],
                    source: "GET \(path)/{type}", example: "hubspot.schemas.get(\"2-123\").labels"
                ) { call in
                    let (type, refresh) = (try call.objectType("type"), call.refreshes)
                    return { try await $0.get(type, refresh: refresh) }
                },
                endpoints.function(
                    "create", "Creates a custom type.",
                    [
                        .required(
                            "definition", NestedShapes.schema,
                            "`{ name, labels = { singular, plural }, primaryDisplayProperty, requiredProperties, "
                                + "properties = { { name, label, type, fieldType } }, associatedObjects }`.")
                    ], returns: answer, raises: ["validation", "conflict"], source: "POST \(path)",
                    example:
                        "hubspot.schemas.create{ name = \"car\", labels = { singular = \"Car\", plural = \"Cars\" }, "
                        + "primaryDisplayProperty = \"plate\", requiredProperties = { \"plate\" }, properties = { "
                        + "{ name = \"plate\", label = \"Plate\", type = \"string\", fieldType = \"text\" } }, "
                        + "associatedObjects = { \"CONTACT\" } }"
                ) { call in
                    let definition = try call.jsonArgument("definition")
                    return { try await $0.create(definition) }
                },
                endpoints.function(
                    "update", "Changes a custom type.",
                    [
                        type,
                        .required(
                            "changes", NestedShapes.schema, "What is to be different: `{ labels, requiredProperties }`."
                        ),
                    ],
                    returns: answer, raises: ["not_found", "validation"], source: "PATCH \(path)/{type}",
                    example:
                        "hubspot.schemas.update(\"2-123\", { labels = { singular = \"Car\", plural = \"Fleet\" } })"
                ) { call in
                    let (type, changes) = (try call.objectType("type"), try call.jsonArgument("changes"))
                    return { try await $0.update(type, changes) }
                },
                endpoints.action(
                    "delete", "Archives a custom type that has no records any more.", [type, Shapes.confirmOptions],
                    raises: ["not_found", "validation"], source: "DELETE \(path)/{type}",
                    example: "hubspot.schemas.delete(\"2-123\")"
                ) { call in
                    let type = try call.objectType("type")
                    return { try await $0.delete(type) }
                },
            ])
    }
}
