import HubSpot
import JSON
import LuaRuntime

extension LuaModule {
    /// `hubspot.contacts`, `hubspot.companies`, ..., `hubspot.objects(type)`: the same functions for every type.
    static func objects(_ type: ObjectType, named name: String, record noun: String, _ source: SessionSource)
        -> LuaModule
    {
        let declarations = ObjectFunctions(type: type, noun: noun, source: source)
        var functions = declarations.all
        if type.isContacts { functions.append(declarations.gdprDelete) }
        return LuaModule(
            name,
            type.isContacts
                ? "Reads and changes contacts. An argument with @ is an email address."
                : "Reads and changes \(ObjectFunctions.records(noun)).",
            functions: functions, primitives: declarations.primitives, prelude: Prelude.objects,
            submodules: ["batch"],
            submodule: { $0 == "batch" ? .objectsBatch(type, named: "\(name).batch", record: noun, source) : nil })
    }
}

/// The declarations of one object type's functions.
struct ObjectFunctions {
    let type: ObjectType
    /// The noun for one record: `contact`.
    let noun: String
    let source: SessionSource

    var path: String { "/crm/objects/{version}/\(type.name)" }
    var module: String { "hubspot.\(type.name)" }
    var examples: ObjectExamples { ObjectExamples(type: type) }

    var all: [LuaFunction] {
        [get, find, create, update, updateWhere, upsert, delete, merge, list, each, search, searchEach, count]
    }

    /// The noun for several records: `contact records`, or `records` where the type is not named.
    static func records(_ noun: String) -> String { noun == "record" ? "records" : "\(noun) records" }

    private var idName: String { type.isContacts ? "id_or_email" : "id" }

    private var id: LuaParameter {
        type.isContacts
            ? .required("id_or_email", .id, "The contact's id or email address.")
            : .required("id", .id, "The record's id, or a value of `opts.idProperty`.")
    }

    func body(
        _ read: @escaping @Sendable (LuaCall) throws -> @Sendable (CRMObjects) async throws -> [LuaValue]
    ) -> LuaBody {
        .suspending { [source, type] call in
            let work = try read(call)  // wrong arguments are told before a session is opened
            return try await source.use(for: call) { try await work(CRMObjects(type, session: $0)) }
        }
    }

    /// As `body`, for a function that answers one record, or none.
    private func recordBody(
        writes: Bool = false,
        _ read: @escaping @Sendable (LuaCall) throws -> @Sendable (CRMObjects) async throws -> JSONSlice?
    ) -> LuaBody {
        body { call in
            let work = try read(call)
            let isTyped = call.option("typed").asBoolean ?? false
            return { objects in
                // Before a write, so that its result is not lost where the definitions may not be read.
                if isTyped, writes { try await objects.readDefinitions() }
                guard let record = try await work(objects) else { return [.none] }
                return [.record(isTyped ? try await objects.typed(record) : record)]
            }
        }
    }

    private var get: LuaFunction {
        LuaFunction(
            "get", "Fetches one \(noun).",
            details: "Long lists of properties are asked for in a body, so that no address becomes too long.",
            parameters: [id, .optional("opts", .shape(Shapes.getOptions), "What to fetch.")],
            returns: [LuaReturn(.named("hubspot.Record"), "The \(noun).")], raises: ["not_found"],
            source: "GET \(path)/{id}", example: "\(examples.module).get(\(examples.id)).createdAt",
            body: recordBody { [type, idName] call in
                let record = try call.reference(idName, type)
                let options = try call.readOptions()
                return { try await $0.get(record, options) }
            })
    }

    private var find: LuaFunction {
        LuaFunction(
            "find", "Fetches one \(noun), or answers nil where there is none.",
            parameters: [id, .optional("opts", .shape(Shapes.getOptions), "What to fetch.")],
            returns: [LuaReturn(.either([.named("hubspot.Record"), .named("nil")]), "The \(noun), or nil.")],
            source: "GET \(path)/{id}", example: "\(examples.module).find(\(examples.id))",
            body: recordBody { [type, idName] call in
                let record = try call.reference(idName, type)
                let options = try call.readOptions()
                return { try await $0.find(record, options) }
            })
    }

    private var create: LuaFunction {
        LuaFunction(
            "create", "Creates one \(noun).",
            details: "Is never repeated when its fate is unknown. A conflict names the record that is in the way: "
                + "`existing_id`.",
            parameters: [
                propertiesParameter, .optional("opts", .shape(Shapes.createOptions), "What it is linked to."),
            ],
            returns: [LuaReturn(.named("hubspot.Record"), "The new \(noun).")], raises: ["validation", "conflict"],
            source: "POST \(path)", example: "\(examples.module).create{ \(examples.properties) }",
            body: recordBody(writes: true) { call in
                let properties = try call.properties("properties", call["properties"])
                let links = try call.associations("opts.associations", call.option("associations"))
                return { objects in
                    let associations = try await call.telling("opts.associations") {
                        try await links?.json(of: objects)
                    }
                    return try await call.tellingValues(at: { "properties.\($0)" }) {
                        try await objects.create(properties, associations: associations)
                    }
                }
            })
    }

    private var update: LuaFunction {
        LuaFunction(
            "update", "Changes properties of one \(noun).",
            details: "Properties that are left out stay as they are; `json.null` and \"\" clear one.",
            parameters: [id, propertiesParameter, .optional("opts", .shape(Shapes.updateOptions), "How it is named.")],
            returns: [LuaReturn(.named("hubspot.Record"), "The \(noun) with what was changed.")],
            raises: ["not_found", "validation", "conflict"], source: "PATCH \(path)/{id}",
            example: "\(examples.module).update(\(examples.id), { \(examples.properties) })",
            body: recordBody(writes: true) { [type, idName] call in
                let record = try call.reference(idName, type)
                let properties = try call.properties("properties", call["properties"])
                return { objects in
                    try await call.tellingValues(at: { "properties.\($0)" }) {
                        try await objects.update(record, properties)
                    }
                }
            })
    }

    private var upsert: LuaFunction {
        let key: LuaParameter =
            type.isContacts
            ? .required("email", .id, "The contact's email address, or a value of `opts.idProperty`.")
            : .required("value", .id, "A value of `opts.idProperty`.")
        let opts: LuaParameter =
            type.isContacts
            ? .optional("opts", .shape(Shapes.upsertOptions), "How it is named.")
            : .required("opts", .shape(Shapes.upsertOptions), "How it is named: `idProperty` must be given.")
        return LuaFunction(
            "upsert", "Changes the \(noun) of that name, or creates it.",
            details: "Properties that are left out stay as they are, unless `opts.whole` says that those given are all "
                + "that matters. `new` in the record says whether it was created.",
            parameters: [key, propertiesParameter, opts],
            returns: [LuaReturn(.named("hubspot.Record"), "The \(noun).")], raises: ["validation", "conflict"],
            source: "PATCH \(path)/{id}, POST \(path)",
            example: "\(examples.module).upsert\(examples.upsert)",
            body: recordBody(writes: true) { [type, key] call in
                let name = key.name
                let idProperty = try call.idProperty() ?? type.naturalKey
                guard let idProperty, idProperty != "hs_object_id" else {
                    throw call.bad("opts.idProperty", "a property with unique values expected")
                }
                let record = try call.reference(name, call[name], type, idProperty: idProperty)
                if idProperty == "email", !record.value.contains("@") {
                    throw call.bad(name, "an email address expected, got \(call.shown(record.value))")
                }
                let properties = try call.properties("properties", call["properties"])
                try call.checkAgreement("properties.\(idProperty)", of: properties, with: record)
                let whole = call.option("whole").asBoolean ?? false
                return { objects in
                    try await call.tellingValues(at: { "properties.\($0)" }) {
                        try await objects.upsert(record, properties, whole: whole)
                    }
                }
            })
    }

    private var delete: LuaFunction {
        LuaFunction(
            "delete", "Moves one \(noun) to the recycle bin, from which HubSpot restores it for 90 days.",
            details: type.isContacts ? "By an email address it takes two requests." : "",
            parameters: [
                type.isContacts ? .required("id", .id, "The contact's id.") : .required("id", .id, "The record's id."),
                Shapes.confirmOptions,
            ],
            source: "DELETE \(path)/{id}", example: "\(examples.module).delete(501)",
            body: body { [type] call in
                let record = try call.reference("id", type)
                return {
                    try await $0.archive(record)
                    return []
                }
            })
    }

    var gdprDelete: LuaFunction {
        LuaFunction(
            "gdpr_delete", "Deletes one contact for good, as the GDPR has it.",
            details: "Cannot be undone. An address that no contact has is barred from being added later.",
            parameters: [id, Shapes.confirmOptions], source: "POST \(path)/gdpr-delete",
            example: "\(examples.module).gdpr_delete(\"ada@example.org\")",
            body: body { [type, idName] call in
                let record = try call.reference(idName, type)
                return {
                    try await $0.gdprDelete(record)
                    return []
                }
            })
    }

    private var merge: LuaFunction {
        LuaFunction(
            "merge", "Merges another \(noun) into one, whose values win. Cannot be undone.",
            parameters: [
                .required("primary_id", .id, "The one that stays."), .required("other_id", .id, "The one that goes."),
                Shapes.confirmOptions,
            ],
            returns: [LuaReturn(.named("hubspot.Record"), "What is left; its id may be a new one.")],
            raises: ["not_found", "validation"], source: "POST \(path)/merge",
            example: "\(examples.module).merge(501, 502)",
            body: body { [type] call in
                let primary = try call.reference("primary_id", type)
                let other = try call.reference("other_id", type)
                guard primary != other else { throw call.bad("other_id", "a record cannot be merged with itself") }
                return { [.record(try await $0.merge(primary, other))] }
            })
    }

    private var list: LuaFunction {
        LuaFunction(
            "list", "Fetches one page of \(ObjectFunctions.records(noun)).",
            parameters: [.optional("opts", .shape(Shapes.listOptions), "Which page, and what to fetch.")],
            returns: [LuaReturn(.named("hubspot.Page"), "`{ results, paging }`; `page:next()` fetches the next one.")],
            source: "GET \(path)", example: "\(examples.module).list{ limit = 5 }", body: .lua("list"))
    }

    private var each: LuaFunction {
        LuaFunction(
            "each", "Iterates over all \(ObjectFunctions.records(noun)).", details: "Fetches one page ahead.",
            parameters: [.optional("opts", .shape(Shapes.eachOptions), "What to fetch, and of how many.")],
            returns: [LuaReturn(.named("fun(): hubspot.Record?"), "An iterator for `for`.")], source: "GET \(path)",
            example: "for \(variable) in \(examples.module).each{ max = 20 } do print(\(variable).id) end",
            body: .lua("each"))
    }

    private var search: LuaFunction {
        LuaFunction(
            "search", "Fetches one page of the \(ObjectFunctions.records(noun)) that match.",
            details: "HubSpot's index lags some seconds behind writes, and its pages end at 10,000 hits.",
            parameters: [.required("query", .either([.string, .shape(Shapes.query)]), "Words, or a table.")],
            returns: [LuaReturn(.named("hubspot.Page"), "`{ total, results, paging }`.")], raises: ["validation"],
            source: "POST \(path)/search",
            example: "\(examples.module).search{ where = { \(examples.created) = { gte = \"2026-01-01\" } } }",
            body: .lua("search"))
    }

    private var searchEach: LuaFunction {
        LuaFunction(
            "search_each", "Iterates over all \(ObjectFunctions.records(noun)) that match, past HubSpot's 10,000 too.",
            details:
                "In order of their ids (`sorts = \"-hs_object_id\"`: the highest first), fetching one page ahead; or of "
                + "other `sorts` up to 10,000 hits, whose ids are then all taken before the first is yielded, and read again "
                + "as the loop goes on. Records that change while the loop runs move no other record out of it.",
            parameters: [
                .required("query", .either([.string, .shape(Shapes.queryEach)]), "Words, or a table."),
                .optional("opts", .shape(Shapes.maxOptions), "How many."),
            ],
            returns: [LuaReturn(.named("fun(): hubspot.Record?"), "An iterator for `for`.")], raises: ["validation"],
            source: "POST \(path)/search",
            example:
                "for \(variable) in \(examples.module).search_each{ where = { \(examples.created) = { has = true } } } do "
                + "print(\(variable).id) end",
            body: .lua("search_each"))
    }

    // MARK: Primitives

    /// The primitives that the prelude builds on. Those that check arguments are named like the function that scripts
    /// see, for the messages.
    var primitives: [LuaFunction] {
        let size = MostPerPage { try $0.readOptions().pageSize }
        let read: Endpoints<CRMObjects>.CursorRead = { call, limit in
            let options = try call.readOptions()
            let isTyped = call.option("typed").asBoolean ?? false
            return { objects, after in
                var page = try await objects.list(options, limit: limit, after: after)
                if isTyped { page.slice = try await objects.typed(page: page.slice) }
                return page
            }
        }
        return [
            endpoints.page(
                "list", [.optional("opts", .shape(Shapes.listOptions), "")], atMost: size, as: { .page($0) }, read),
            endpoints.iterator(
                "each", [.optional("opts", .shape(Shapes.eachOptions), "")], atMost: size, as: { .page($0) }, read),
        ] + searchPrimitives
    }

    var endpoints: Endpoints<CRMObjects> { Endpoints(source) { [type] in CRMObjects(type, session: $0) } }

    // MARK: Words for examples

    private var propertiesParameter: LuaParameter {
        .required(
            "properties", .map(.any),
            "Values by name: strings, numbers, booleans, a list for several choices, `json.null` to clear. Where a "
                + "property holds a date and time, a number is seconds as `os.time` gives them, and a table one as "
                + "`os.date(\"!*t\")` makes it, in UTC. A date alone is a table `{ year, month, day }`, as "
                + "`hubspot.account.today(7)` gives it, or midnight in UTC, as `typed` reads it. Text goes as it is.")
    }
    private var variable: String { noun.split(separator: " ").last.map(String.init) ?? "record" }
}
