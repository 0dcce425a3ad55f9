import HubSpot
import LuaRuntime

extension LuaModule {
    /// `hubspot.contacts.batch`: lists of any length, 100 records to a request (50 with history).
    static func objectsBatch(_ type: ObjectType, named name: String, record noun: String, _ source: SessionSource)
        -> LuaModule
    {
        LuaModule(
            name,
            "Reads and changes lists of \(ObjectFunctions.records(noun)), of any length. One bad record fails no other: `errors` holds an "
                + "error with its `index` for each. Raises only where nothing was sent successfully.",
            functions: BatchFunctions(type: type, noun: noun, source: source).all)
    }
}

/// The declarations of one type's batch functions.
private struct BatchFunctions {
    let type: ObjectType
    let noun: String
    let source: SessionSource

    private var path: String { "/crm/objects/{version}/\(type.name)/batch" }
    private var examples: ObjectExamples { ObjectExamples(type: type) }
    private var module: String { examples.module + ".batch" }
    private let result = [LuaReturn(.named("hubspot.BatchResult"), "`{ results, errors }`.")]

    var all: [LuaFunction] { [read, create, update, upsert, archive] }

    /// Reads each element on its own, runs the batch over those that make sense, and answers for all.
    private func body<Element: Sendable>(
        _ element: @escaping @Sendable (LuaCall, _ path: String, LuaValue) throws -> Element,
        _ run: @escaping @Sendable (CRMObjects, [Element], LuaCall) async throws -> BatchOutcome
    ) -> LuaBody {
        .suspending { [source, type] call in
            let (elements, failures) = try call.elements(of: "list") { try element(call, $0, $1) }
            guard !elements.isEmpty else {
                return [.object([("results", []), ("errors", [])])]
            }
            let isTyped = call.option("typed").asBoolean ?? false
            let outcome = try await source.use(for: call) { session in
                let objects = CRMObjects(type, session: session)
                if isTyped { try await objects.readDefinitions() }
                var outcome = try await run(objects, elements.map(\.element), call)
                guard isTyped else { return outcome }
                for index in outcome.successes.indices {
                    outcome.successes[index].record = try await objects.typed(outcome.successes[index].record)
                }
                return outcome
            }
            return try call.batchResult(outcome, indices: elements.map(\.index), failures: failures)
        }
    }

    private var read: LuaFunction {
        LuaFunction(
            "read", "Fetches the \(ObjectFunctions.records(noun)) of a list.",
            details: "One that does not exist is in `errors`, of kind not_found.",
            parameters: [
                .required("list", .list(.id), idsSummary),
                .optional("opts", .shape(Shapes.batchReadOptions), "What to fetch."),
            ], returns: result, source: "POST \(path)/read", example: "\(module).read{ 501, 502 }",
            body: body(reference) { objects, records, call in
                await objects.read(records, try call.readOptions())
            })
    }

    private var create: LuaFunction {
        LuaFunction(
            "create", "Creates the \(ObjectFunctions.records(noun)) of a list.",
            parameters: [
                .required("list", .list(.table), "Property tables, or `{ properties = { … }, associations = { … } }`."),
                .optional("opts", .shape(Shapes.batchCreateOptions), "How they are answered."),
            ], returns: result, source: "POST \(path)/create",
            example: "\(module).create\(examples.list)",
            body: body(
                { call, path, value in
                    let (properties, associations) = try Self.written(call, path, value)
                    return (write: CRMObjects.BatchWrite(nil, properties), links: associations, path: path)
                },
                { objects, records, call in
                    var writes = records.map(\.write)
                    for (index, record) in records.enumerated() where record.links != nil {
                        writes[index].associations = try await call.telling("\(record.path).associations") {
                            try await record.links?.json(of: objects)
                        }
                    }
                    return await objects.create(writes)
                }))
    }

    private var update: LuaFunction {
        LuaFunction(
            "update", "Changes the \(ObjectFunctions.records(noun)) of a list.",
            details: "Two changes of one record are made in the list's order.",
            parameters: [
                .required("list", .list(.table), "`{ id = …, properties = { … } }` each."),
                .optional("opts", .shape(Shapes.updateOptions), "How they are named."),
            ], returns: result, source: "POST \(path)/update",
            example: "\(module).update\(examples.changes)",
            body: body(
                { [type] call, path, value in
                    let table = value.asTable
                    try call.refuseUnknown(path, table ?? LuaTable(), known: ["id", "properties"])
                    let record = try call.reference(
                        "\(path).id", table?["id"] ?? .none, type, idProperty: try call.idProperty())
                    return CRMObjects.BatchWrite(
                        record, try call.properties("\(path).properties", table?["properties"] ?? .none))
                }, { objects, records, _ in await objects.update(records) }))
    }

    private var upsert: LuaFunction {
        let opts: LuaParameter =
            type.isContacts
            ? .optional("opts", .shape(Shapes.batchUpsertOptions), "How they are named.")
            : .required("opts", .shape(Shapes.batchUpsertOptions), "How they are named: `idProperty` must be given.")
        return LuaFunction(
            "upsert", "Changes or creates the \(ObjectFunctions.records(noun)) of a list.",
            details: "Properties that are left out stay as they are, unless `opts.whole` says that they do not matter. "
                + "`new` in each record says whether it was created.",
            parameters: [
                .required(
                    "list", .list(.table),
                    "`{ id = …, properties = { … } }` with a value of `opts.idProperty` as the id, or property tables that "
                        + "hold it."), opts,
            ], returns: result, source: "POST \(path)/read, \(path)/update, \(path)/create, or \(path)/upsert",
            example: "\(module).upsert\(examples.batchUpsert)",
            body: body(
                { [type] call, path, value in
                    guard let idProperty = try call.idProperty() ?? type.naturalKey, idProperty != "hs_object_id" else {
                        throw call.bad("opts.idProperty", "a property with unique values expected")
                    }
                    let table = value.asTable
                    let isWrapped = table?["properties"].asTable != nil
                    if isWrapped { try call.refuseUnknown(path, table ?? LuaTable(), known: ["id", "properties"]) }
                    let properties = try call.properties(
                        isWrapped ? "\(path).properties" : path, isWrapped ? table?["properties"] ?? .none : value)
                    let key =
                        isWrapped
                        ? LuaValue(table?["id"].asString ?? properties[idProperty])
                        : LuaValue(properties[idProperty])
                    guard key != .none else { throw call.bad(path, "a value of '\(idProperty)' expected, got none") }
                    let record = try call.reference("\(path).\(idProperty)", key, type, idProperty: idProperty)
                    try call.checkAgreement("\(path).properties.\(idProperty)", of: properties, with: record)
                    return CRMObjects.BatchWrite(record, properties)
                },
                { objects, records, call in
                    await objects.upsert(records, whole: call.option("whole").asBoolean ?? false)
                }))
    }

    private var archive: LuaFunction {
        LuaFunction(
            "archive", "Moves the \(ObjectFunctions.records(noun)) of a list to the recycle bin.",
            details: "HubSpot does not say which ids did not exist.",
            parameters: [
                .required("list", .list(.id), idsSummary),
                .optional("opts", .shape(Shapes.idOptions), "How they are named."),
            ], returns: result, source: "POST \(path)/archive", example: "\(module).archive{ 501, 502 }",
            body: body(reference) { objects, records, _ in await objects.archive(records) })
    }

    private var idsSummary: String {
        type.isContacts
            ? "Ids or email addresses, or values of `opts.idProperty`." : "Ids, or values of `opts.idProperty`."
    }

    private var reference: @Sendable (LuaCall, String, LuaValue) throws -> RecordReference {
        { [type] call, path, value in try call.reference(path, value, type, idProperty: try call.idProperty()) }
    }

    private static func written(_ call: LuaCall, _ path: String, _ value: LuaValue) throws -> (
        PropertyBag, LinkInput?
    ) {
        guard let table = value.asTable, table["properties"].asTable != nil else {
            return (try call.properties(path, value), nil)
        }
        for field in table.fields {
            guard let name = field.key.asString, ["properties", "associations"].contains(name) else {
                throw call.bad(path, "nothing expected beside properties and associations")
            }
        }
        return (
            try call.properties("\(path).properties", table["properties"]),
            try call.associations("\(path).associations", table["associations"])
        )
    }
}
