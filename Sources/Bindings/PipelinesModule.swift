import HubSpot
import LuaRuntime

extension LuaModule {
    /// `hubspot.pipelines`: pipelines and their stages.
    static func pipelines(_ source: SessionSource) -> LuaModule {
        let declarations = PipelineFunctions(source: source)
        return LuaModule(
            "hubspot.pipelines",
            "Reads and changes the pipelines of deals, tickets and other types, and their stages. What was read is kept "
                + "for five minutes, until the session changes a pipeline itself.",
            functions: declarations.pipelines + declarations.stages)
    }
}

private struct PipelineFunctions {
    let source: SessionSource

    private let type = LuaParameter.objectType("type")
    private let id = LuaParameter.required("id", .id, "The pipeline's id: `default`.")
    private let stage = LuaParameter.required("stage", .id, "The stage's id: `qualifiedtobuy`.")
    private let path = "/crm/pipelines/{version}/{type}"
    private let deleteOptions = LuaParameter.optional(
        "opts",
        .shape(
            LuaShape(
                "hubspot.PipelineDeleteOpts", "How careful HubSpot is.",
                fields: [
                    .optional(
                        "validateReferencesBeforeDelete", .boolean, "Refuses where records are in the pipeline."),
                    Shapes.confirm,
                ])), "How careful HubSpot is.")

    private var endpoints: Endpoints<Pipelines> {
        Endpoints(source: source) { call in
            let type = try call.objectType("type")
            return { Pipelines(type, session: $0) }
        }
    }

    var pipelines: [LuaFunction] {
        let answer = LuaReturn(.table, "`{ id, label, displayOrder, stages }`.")
        return [
            endpoints.function(
                "list", "Fetches all pipelines of a type.", [type, .refreshOptions],
                returns: LuaReturn(.table, "`{ results = { { id, label, stages } } }`."), source: "GET \(path)",
                example: "hubspot.pipelines.list(\"deals\").results[1].stages"
            ) { call in
                let refresh = call.refreshes
                return { try await $0.list(refresh: refresh) }
            },
            endpoints.function(
                "get", "Fetches one pipeline.", [type, id, .refreshOptions], returns: answer, raises: ["not_found"],
                source: "GET \(path)/{id}", example: "hubspot.pipelines.get(\"deals\", \"default\").label"
            ) { call in
                let (id, refresh) = (try call.id("id"), call.refreshes)
                return { try await $0.get(id, refresh: refresh) }
            },
            endpoints.function(
                "create", "Creates a pipeline with its stages.",
                [
                    type,
                    .required(
                        "definition", NestedShapes.pipeline,
                        "`{ label, displayOrder, stages = { { label, displayOrder, metadata = { probability = \"0.5\" } } } }`."
                    ),
                ], returns: answer, raises: ["validation", "conflict"], source: "POST \(path)",
                example: "hubspot.pipelines.create(\"deals\", { label = \"Renewals\", displayOrder = 1, stages = { "
                    + "{ label = \"Open\", displayOrder = 0, metadata = { probability = \"0.2\" } } } })"
            ) { call in
                let definition = try call.jsonArgument("definition")
                return { try await $0.create(definition) }
            },
            endpoints.function(
                "update", "Changes a pipeline; its stages stay.",
                [type, id, .required("changes", NestedShapes.pipeline, "`{ label, displayOrder }`.")], returns: answer,
                raises: ["not_found", "validation"], source: "PATCH \(path)/{id}",
                example: "hubspot.pipelines.update(\"deals\", \"default\", { label = \"Sales\" })"
            ) { call in
                let (id, changes) = (try call.id("id"), try call.jsonArgument("changes"))
                return { try await $0.update(id, changes) }
            },
            endpoints.function(
                "replace", "Defines a pipeline anew, its stages included.",
                [type, id, .required("definition", NestedShapes.pipeline, "As for `create`."), deleteOptions],
                returns: answer,
                raises: ["not_found", "validation"], source: "PUT \(path)/{id}",
                example: "hubspot.pipelines.replace(\"deals\", \"4711\", { label = \"Renewals\", displayOrder = 1, "
                    + "stages = { { label = \"Open\", displayOrder = 0, metadata = { probability = \"0.2\" } } } })"
            ) { call in
                let (id, definition) = (try call.id("id"), try call.jsonArgument("definition"))
                let validates = call.option("validateReferencesBeforeDelete").asBoolean ?? false
                return { try await $0.replace(id, definition, validatesReferences: validates) }
            },
            endpoints.action(
                "delete", "Deletes a pipeline.", [type, id, deleteOptions], raises: ["not_found", "validation"],
                source: "DELETE \(path)/{id}", example: "hubspot.pipelines.delete(\"deals\", \"4711\")"
            ) { call in
                let id = try call.id("id")
                let validates = call.option("validateReferencesBeforeDelete").asBoolean ?? false
                return { try await $0.delete(id, validatesReferences: validates) }
            },
        ]
    }

    var stages: [LuaFunction] {
        let answer = LuaReturn(.table, "`{ id, label, displayOrder, metadata }`.")
        return [
            endpoints.function(
                "stages", "Fetches the stages of a pipeline.", [type, id, .refreshOptions],
                returns: LuaReturn(.table, "`{ results = { { id, label, metadata } } }`."), raises: ["not_found"],
                source: "GET \(path)/{id}/stages", example: "hubspot.pipelines.stages(\"deals\", \"default\").results"
            ) { call in
                let (id, refresh) = (try call.id("id"), call.refreshes)
                return { try await $0.stages(id, refresh: refresh) }
            },
            endpoints.function(
                "get_stage", "Fetches one stage.", [type, id, stage, .refreshOptions], returns: answer,
                raises: ["not_found"], source: "GET \(path)/{id}/stages/{stage}",
                example: "hubspot.pipelines.get_stage(\"deals\", \"default\", \"closedwon\").label"
            ) { call in
                let (id, stage, refresh) = (try call.id("id"), try call.id("stage"), call.refreshes)
                return { try await $0.stage(id, stage, refresh: refresh) }
            },
            endpoints.function(
                "create_stage", "Adds a stage to a pipeline.",
                [
                    type, id,
                    .required(
                        "definition", NestedShapes.stage,
                        "`{ label, displayOrder, metadata = { probability = \"0.5\" } }`."),
                ], returns: answer, raises: ["not_found", "validation"], source: "POST \(path)/{id}/stages",
                example: "hubspot.pipelines.create_stage(\"deals\", \"default\", { label = \"Negotiation\", "
                    + "displayOrder = 5, metadata = { probability = \"0.7\" } })"
            ) { call in
                let (id, definition) = (try call.id("id"), try call.jsonArgument("definition"))
                return { try await $0.createStage(id, definition) }
            },
            endpoints.function(
                "update_stage", "Changes a stage.",
                [type, id, stage, .required("changes", NestedShapes.stage, "`{ label, displayOrder, metadata }`.")],
                returns: answer, raises: ["not_found", "validation"], source: "PATCH \(path)/{id}/stages/{stage}",
                example: "hubspot.pipelines.update_stage(\"deals\", \"default\", \"closedwon\", { label = \"Won\" })"
            ) { call in
                let (id, stage, changes) = (try call.id("id"), try call.id("stage"), try call.jsonArgument("changes"))
                return { try await $0.updateStage(id, stage, changes) }
            },
            endpoints.function(
                "audit", "Fetches what was changed in a pipeline, or in one of its stages.",
                [type, id, .optional("stage", .id, "The stage's id.")],
                returns: LuaReturn(.table, "`{ results = { { action, identifier, timestamp, rawObject } } }`."),
                raises: ["not_found"], source: "GET \(path)/{id}/audit, \(path)/{id}/stages/{stage}/audit",
                example: "hubspot.pipelines.audit(\"deals\", \"default\").results"
            ) { call in
                let (id, stage) = (try call.id("id"), call["stage"] == .none ? nil : try call.id("stage"))
                return { try await $0.audit(id, stage: stage) }
            },
            endpoints.action(
                "delete_stage", "Deletes a stage that no record stands in.", [type, id, stage, Shapes.confirmOptions],
                raises: ["not_found", "validation"], source: "DELETE \(path)/{id}/stages/{stage}",
                example: "hubspot.pipelines.delete_stage(\"deals\", \"default\", \"4711\")"
            ) { call in
                let (id, stage) = (try call.id("id"), try call.id("stage"))
                return { try await $0.deleteStage(id, stage) }
            },
        ]
    }
}
