import HubSpot
import LuaRuntime

extension LuaModule {
    /// `hubspot.associations`: links between records.
    static func associations(_ source: SessionSource) -> LuaModule {
        let declarations = AssociationFunctions(source: source)
        return LuaModule(
            "hubspot.associations", "Reads and changes the links between records.",
            functions: declarations.links + declarations.labels, primitives: declarations.primitives,
            prelude: Prelude.associations, submodules: ["batch"],
            submodule: { name in
                guard name == "batch" else { return nil }
                return LuaModule(
                    "hubspot.associations.batch",
                    "Reads and changes lists of links, of any length. A bad one fails no other: `errors` holds an error "
                        + "with its `index` for each.",
                    functions: declarations.batches)
            })
    }
}

private struct AssociationFunctions {
    let source: SessionSource

    private let type = LuaParameter.objectType("type")
    private let toType = LuaParameter.objectType("to_type")
    private let path = "/crm/objects/{version}/{type}/{id}/associations"
    private let between = "/crm/associations/{version}/{type}/{to_type}"
    private let label = LuaParameter.optional(
        "label", .either([.string, .integer]), "A kind of link: its label, or its `typeId`.")
    private let typeID = LuaParameter.required("typeId", .integer, "The kind's `typeId`, as `labels` has it.")
    private var record: [LuaParameter] { [type, .required("id", .id, "The record's id.")] }
    private var pair: [LuaParameter] { record + [toType, .required("to_id", .id, "The other record's id."), label] }

    /// The resource, and the two types that every function names.
    private struct Between: Sendable {
        var associations: Associations
        var from: ObjectType
        var to: ObjectType

        /// The kind of link that a script names.
        func label(_ name: String?, _ call: LuaCall, _ path: String = "label") async throws -> Associations.Label? {
            guard let name else { return nil }
            do {
                return try await associations.label(named: name, from, to)
            } catch  where error.kind == .invalidArgument {
                throw call.bad(path, error.message)
            }
        }
    }

    private var endpoints: Endpoints<Between> {
        Endpoints(source: source) { call in
            let (from, to) = (try call.objectType("type"), try call.objectType("to_type"))
            return { Between(associations: Associations(session: $0), from: from, to: to) }
        }
    }

    private static let fields: [LuaParameter] = [
        .optional("limit", .integer, "Links in a page: 500 if left out, and at most."), Shapes.after,
    ]
    private static let listOptions = LuaShape("hubspot.LinkListOpts", "Which page.", fields: fields)
    private static let eachOptions = LuaShape(
        "hubspot.LinkEachOpts", "How many.",
        fields: fields + [.optional("max", .integer, "The most links that the iterator yields.")])

    var links: [LuaFunction] {
        [
            LuaFunction(
                "list", "Fetches one page of the records that a record is linked to.",
                parameters: record + [toType, .optional("opts", .shape(Self.listOptions), "Which page.")],
                returns: [
                    LuaReturn(
                        .named("hubspot.Page"),
                        "`{ results = { { toObjectId, associationTypes } }, paging }`, 500 to a page.")
                ], raises: ["not_found"], source: "GET \(path)/{to_type}",
                example: "hubspot.associations.list(\"contacts\", 501, \"companies\").results", body: .lua("list")),
            LuaFunction(
                "each", "Iterates over the records that a record is linked to.", details: "Fetches one page ahead.",
                parameters: record + [toType, .optional("opts", .shape(Self.eachOptions), "How many.")],
                returns: [LuaReturn(.named("fun(): table?"), "An iterator over `{ toObjectId, associationTypes }`.")],
                raises: ["not_found"], source: "GET \(path)/{to_type}",
                example: "for link in hubspot.associations.each(\"companies\", 900, \"contacts\") do "
                    + "print(link.toObjectId) end", body: .lua("each")),
            endpoints.function(
                "link", "Links two records.", pair, raises: ["not_found", "validation"],
                source: "PUT \(path)/{to_type}/{to_id}",
                example: "hubspot.associations.link(\"contacts\", 501, \"companies\", 900)"
            ) { call in
                let (id, toID, name) = try call.ends()
                return { between in
                    let label = try await between.label(name, call)
                    return try await between.associations.link(between.from, id, between.to, toID, label: label)
                }
            },
            endpoints.action(
                "unlink", "Removes the links between two records: all of them, or those of one label.", pair,
                source: "DELETE \(path)/{to_type}/{to_id}",
                example: "hubspot.associations.unlink(\"contacts\", 501, \"companies\", 900)"
            ) { call in
                let (id, toID, name) = try call.ends()
                return { between in
                    if let label = try await between.label(name, call) {
                        try await between.associations.unlink(between.from, id, between.to, toID, label: label)
                    } else {
                        try await between.associations.unlink(between.from, id, between.to, toID)
                    }
                }
            },
        ]
    }

    var labels: [LuaFunction] {
        [
            endpoints.function(
                "labels", "Fetches the kinds of link between two types.", [type, toType],
                returns: LuaReturn(.table, "`{ results = { { category, typeId, label } } }`."),
                source: "GET \(between)/labels",
                example: "hubspot.associations.labels(\"contacts\", \"companies\").results"
            ) { _ in { try await $0.associations.labels($0.from, $0.to) } },
            endpoints.function(
                "create_label", "Makes a kind of link between two types, and its way back.",
                [type, toType, .required("definition", NestedShapes.label, "`{ label, name, inverseLabel }`.")],
                returns: LuaReturn(.table, "`{ results = { { category, typeId, label } } }`, both ways."),
                raises: ["validation", "conflict"], source: "POST \(between)/labels",
                example: "hubspot.associations.create_label(\"contacts\", \"companies\", { label = \"Adviser\", "
                    + "name = \"adviser\" })"
            ) { call in
                let definition = try call.jsonArgument("definition")
                return { try await $0.associations.createLabel($0.from, $0.to, definition) }
            },
            endpoints.action(
                "update_label", "Changes the words of a kind of link.",
                [type, toType, typeID, .required("changes", NestedShapes.label, "`{ label, inverseLabel }`.")],
                raises: ["not_found", "validation"], source: "PUT \(between)/labels",
                example: "hubspot.associations.update_label(\"contacts\", \"companies\", 36, { label = \"Advises\" })"
            ) { call in
                let (typeID, changes) = (call.integer("typeId") ?? 0, try call.jsonArgument("changes"))
                return { try await $0.associations.updateLabel($0.from, $0.to, typeID, changes) }
            },
            endpoints.action(
                "delete_label", "Removes a kind of link, and every link of that kind.", [type, toType, typeID],
                source: "DELETE \(between)/labels/{typeId}",
                example: "hubspot.associations.delete_label(\"contacts\", \"companies\", 36)"
            ) { call in
                let typeID = call.integer("typeId") ?? 0
                return { try await $0.associations.deleteLabel($0.from, $0.to, typeID) }
            },
        ]
    }

    /// A link of a list, its label still a name.
    private struct Given: Sendable {
        var link: Associations.Link
        var label: String?
        var path: String
    }

    var batches: [LuaFunction] {
        let list = LuaParameter.required(
            "list", NestedShapes.links, "`{ from = 501, to = 900 }` each, with `label` for one kind of link.")
        @Sendable func element(_ call: LuaCall, _ path: String, _ value: LuaValue) throws -> Given {
            let table = value.asTable ?? LuaTable()
            for field in table.fields where !["from", "to", "label"].contains(field.key.asString ?? "") {
                throw call.bad(path, "nothing expected beside from, to and label")
            }
            func end(_ name: String) throws -> String {
                guard let id = table[name].asString, call.isPathSafe(id) else {
                    throw call.bad("\(path).\(name)", "a record's id expected")
                }
                return id
            }
            let label = table["label"]
            guard label == .none || label.asString.map({ !$0.isEmpty }) ?? false else {
                throw call.bad("\(path).label", "a label or its typeId expected")
            }
            return Given(
                link: Associations.Link(from: try end("from"), to: try end("to")), label: label.asString,
                path: "\(path).label")
        }
        @Sendable func named(_ given: [Given], _ between: Between, _ call: LuaCall) async throws -> [Associations.Link]
        {
            var known: [String: Associations.Label] = [:]
            var links: [Associations.Link] = []
            for var one in given {
                if let name = one.label, known[name] == nil {
                    known[name] = try await between.label(name, call, one.path)
                }
                one.link.label = one.label.flatMap { known[$0] }
                links.append(one.link)
            }
            return links
        }
        return [
            endpoints.batch(
                "read", "Fetches what the records of a list are linked to.",
                details:
                    "`{ from = { id }, to = { { toObjectId, associationTypes } } }` for each, whole however many links "
                    + "there are.",
                [type, toType, .required("ids", .list(.id), "Ids of records.")], list: "ids",
                source: "POST \(between)/batch/read",
                example: "hubspot.associations.batch.read(\"contacts\", \"companies\", { 501, 502 }).results",
                element: { call, path, value in
                    guard let id = value.asString, call.isPathSafe(id) else { throw call.bad(path, "an id expected") }
                    return id
                }
            ) { _ in { await $0.associations.read($0.from, $1, $0.to) } },
            endpoints.batch(
                "link", "Links the pairs of a list.", [type, toType, list, Shapes.confirmOptions], list: "list",
                source: "POST \(between)/batch/create, \(between)/batch/associate/default",
                example: "hubspot.associations.batch.link(\"contacts\", \"companies\", { { from = 501, to = 900 } })",
                element: element
            ) { call in
                { await $0.associations.link($0.from, $0.to, try await named($1, $0, call)) }
            },
            endpoints.batch(
                "unlink", "Removes the links of a list: all between two records, or those of one label.",
                details: "HubSpot does not say which links there were.", [type, toType, list, Shapes.confirmOptions],
                list: "list",
                source: "POST \(between)/batch/archive, \(between)/batch/labels/archive",
                example: "hubspot.associations.batch.unlink(\"contacts\", \"companies\", { { from = 501, to = 900 } })",
                element: element
            ) { call in
                { await $0.associations.unlink($0.from, $0.to, try await named($1, $0, call)) }
            },
        ]
    }

    var primitives: [LuaFunction] {
        let each = record + [toType, .optional("opts", .shape(Self.eachOptions), "")]
        let list = record + [toType, .optional("opts", .shape(Self.listOptions), "")]
        let read: Endpoints<Between>.CursorRead = { call, limit in
            let id = try call.id("id")
            return { try await $0.associations.list($0.from, id, $0.to, limit: limit ?? 500, after: $1) }
        }
        return [
            endpoints.page("list", list, atMost: 500, read), endpoints.iterator("each", each, atMost: 500, read),
        ]
    }
}

extension LuaCall {
    /// The two records of a link, and the name of its label.
    fileprivate func ends() throws -> (id: String, toID: String, label: String?) {
        let (id, toID) = (try id("id"), try id("to_id"))
        if string("label") == "" { throw bad("label", "a label expected, got an empty string") }
        return (id, toID, string("label"))
    }
}
