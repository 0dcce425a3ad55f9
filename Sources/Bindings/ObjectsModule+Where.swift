import HubSpot
import JSON
import LuaRuntime

/// The functions about all records that match.
extension ObjectFunctions {
    var updateWhere: LuaFunction {
        LuaFunction(
            "update_where", "Changes properties of all \(ObjectFunctions.records(noun)) that match.",
            details:
                "Which they are is decided before the first is written; those that have the values already are not sent. "
                + "The others go a hundred to a request. HubSpot's index lags some seconds behind writes.",
            parameters: [
                .required(
                    "where", .table,
                    "Conditions as in `search`: `{ lifecyclestage = \"lead\" }`. An empty one is refused."),
                .required("properties", .map(.any), "Values by name, as in `update`."),
                .optional("opts", .shape(.whereOptions), "Whether it is sent."),
            ], returns: [LuaReturn(.shape(.whereResult), "What was done, or would be.")], raises: ["validation"],
            source: "POST \(path)/batch/update",
            example: "\(examples.module).update_where({ \(examples.created) = { lt = \"2000-01-01\" } }, "
                + "{ \(examples.oneProperty) }, { preview = true }).matched",
            body: body { call in
                if call.table("where").map({ $0.fields.isEmpty && $0.list.isEmpty }) ?? false {
                    throw call.bad(
                        "where",
                        "a condition expected, got an empty table; for all records write { hs_object_id = { has = true } }"
                    )
                }
                let query = try SearchQuery(where: call["where"], call)
                let properties = try call.properties("properties", call["properties"])
                guard !properties.isEmpty else {
                    throw call.bad("properties", "a property expected, got an empty table")
                }
                let isPreview = call.option("preview").asBoolean ?? false
                return { objects in
                    try await call.tellingValues(at: { "properties.\($0)" }) {
                        [
                            try await objects.update(where: query, properties, isPreview: isPreview).luaValue(
                                isPreview: isPreview)
                        ]
                    }
                }
            })
    }

    var count: LuaFunction {
        LuaFunction(
            "count", "Counts the \(ObjectFunctions.records(noun)) that match, or all.",
            details:
                "With `by`, those with each value of a property; records without a value are in no count. That takes a search "
                + "for each option, or one for each 200 records where that is less or the property has no options.",
            parameters: [.optional("query", .either([.string, .shape(Shapes.countQuery)]), "Words, or a table.")],
            returns: [LuaReturn(.either([.integer, .map(.integer)]), "How many; with `by`, `{ value = n }`.")],
            raises: ["validation"], source: "POST \(path)/search",
            example: "\(examples.module).count()",
            body: body { call in
                let query = try SearchQuery(call["query"], call)
                let property = call.option("by", in: "query").asString
                if property == "" { throw call.bad("query.by", "a property's name expected, got an empty string") }
                return { objects in
                    try await call.tellingValues(at: call.condition) {
                        let resolved = try await objects.resolved(query)
                        guard let property else { return [.integer(try await objects.count(resolved))] }
                        let counts = try await call.telling("query.by", where: { $0.contains("have no property") }) {
                            try await objects.count(resolved, by: property)
                        }
                        return [.object(counts.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })]
                    }
                }
            })
    }
}

extension LuaShape {
    static let whereOptions = LuaShape(
        "hubspot.WhereOpts", "Whether it is sent.",
        fields: [
            .optional("preview", .boolean, "True: nothing is sent, and `changes` tells what would be."), Shapes.confirm,
        ])

    static let whereResult = LuaShape(
        "hubspot.WhereResult", "What became of all records that match.",
        fields: [
            .required("matched", .integer, "Records that match."),
            .required("updated", .integer, "Those that were changed; 0 in a preview."),
            .required("unchanged", .integer, "Those that have the values already."),
            .optional("changes", .list(.table), "In a preview: `{ id, values = { name = { old, new } } }` for each."),
            .required("errors", .list(.named("hubspot.Error")), "Each with the `id` of its record."),
        ])
}

extension CRMObjects.WhereOutcome {
    fileprivate func luaValue(isPreview: Bool) -> LuaValue {
        let list = changes.map { change in
            let values = change.values.map { value in
                (value.name, LuaValue.object([("old", .string(value.old)), ("new", .string(value.new))]))
            }
            return LuaValue.object([("id", .string(change.id)), ("values", .object(values))])
        }
        let errors = (outcome?.failures ?? []).map { failure -> LuaValue in
            guard case .table(var table) = failure.error.luaValue else { return .none }
            table.fields.append(.init(.string("id"), .string(changes[failure.index].id)))
            return .table(table)
        }
        return .object([
            ("matched", .integer(Int64(matched))), ("updated", .integer(Int64(outcome?.successes.count ?? 0))),
            ("unchanged", .integer(Int64(matched - changes.count))),
            ("changes", isPreview ? .table(LuaTable(list: list, isArray: true)) : .none),
            ("errors", .table(LuaTable(list: errors, isArray: true))),
        ])
    }
}
