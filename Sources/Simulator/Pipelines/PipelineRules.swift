import GRDB
import JSON

/// Pipelines as writes of records see them: which there are, and which stages each has.
struct PipelineRules: Sendable, Equatable {
    struct Stage: Sendable, Equatable {
        var id: String
        var label: String
    }

    struct Pipeline: Sendable, Equatable {
        var id: String
        var label: String
        var stages: [Stage]
    }

    let type: PortalObjectType
    let pipelines: [Pipeline]

    /// The property that holds a record's stage, and the one that holds its pipeline.
    static func properties(of type: PortalObjectType) -> (stage: String, pipeline: String) {
        type.id == "0-3" ? ("dealstage", "pipeline") : ("hs_pipeline_stage", "hs_pipeline")
    }

    /// Those of each type that has pipelines.
    static func all(in schema: Schema, _ db: Database) throws -> [PipelineRules] {
        let ordinals = try Int64.fetchAll(db, sql: "SELECT DISTINCT type FROM pipelines WHERE archived = 0")
        return try ordinals.compactMap { schema.type(ordinal: $0) }.map { type in
            PipelineRules(
                type: type,
                pipelines: try PipelinesAPI.all(type, db).map { pipeline in
                    Pipeline(
                        id: pipeline["id"]?.string ?? "", label: pipeline["label"]?.string ?? "",
                        stages: (pipeline["stages"]?.array ?? []).map {
                            Stage(id: $0["id"]?.string ?? "", label: $0["label"]?.string ?? "")
                        })
                })
        }
    }

    /// The two properties as selections among the pipelines and stages that there are.
    func definitions(in schema: Schema) -> [PropertyDefinition] {
        let names = Self.properties(of: type)
        func choice(_ name: String, _ options: [(String, String)]) -> PropertyDefinition? {
            guard var property = schema.definition(name, of: type) else { return nil }
            (property.kind, property.fieldType, property.externalOptions) = (.enumeration, "select", true)
            property.options = options.enumerated().map {
                .init(label: $0.element.1, value: $0.element.0, displayOrder: Int64($0.offset))
            }
            return property
        }
        return [
            choice(names.pipeline, pipelines.map { ($0.id, $0.label) }),
            choice(names.stage, pipelines.flatMap { $0.stages.map { ($0.id, $0.label) } }),
        ].compactMap { $0 }
    }

    /// The values with the only pipeline that there is, where none is named.
    func completed(_ values: [String: String]) -> [String: String] {
        let names = Self.properties(of: type)
        guard pipelines.count == 1, values[names.pipeline]?.isEmpty != false, values[names.stage]?.isEmpty == false
        else { return values }
        return values.merging([names.pipeline: pipelines[0].id]) { $1 }
    }

    /// The need of a create beside the type's own requirement: the pipeline, if there are several.
    var required: [String] { pipelines.count > 1 ? [Self.properties(of: type).pipeline] : [] }

    /// 400 for a stage of another pipeline.
    func check(_ values: [String: String], changed: Set<String>) throws(APIError) {
        let names = Self.properties(of: type)
        guard changed.contains(names.stage) || changed.contains(names.pipeline),
            let stage = values[names.stage], !stage.isEmpty, let id = values[names.pipeline],
            let pipeline = pipelines.first(where: { $0.id == id }), !pipeline.stages.contains(where: { $0.id == stage })
        else { return }
        throw PropertyValidator.refusal(
            names.stage, "INVALID_OPTION", "\(stage) is not a stage of pipeline \(id)", portalID: Portal.id)
    }
}
