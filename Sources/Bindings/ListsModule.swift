import HubSpot
import JSON
import LuaRuntime

extension LuaModule {
    /// `hubspot.lists`: HubSpot's lists of records.
    static func lists(_ source: SessionSource) -> LuaModule {
        let declarations = ListFunctions(source: source)
        return LuaModule(
            "hubspot.lists", "Reads and changes lists of records. Those of processing type DYNAMIC cannot be edited.",
            functions: declarations.lists + declarations.members, primitives: declarations.primitives,
            prelude: Prelude.lists)
    }
}

private struct ListFunctions {
    let source: SessionSource

    private let id = LuaParameter.required("id", .id, "The list's id.")
    private let ids = LuaParameter.required("ids", .list(.id), "Ids of records.")
    private let path = "/crm/lists/{version}"
    private var endpoints: Endpoints<RecordLists> { Endpoints(source) { RecordLists(session: $0) } }

    private static let memberOptions = LuaShape(
        "hubspot.MembersOpts", "How many.",
        fields: [
            .optional("limit", .integer, "Members in a request: 100 if left out, 250 at most."), Shapes.after,
            .optional("max", .integer, "The most members that the iterator yields."),
        ])
    private static let searchFields: [LuaParameter] = [
        .optional("query", .string, "Words of the name."),
        .optional("offset", .integer, "Where the page begins."),
        .optional("count", .integer, "Lists in a page, 500 at most."),
        .optional("additionalProperties", .list(.string), "Further properties of the lists: `hs_list_size`."),
        .optional("listIds", .list(.id), "Only these."),
        .optional("processingTypes", .list(.choice(["MANUAL", "DYNAMIC", "SNAPSHOT"])), "Only lists of these types."),
        .optional("objectTypeId", .string, "Only lists of this type of record: `0-1`."),
        .optional("sort", .string, "HubSpot's name of an order."),
    ]
    private static let query = LuaShape("hubspot.ListQuery", "Which lists.", fields: searchFields)
    private static let queryEach = LuaShape(
        "hubspot.ListQueryEach", "Which lists.",
        fields: searchFields + [.optional("max", .integer, "The most lists that the iterator yields.")])

    var lists: [LuaFunction] {
        let answer = LuaReturn(.table, "`{ list = { listId, name, objectTypeId, processingType } }`.")
        return [
            endpoints.function(
                "get", "Fetches one list.",
                [
                    id,
                    .optional(
                        "opts",
                        .shape(
                            LuaShape(
                                "hubspot.ListGetOpts", "What of it.",
                                fields: [.optional("includeFilters", .boolean, "The `filterBranch` of the list too.")])),
                        "What of it."),
                ], returns: answer, raises: ["not_found"], source: "GET \(path)/{listId}",
                example: "hubspot.lists.get(7).list.name"
            ) { call in
                let (id, filters) = (try call.id("id"), call.option("includeFilters").asBoolean ?? false)
                return { try await $0.get(id, filters: filters) }
            },
            LuaFunction(
                "find", "Fetches the list of that name, or answers nil where there is none.",
                parameters: [
                    .required("objectTypeId", .string, "The id of the records' type: `0-1`."),
                    .required("name", .string, "The list's name."),
                ], returns: [LuaReturn(.either([.table, .named("nil")]), "`{ list = { listId, name } }`, or nil.")],
                source: "GET \(path)/object-type-id/{objectTypeId}/name/{name}",
                example: "hubspot.lists.find(\"0-1\", \"Guests\")",
                body: .suspending { [source] call in
                    let (type, name) = (try call.objectType("objectTypeId"), try call.name("name"))
                    let list = try await source.use(for: call) { try await RecordLists(session: $0).find(type, name) }
                    return [list.map { .json($0) } ?? .none]
                }),
            endpoints.function(
                "search", "Fetches one page of the lists that match.",
                [.required("query", .either([.string, .shape(Self.query)]), "Words of the name, or a table.")],
                returns: LuaReturn(.table, "`{ lists, hasMore, offset, total }`."), source: "POST \(path)/search",
                example: "hubspot.lists.search(\"customers\").lists"
            ) { call in
                let query = try call.listQuery()
                return { try await $0.search(query) }
            },
            LuaFunction(
                "each", "Iterates over all lists that match.", details: "Fetches one page ahead.",
                parameters: [
                    .optional("query", .either([.string, .shape(Self.queryEach)]), "Words of the name, or a table.")
                ], returns: [LuaReturn(.named("fun(): table?"), "An iterator over `{ listId, name, … }`.")],
                source: "POST \(path)/search",
                example: "for list in hubspot.lists.each() do print(list.listId, list.name) end", body: .lua("each")),
            endpoints.function(
                "create", "Creates a list.",
                [.required("definition", NestedShapes.list, "`{ name, objectTypeId, processingType = \"MANUAL\" }`.")],
                returns: answer, raises: ["validation", "conflict"], source: "POST \(path)",
                example:
                    "hubspot.lists.create{ name = \"Guests\", objectTypeId = \"0-1\", processingType = \"MANUAL\" }"
            ) { call in
                let definition = try call.jsonArgument("definition")
                return { try await $0.create(definition) }
            },
            endpoints.function(
                "rename", "Gives a list another name.", [id, .required("name", .string, "The new name.")],
                raises: ["not_found", "validation"], source: "PUT \(path)/{listId}/update-list-name",
                example: "hubspot.lists.rename(7, \"Guests of 2026\")"
            ) { call in
                let (id, name) = (try call.id("id"), call.string("name") ?? "")
                guard !name.allSatisfy(\.isWhitespace) else { throw call.bad("name", "a name expected, got none") }
                return { try await $0.rename(id, name) }
            },
            endpoints.action(
                "delete", "Deletes a list, not its members; `restore` brings it back for 90 days.",
                [id, Shapes.confirmOptions],
                source: "DELETE \(path)/{listId}", example: "hubspot.lists.delete(7)"
            ) { call in
                let id = try call.id("id")
                return { try await $0.delete(id) }
            },
            endpoints.action(
                "restore", "Brings a deleted list back.", [id], source: "PUT \(path)/{listId}/restore",
                example: "hubspot.lists.restore(7)"
            ) { call in
                let id = try call.id("id")
                return { try await $0.restore(id) }
            },
        ]
    }

    var members: [LuaFunction] {
        let raises = ["not_found", "validation"]
        return [
            LuaFunction(
                "members", "Iterates over a list's members.", details: "Fetches one page ahead.",
                parameters: [id, .optional("opts", .shape(Self.memberOptions), "How many.")],
                returns: [LuaReturn(.named("fun(): table?"), "An iterator over `{ recordId, membershipTimestamp }`.")],
                raises: ["not_found"], source: "GET \(path)/{listId}/memberships",
                example: "for member in hubspot.lists.members(7) do print(member.recordId) end", body: .lua("members")),
            endpoints.function(
                "add", "Adds records to a list.", [id, ids],
                returns: LuaReturn(.table, "`{ recordsIdsAdded, recordIdsMissing }`; the odd spelling is HubSpot's."),
                raises: raises, source: "PUT \(path)/{listId}/memberships/add",
                example: "hubspot.lists.add(7, { 501, 502 })"
            ) { call in
                let (id, ids) = (try call.id("id"), try call.recordIDs("ids", call["ids"]))
                return { try await $0.add(id, ids) }
            },
            endpoints.function(
                "remove", "Removes records from a list.", [id, ids],
                returns: LuaReturn(.table, "`{ recordIdsRemoved, recordIdsMissing }`."), raises: raises,
                source: "PUT \(path)/{listId}/memberships/remove", example: "hubspot.lists.remove(7, { 501 })"
            ) { call in
                let (id, ids) = (try call.id("id"), try call.recordIDs("ids", call["ids"]))
                return { try await $0.remove(id, ids) }
            },
            endpoints.function(
                "change", "Adds some records to a list and removes others, in one request.",
                [
                    id,
                    .required(
                        "changes",
                        .shape(
                            LuaShape(
                                "hubspot.MemberChanges", "Who comes and who goes.",
                                fields: [
                                    .optional("add", .list(.id), "Ids of records that come."),
                                    .optional("remove", .list(.id), "Ids of records that go."),
                                ])), "Who comes and who goes."),
                ], returns: LuaReturn(.table, "`{ recordsIdsAdded, recordIdsRemoved, recordIdsMissing }`."),
                raises: raises, source: "PUT \(path)/{listId}/memberships/add-and-remove",
                example: "hubspot.lists.change(7, { add = { 501 }, remove = { 502 } })"
            ) { call in
                let id = try call.id("id")
                let add = try call.recordIDs("changes.add", call.option("add", in: "changes"))
                let remove = try call.recordIDs("changes.remove", call.option("remove", in: "changes"))
                return { try await $0.change(id, add: add, remove: remove) }
            },
        ]
    }

    var primitives: [LuaFunction] {
        let members = [id, .optional("opts", .shape(Self.memberOptions), "")]
        return [
            endpoints.iterator("members", members, atMost: 250, usually: 100) { call, limit in
                let id = try call.id("id")
                return { try await $0.members(id, limit: limit, after: $1) }
            },
            // Pages of lists are told apart by an offset rather than by a cursor.
            endpoints.iterator(
                "each", [.required("query", .shape(Self.queryEach), "")], as: { .plainPage($0) }
            ) { call in
                let max = try call.maximum("query.max", call.option("max", in: "query"))
                var query = try call.listQuery().removing("offset")
                if call.option("count", in: "query") == .none {
                    query = query.adding("count", String(min(100, Swift.max(1, max ?? 100))).utf8)
                }
                let first = call.option("offset", in: "query").asInteger ?? 0
                return (
                    .offset(first), max,
                    { [query] lists, place in
                        let offset = place?.offset ?? first
                        let answer = try await lists.search(query.adding("offset", String(offset).utf8))
                        let page = try AnswerPage(answer, list: "lists")
                        return (page, answer.nextOffset(from: offset).map { .offset($0) })
                    }
                )
            },
        ]
    }
}

extension JSONSlice {
    /// Where the page of lists behind this one begins; nil behind the last.
    fileprivate func nextOffset(from offset: Int64) -> Int64? {
        guard let hasMore = field("hasMore"), !hasMore.isNull, hasMore.boolean != false else { return nil }
        return field("offset")?.integer ?? offset + Int64(field("lists")?.elements()?.count ?? 0)
    }
}

extension LuaCall {
    fileprivate func recordIDs(_ path: String, _ value: LuaValue) throws -> [String] {
        try (value.asTable?.list ?? []).enumerated().map { offset, value in
            guard let id = value.asString, !id.isEmpty else {
                throw bad("\(path)[\(offset + 1)]", "an id expected, got an empty string")
            }
            return id
        }
    }

    /// The body of a search over lists.
    fileprivate func listQuery() throws -> JSONSlice {
        if let words = self["query"].asString {
            return JSONSlice(JSONValue.object(["query": .string(words)]).bytes)
        }
        let table = table("query") ?? LuaTable()
        _ = try limit("query.count", of: table["count"], atMost: 500)
        if let offset = table["offset"].asInteger, offset < 0 {
            throw bad("query.offset", "0 or more expected, got \(offset)")
        }
        var body = table
        body.fields.removeAll { $0.key == .string("max") }
        return JSONSlice(try json("query", .table(body)).bytes)
    }
}
