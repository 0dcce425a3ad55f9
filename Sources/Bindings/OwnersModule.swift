import HubSpot
import LuaRuntime

extension LuaModule {
    /// `hubspot.owners`: the people and queues that records belong to.
    static func owners(_ source: SessionSource) -> LuaModule {
        let endpoints = Endpoints(source) { Owners(session: $0) }
        let read: Endpoints<Owners>.CursorRead = { call, limit in
            let email = call.option("email").asString
            let (archived, refresh) = (call.option("archived").asBoolean ?? false, call.refreshes)
            return {
                try await $0.list(limit: limit, after: $1, email: email, archived: archived, refresh: refresh)
            }
        }
        let fields: [LuaParameter] = [
            .optional("limit", .integer, "Owners in a page: 100 if left out, 500 at most."), Shapes.after,
            .optional("email", .string, "Only the owner with this address."), Shapes.archived, Shapes.refresh,
        ]
        let listOptions = LuaShape("hubspot.OwnerListOpts", "Which owners.", fields: fields)
        let eachOptions = LuaShape(
            "hubspot.OwnerEachOpts", "Which owners.",
            fields: fields + [.optional("max", .integer, "The most owners that the iterator yields.")])
        let getOptions = LuaShape(
            "hubspot.OwnerGetOpts", "Which owner.",
            fields: [
                .optional(
                    "idProperty", .choice(["id", "userId"]), "What the id is: the owner's if left out, or the user's."),
                Shapes.archived, Shapes.refresh,
            ])
        return LuaModule(
            "hubspot.owners",
            "Reads the people and queues that records belong to. A record names its owner by owner id. What was read is "
                + "kept for five minutes.",
            functions: [
                LuaFunction(
                    "list", "Fetches one page of owners.",
                    parameters: [.optional("opts", .shape(listOptions), "Which page.")],
                    returns: [
                        LuaReturn(
                            .named("hubspot.Page"),
                            "`{ results = { { id, email, firstName, lastName, userId } }, paging }`.")
                    ], source: "GET /crm/owners/{version}", example: "hubspot.owners.list().results[1].email",
                    body: .lua("list")),
                LuaFunction(
                    "each", "Iterates over all owners.", details: "Fetches one page ahead.",
                    parameters: [.optional("opts", .shape(eachOptions), "Which owners.")],
                    returns: [LuaReturn(.named("fun(): table?"), "An iterator for `for`.")],
                    source: "GET /crm/owners/{version}",
                    example: "for owner in hubspot.owners.each() do print(owner.id, owner.email) end",
                    body: .lua("each")),
                endpoints.function(
                    "get", "Fetches one owner.",
                    [
                        .required("id", .id, "The owner's id, or the user's as `opts.idProperty` says."),
                        .optional("opts", .shape(getOptions), "Which owner."),
                    ], returns: LuaReturn(.table, "`{ id, email, firstName, lastName, userId, teams }`."),
                    raises: ["not_found"], source: "GET /crm/owners/{version}/{id}",
                    example: "hubspot.owners.get(41).email"
                ) { call in
                    let (id, idProperty) = (try call.id("id"), call.option("idProperty").asString)
                    let (archived, refresh) = (call.option("archived").asBoolean ?? false, call.refreshes)
                    return { try await $0.get(id, idProperty: idProperty, archived: archived, refresh: refresh) }
                },
            ],
            primitives: [
                endpoints.page("list", [.optional("opts", .shape(listOptions), "")], atMost: 500, read),
                endpoints.iterator(
                    "each", [.optional("opts", .shape(eachOptions), "")], atMost: 500, usually: 100, read),
            ], prelude: Prelude.owners)
    }
}
