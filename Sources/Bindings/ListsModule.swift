import HubSpot
import LuaRuntime

extension LuaModule {
    /// `hubspot.lists`: HubSpot's lists of records.
    static func lists(_ source: SessionSource) -> LuaModule {
        let id = LuaParameter.required("id", .id, "The list's id.")
        let ids = LuaParameter.required("ids", .list(.id), "Ids of records.")
        @Sendable func body(
            _ run: @escaping @Sendable (RecordLists, LuaCall) async throws -> [LuaValue]
        ) -> LuaBody {
            .suspending { call in
                if call["id"] != .none { _ = try call.id("id") }
                _ = try call.recordIDs()
                return try await source.use(for: call) { try await run(RecordLists(session: $0), call) }
            }
        }
        let membersOptions = LuaShape(
            "hubspot.MembersOpts", "How many.",
            fields: [
                .optional("limit", .integer, "Members in a request: 100 if left out, 250 at most."),
                .optional("after", .id, "Where to begin."),
                .optional("max", .integer, "The most members that the iterator yields."),
            ])
        return LuaModule(
            "hubspot.lists", "Reads and changes lists of records. Those of processing type DYNAMIC cannot be edited.",
            functions: [
                LuaFunction(
                    "get", "Fetches one list.", parameters: [id],
                    returns: [LuaReturn(.table, "`{ list = { listId, name, objectTypeId, processingType } }`.")],
                    raises: ["not_found"], source: "GET /crm/lists/{version}/{listId}",
                    example: "hubspot.lists.get(7).list.name",
                    body: body { [.json(try await $0.get($1.id("id")))] }),
                LuaFunction(
                    "search", "Fetches one page of the lists that match.",
                    parameters: [
                        .required(
                            "query", .either([.string, .map(.any)]),
                            "Words of the name, or `{ query, offset, count, additionalProperties }`.")
                    ], returns: [LuaReturn(.table, "`{ lists, hasMore, offset, total }`.")],
                    source: "POST /crm/lists/{version}/search", example: "hubspot.lists.search(\"customers\").lists",
                    body: body { lists, call in
                        let query =
                            if let words = call["query"].asString {
                                JSONSlice(RequestJSON.object(["query": .string(words)]).bytes)
                            } else {
                                try call.jsonArgument("query")
                            }
                        return [.json(try await lists.search(query))]
                    }),
                LuaFunction(
                    "create", "Creates a list.",
                    parameters: [
                        .required("definition", .map(.any), "`{ name, objectTypeId, processingType = \"MANUAL\" }`.")
                    ], returns: [LuaReturn(.table, "`{ list = { listId, … } }`.")], raises: ["validation", "conflict"],
                    source: "POST /crm/lists/{version}",
                    example:
                        "hubspot.lists.create{ name = \"Guests\", objectTypeId = \"0-1\", processingType = \"MANUAL\" }",
                    body: body { [.json(try await $0.create($1.jsonArgument("definition")))] }),
                LuaFunction(
                    "members", "Iterates over a list's members.", details: "Fetches one page ahead.",
                    parameters: [id, .optional("opts", .shape(membersOptions), "How many.")],
                    returns: [
                        LuaReturn(.named("fun(): table?"), "An iterator over `{ recordId, membershipTimestamp }`.")
                    ],
                    raises: ["not_found"], source: "GET /crm/lists/{version}/{listId}/memberships",
                    example: "for member in hubspot.lists.members(7) do print(member.recordId) end",
                    body: .lua("members")),
                LuaFunction(
                    "add", "Adds records to a list.", parameters: [id, ids],
                    returns: [
                        LuaReturn(.table, "`{ recordsIdsAdded, recordIdsMissing }`; the odd spelling is HubSpot's.")
                    ],
                    raises: ["not_found", "validation"], source: "PUT /crm/lists/{version}/{listId}/memberships/add",
                    example: "hubspot.lists.add(7, { 501, 502 })",
                    body: body { [.json(try await $0.add($1.id("id"), $1.recordIDs()))] }),
                LuaFunction(
                    "remove", "Removes records from a list.", parameters: [id, ids],
                    returns: [LuaReturn(.table, "`{ recordIdsRemoved, recordIdsMissing }`.")],
                    raises: ["not_found", "validation"], source: "PUT /crm/lists/{version}/{listId}/memberships/remove",
                    example: "hubspot.lists.remove(7, { 501 })",
                    body: body { [.json(try await $0.remove($1.id("id"), $1.recordIDs()))] }),
            ],
            primitives: [
                .pageSize("members", .shape(membersOptions), atMost: 250, usually: 100),
                LuaFunction(
                    "member_page", "One page.",
                    parameters: [id, .required("limit", .integer, ""), .optional("after", .id, "")],
                    body: body { lists, call in
                        [
                            .plainPage(
                                try await lists.members(
                                    call.id("id"), limit: call.integer("limit").map { Int($0) },
                                    after: call.string("after")))
                        ]
                    }),
            ],
            prelude: PagingPrelude.source + #"""
                function bodies.members(id, opts)
                  local limit = primitives.members(opts)
                  return each(function(cursor)
                    local page = primitives.member_page(id, limit, cursor)
                    return page, after_of(page)
                  end, opts and opts.after, opts and opts.max)
                end

                return bodies
                """#)
    }
}

extension LuaCall {
    fileprivate func recordIDs() throws -> [String] {
        try (table("ids")?.list ?? []).enumerated().map { offset, value in
            guard let id = value.asString, !id.isEmpty else {
                throw bad("ids[\(offset + 1)]", "an id expected, got an empty string")
            }
            return id
        }
    }
}
