import HubSpot
import LuaRuntime

extension LuaModule {
    /// `hubspot.associations`: links between records.
    static func associations(_ source: SessionSource) -> LuaModule {
        let path = "/crm/objects/{version}/{type}/{id}/associations"
        let from = [LuaParameter.objectType("type"), .required("id", .id, "The record's id.")]
        let to = [LuaParameter.objectType("to_type"), .required("to_id", .id, "The other record's id.")]
        let label = LuaParameter.optional(
            "label", .either([.string, .integer]), "A kind of link: its label, or its `typeId`.")
        @Sendable func kind(_ associations: Associations, _ call: LuaCall) async throws -> Associations.Label? {
            guard let name = call.string("label") else { return nil }
            do {
                return try await associations.label(
                    named: name, call.objectType("type"), call.objectType("to_type"))
            } catch let error as HubSpotError where error.kind == .invalidArgument {
                throw call.bad("label", error.message)
            }
        }
        @Sendable func check(_ call: LuaCall, names: [String]) throws {
            for name in names { _ = name.hasSuffix("type") ? "\(try call.objectType(name))" : try call.id(name) }
            if call.string("label") == "" { throw call.bad("label", "a label expected, got an empty string") }
        }
        return LuaModule(
            "hubspot.associations", "Reads and changes the links between records.",
            functions: [
                LuaFunction(
                    "list", "Fetches one page of the records that a record is linked to.",
                    parameters: from + [
                        .objectType("to_type"), .optional("opts", .shape(Shapes.cursorOptions), "Which page."),
                    ],
                    returns: [
                        LuaReturn(
                            .named("hubspot.Page"),
                            "`{ results = { { toObjectId, associationTypes } }, paging }`, 500 to a page.")
                    ], raises: ["not_found"], source: "GET \(path)/{to_type}",
                    example: "hubspot.associations.list(\"contacts\", 501, \"companies\").results",
                    body: .lua("list")),
                LuaFunction(
                    "link", "Links two records.", parameters: from + to + [label],
                    returns: [LuaReturn(.table, "HubSpot's answer.")], raises: ["not_found", "validation"],
                    source: "PUT \(path)/{to_type}/{to_id}",
                    example: "hubspot.associations.link(\"contacts\", 501, \"companies\", 900)",
                    body: .suspending { call in
                        try check(call, names: ["type", "id", "to_type", "to_id"])
                        return try await source.use(for: call) { session in
                            let associations = Associations(session: session)
                            let label = try await kind(associations, call)
                            return [
                                .json(
                                    try await associations.link(
                                        call.objectType("type"), call.id("id"), call.objectType("to_type"),
                                        call.id("to_id"), label: label))
                            ]
                        }
                    }),
                LuaFunction(
                    "unlink", "Removes the links between two records: all of them, or those of one label.",
                    parameters: from + to + [label], source: "DELETE \(path)/{to_type}/{to_id}",
                    example: "hubspot.associations.unlink(\"contacts\", 501, \"companies\", 900)",
                    body: .suspending { call in
                        try check(call, names: ["type", "id", "to_type", "to_id"])
                        try await source.use(for: call) { session in
                            let associations = Associations(session: session)
                            let (type, id) = (try call.objectType("type"), try call.id("id"))
                            let (toType, toID) = (try call.objectType("to_type"), try call.id("to_id"))
                            if let label = try await kind(associations, call) {
                                try await associations.unlink(type, id, toType, toID, label: label)
                            } else {
                                try await associations.unlink(type, id, toType, toID)
                            }
                        }
                        return []
                    }),
                LuaFunction(
                    "labels", "Fetches the kinds of link between two types.",
                    parameters: [.objectType("type"), .objectType("to_type")],
                    returns: [LuaReturn(.table, "`{ results = { { category, typeId, label } } }`.")],
                    source: "GET /crm/associations/{version}/{type}/{to_type}/labels",
                    example: "hubspot.associations.labels(\"contacts\", \"companies\").results",
                    body: .suspending { call in
                        let (type, toType) = (try call.objectType("type"), try call.objectType("to_type"))
                        return [
                            .json(
                                try await source.use(for: call) {
                                    try await Associations(session: $0).labels(type, toType)
                                })
                        ]
                    }),
            ],
            primitives: [
                LuaFunction(
                    "list", "One page.",
                    parameters: from + [
                        .objectType("to_type"), .optional("opts", .shape(Shapes.cursorOptions), ""),
                    ],
                    body: .suspending { call in
                        let (type, id, toType) = (
                            try call.objectType("type"), try call.id("id"), try call.objectType("to_type")
                        )
                        let after = try call.cursor("opts.after", of: call.option("after"))
                        return [
                            .plainPage(
                                try await source.use(for: call) {
                                    try await Associations(session: $0).list(type, id, toType, after: after)
                                })
                        ]
                    })
            ],
            prelude: PagingPrelude.source + #"""
                function bodies.list(kind, id, to_kind, opts)
                  return paged(function(rest) return primitives.list(kind, id, to_kind, rest) end, opts)
                end

                return bodies
                """#)
    }
}

extension Shapes {
    static let cursorOptions = LuaShape(
        "hubspot.CursorOpts", "Which page.",
        fields: [.optional("after", .id, "Where the page begins: `paging.next.after` of the one before.")])
}
