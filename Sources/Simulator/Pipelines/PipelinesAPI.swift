import GRDB
import JSON
import Wire

/// `/crm/pipelines/{type}` and the stages of each.
enum PipelinesAPI {
    static var routes: [Route] {
        let reading = ObjectsAPI.reading
        let writing = PropertiesAPI.writing
        let base = "crm/pipelines/{type}"
        let one = base + "/{pipeline}"
        let stages = one + "/stages"
        let stage = stages + "/{stage}"
        return [
            Route("GET", base, reading, .read(list)),
            Route("POST", base, writing, .schema(create)),
            Route("GET", one, reading, .read(get)),
            Route("PUT", one, writing, .schema(replace)),
            Route("PATCH", one, writing, .schema(update)),
            Route("DELETE", one, writing, .schema(delete)),
            Route("GET", stages, reading, .read(listStages)),
            Route("POST", stages, writing, .schema(createStage)),
            Route("GET", stage, reading, .read(getStage)),
            Route("PUT", stage, writing, .schema(replaceStage)),
            Route("PATCH", stage, writing, .schema(updateStage)),
            Route("DELETE", stage, writing, .schema(deleteStage)),
            Route(
                "GET", one + "/audit", reading,
                .read { call, db in try PipelineAudit.list(call.parameter("pipeline"), call, db) }),
            Route(
                "GET", stage + "/audit", reading,
                .read { call, db in try PipelineAudit.list(call.parameter("stage"), call, db) }),
        ]
    }

    // MARK: Storing

    static func all(_ type: PortalObjectType, _ db: Database) throws -> [JSONValue] {
        try String.fetchAll(
            db, sql: "SELECT definition FROM pipelines WHERE type = ? AND archived = 0 ORDER BY position, id",
            arguments: [type.ordinal]
        ).map { try JSONValue.parse($0.utf8) }
    }

    private static func find(_ call: Call, _ db: Database) throws -> JSONValue {
        let text = try String.fetchOne(
            db, sql: "SELECT definition FROM pipelines WHERE type = ? AND id = ? AND archived = 0",
            arguments: [try call.objectType().ordinal, call.parameter("pipeline")])
        guard let text else { throw APIError.recordNotFound }
        return try JSONValue.parse(text.utf8)
    }

    private static func save(_ pipeline: JSONValue, _ action: PipelineAudit.Action?, _ call: Call, _ db: Database)
        throws
    {
        try db.execute(
            sql: "INSERT OR REPLACE INTO pipelines (type, id, position, archived, definition) VALUES (?, ?, ?, 0, ?)",
            arguments: [
                try call.objectType().ordinal, pipeline["id"]?.string ?? "", pipeline["displayOrder"]?.integer ?? 0,
                pipeline.text,
            ])
        if let action { try PipelineAudit.note(action, pipeline, call, db) }
    }

    private static func checkUnused(_ property: String, _ value: String, _ call: Call, _ db: Database) throws {
        guard call.query.flag("validateReferencesBeforeDelete") || property.hasSuffix("stage") else { return }
        let type = try call.objectType()
        let key = try Int64.fetchOne(
            db,
            sql: "SELECT key FROM records WHERE type = ? AND archived = 0 AND json_extract(properties, ?) = ? LIMIT 1",
            arguments: [type.ordinal, "$.\(property)", value])
        guard key != nil else { return }
        var error = APIError.validation("\(value) is in use by records of \(type.id)")
        error.subCategory =
            property.hasSuffix("stage") ? "PipelineError.STAGE_ID_IN_USE" : "PipelineError.PIPELINE_ID_IN_USE"
        throw error
    }

    // MARK: Pipelines

    private static func list(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        SimulatorResponse(200, ["results": .array(try all(call.objectType(), db))])
    }

    private static func get(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        SimulatorResponse(200, try find(call, db))
    }

    private static func make(_ body: JSONValue, id: String, _ call: Call) throws -> JSONValue {
        try body.require(["label", "displayOrder", "stages"])
        let stages = try body.requiredArray("stages").map { stage in
            try makeStage(stage, id: stage["stageId"]?.string ?? stage["id"]?.string ?? UUIDs.version4(), call)
        }
        let time = JSONValue.string(Timestamp.iso(call.now))
        return [
            "label": .string(try body.requiredScalar("label")),
            "displayOrder": .integer(try order(body)),
            "id": .string(id), "stages": .array(stages), "createdAt": time, "updatedAt": time, "archived": false,
        ]
    }

    private static func create(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let body = try call.object()
        let pipeline = try make(body, id: body["pipelineId"]?.string ?? UUIDs.version4(), call)
        try save(pipeline, .create, call, db)
        return SimulatorResponse(201, pipeline).located(pipeline["id"]?.string ?? "", call)
    }

    private static func replace(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let old = try find(call, db)
        let pipeline = try make(call.object(), id: call.parameter("pipeline"), call)
            .setting("createdAt", to: old["createdAt"] ?? .null)
        let kept = Set(stages(pipeline).compactMap { $0["id"]?.string })
        for id in stages(old).compactMap({ $0["id"]?.string }) where !kept.contains(id) {
            try checkUnused(PipelineRules.properties(of: try call.objectType()).stage, id, call, db)
        }
        try save(pipeline, .update, call, db)
        return SimulatorResponse(200, pipeline)
    }

    private static func update(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        var pipeline = try find(call, db)
        let body = try call.object()
        if let label = try body.scalar("label") { pipeline = pipeline.setting("label", to: .string(label)) }
        if let order = body["displayOrder"]?.integer {
            pipeline = pipeline.setting("displayOrder", to: .integer(order))
        }
        pipeline = pipeline.setting("updatedAt", to: .string(Timestamp.iso(call.now)))
        try save(pipeline, .update, call, db)
        return SimulatorResponse(200, pipeline)
    }

    private static func delete(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let type = try call.objectType()
        let pipeline = try find(call, db)
        try checkUnused(PipelineRules.properties(of: type).pipeline, call.parameter("pipeline"), call, db)
        try db.execute(
            sql: "UPDATE pipelines SET archived = 1 WHERE type = ? AND id = ?",
            arguments: [type.ordinal, call.parameter("pipeline")])
        try PipelineAudit.note(.delete, pipeline, call, db)
        return SimulatorResponse(204)
    }

    // MARK: Stages

    private static func makeStage(_ body: JSONValue, id: String, _ call: Call) throws -> JSONValue {
        guard body.members != nil else {
            throw APIError.input("Cannot deserialize value from \(Call.token(body)) at \"stages\"")
        }
        try body.require(["label", "displayOrder", "metadata"])
        let time = JSONValue.string(Timestamp.iso(call.now))
        return [
            "label": .string(try body.requiredScalar("label")), "displayOrder": .integer(try order(body)),
            "metadata": try metadata(body["metadata"] ?? .null, call), "createdAt": time, "updatedAt": time,
            "id": .string(id), "archived": false, "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        ]
    }

    private static func order(_ body: JSONValue) throws(APIError) -> Int64 {
        guard let order = body["displayOrder"]?.integer else {
            throw .input("Cannot deserialize value of type `int` at \"displayOrder\"")
        }
        return order
    }

    /// A stage's metadata: texts by name, for a deal its probability, for a ticket its state.
    private static func metadata(_ given: JSONValue, _ call: Call) throws(APIError) -> JSONValue {
        guard let members = given.members else {
            throw .input("Cannot deserialize value of type `java.util.Map` from \(Call.token(given)) at \"metadata\"")
        }
        var texts: JSONValue = [:]
        for member in members {
            guard let text = try given.scalar(member.key) else { continue }
            texts = texts.setting(member.key, to: .string(text))
        }
        switch try call.objectType().id {
        case "0-3":
            guard let probability = texts["probability"]?.double, 0...1 ~= probability else {
                throw .validation("Stage metadata needs a probability from 0.0 to 1.0")
            }
        case "0-5":
            guard ["OPEN", "CLOSED", nil].contains(texts["ticketState"]?.string) else {
                throw .validation("ticketState must be OPEN or CLOSED")
            }
        default: break
        }
        return texts
    }

    private static func stages(_ pipeline: JSONValue) -> [JSONValue] { pipeline["stages"]?.array ?? [] }

    private static func findStage(_ pipeline: JSONValue, _ call: Call) throws -> JSONValue {
        guard let stage = stages(pipeline).first(where: { $0["id"]?.string == call.parameter("stage") }) else {
            throw APIError.recordNotFound
        }
        return stage
    }

    private static func listStages(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        SimulatorResponse(200, ["results": .array(stages(try find(call, db)))])
    }

    private static func getStage(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        SimulatorResponse(200, try findStage(try find(call, db), call))
    }

    private static func createStage(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let pipeline = try find(call, db)
        let body = try call.object()
        let stage = try makeStage(body, id: body["stageId"]?.string ?? UUIDs.version4(), call)
        try save(pipeline.setting("stages", to: .array(stages(pipeline) + [stage])), nil, call, db)
        try PipelineAudit.note(.create, stage, call, db)
        return SimulatorResponse(201, stage).located(stage["id"]?.string ?? "", call)
    }

    /// PUT: everything that makes a stage must be there.
    private static func replaceStage(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        try call.object().require(["label", "displayOrder", "metadata"])
        return try updateStage(call, db)
    }

    private static func updateStage(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let pipeline = try find(call, db)
        var stage = try findStage(pipeline, call)
        let body = try call.object()
        if let label = try body.scalar("label") { stage = stage.setting("label", to: .string(label)) }
        if let given = body["displayOrder"], !given.isNull {
            stage = stage.setting("displayOrder", to: .integer(try order(body)))
        }
        if let given = body["metadata"], !given.isNull {
            stage = stage.setting("metadata", to: try metadata(given, call))
        }
        stage = stage.setting("updatedAt", to: .string(Timestamp.iso(call.now)))
        let id = call.parameter("stage")
        let changed = stages(pipeline).map { $0["id"]?.string == id ? stage : $0 }
        try save(pipeline.setting("stages", to: .array(changed)), nil, call, db)
        try PipelineAudit.note(.update, stage, call, db)
        return SimulatorResponse(200, stage)
    }

    private static func deleteStage(_ call: Call, _ db: Database) throws -> SimulatorResponse {
        let pipeline = try find(call, db)
        let id = call.parameter("stage")
        let stage = try findStage(pipeline, call)
        try checkUnused(PipelineRules.properties(of: try call.objectType()).stage, id, call, db)
        let left = stages(pipeline).filter { $0["id"]?.string != id }
        try save(pipeline.setting("stages", to: .array(left)), nil, call, db)
        try PipelineAudit.note(.delete, stage, call, db)
        return SimulatorResponse(204)
    }
}
