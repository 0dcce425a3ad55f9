import HubSpot
import LuaRuntime

extension LuaModule {
    /// `hubspot.owners`: the people and queues that records belong to.
    static func owners(_ source: SessionSource) -> LuaModule {
        LuaModule(
            "hubspot.owners",
            "Reads the people and queues that records belong to. A record names its owner by owner id.",
            functions: [
                LuaFunction(
                    "list", "Fetches one page of owners.",
                    parameters: [.optional("opts", .shape(ownerListOptions), "Which page.")],
                    returns: [
                        LuaReturn(
                            .named("hubspot.Page"),
                            "`{ results = { { id, email, firstName, lastName, userId } }, paging }`.")
                    ], source: "GET /crm/owners/{version}", example: "hubspot.owners.list().results[1].email",
                    body: .lua("list")),
                LuaFunction(
                    "each", "Iterates over all owners.", details: "Fetches one page ahead.",
                    parameters: [.optional("opts", .shape(ownerEachOptions), "Which owners.")],
                    returns: [LuaReturn(.named("fun(): table?"), "An iterator for `for`.")],
                    source: "GET /crm/owners/{version}",
                    example: "for owner in hubspot.owners.each() do print(owner.id, owner.email) end",
                    body: .lua("each")),
                LuaFunction(
                    "get", "Fetches one owner.", parameters: [.required("id", .id, "The owner's id, not the user's.")],
                    returns: [LuaReturn(.table, "`{ id, email, firstName, lastName, userId, teams }`.")],
                    raises: ["not_found"], source: "GET /crm/owners/{version}/{id}",
                    example: "hubspot.owners.get(41).email",
                    body: .suspending { call in
                        let id = try call.id("id")
                        return [.json(try await source.use(for: call) { try await Owners(session: $0).get(id) })]
                    }),
            ],
            primitives: [
                LuaFunction(
                    "list", "One page.", parameters: [.optional("opts", .shape(ownerListOptions), "")],
                    body: .suspending { call in
                        let limit = try call.limit("opts.limit", of: call.option("limit"), atMost: 500)
                        let after = try call.cursor("opts.after", of: call.option("after"))
                        let email = call.option("email").asString
                        let archived = call.option("archived").asBoolean ?? false
                        return [
                            .plainPage(
                                try await source.use(for: call) {
                                    try await Owners(session: $0).list(
                                        limit: limit, after: after, email: email, archived: archived)
                                })
                        ]
                    }), .pageSize("each", .shape(ownerEachOptions), atMost: 500, usually: 100),
            ], prelude: PagedModulePrelude.source)
    }

    private static let ownerFields: [LuaParameter] = [
        .optional("limit", .integer, "Owners in a page: 100 if left out, 500 at most."),
        .optional("after", .id, "Where the page begins: `paging.next.after` of the one before."),
        .optional("email", .string, "Only the owner with this address."),
        .optional("archived", .boolean, "Archived owners instead of the others."),
    ]
    private static let ownerListOptions = LuaShape("hubspot.OwnerListOpts", "Which owners.", fields: ownerFields)
    private static let ownerEachOptions = LuaShape(
        "hubspot.OwnerEachOpts", "Which owners.",
        fields: ownerFields + [.optional("max", .integer, "The most owners that the iterator yields.")])

    /// `hubspot.pipelines`: pipelines and their stages.
    static func pipelines(_ source: SessionSource) -> LuaModule {
        LuaModule(
            "hubspot.pipelines", "Reads the pipelines of deals, tickets and other types, with their stages.",
            functions: [
                LuaFunction(
                    "list", "Fetches all pipelines of a type.", parameters: [.objectType("type")],
                    returns: [LuaReturn(.table, "`{ results = { { id, label, stages } } }`.")],
                    source: "GET /crm/pipelines/{version}/{type}",
                    example: "hubspot.pipelines.list(\"deals\").results[1].stages",
                    body: .suspending { call in
                        let type = try call.objectType("type")
                        return [.json(try await source.use(for: call) { try await Pipelines(session: $0).list(type) })]
                    }),
                LuaFunction(
                    "get", "Fetches one pipeline.",
                    parameters: [.objectType("type"), .required("id", .id, "The pipeline's id: `default`.")],
                    returns: [LuaReturn(.table, "`{ id, label, stages }`.")], raises: ["not_found"],
                    source: "GET /crm/pipelines/{version}/{type}/{id}",
                    example: "hubspot.pipelines.get(\"deals\", \"default\").label",
                    body: .suspending { call in
                        let (type, id) = (try call.objectType("type"), try call.id("id"))
                        return [
                            .json(try await source.use(for: call) { try await Pipelines(session: $0).get(type, id) })
                        ]
                    }),
            ])
    }
}
