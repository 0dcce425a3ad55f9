import HubSpot
import JSON
import LuaRuntime

extension ObjectFunctions {
    /// The primitives on which the prelude builds `search` and `search_each`.
    var searchPrimitives: [LuaFunction] {
        [
            LuaFunction(
                "search", "One page of hits.", parameters: [.required("query", .shape(Shapes.query), "")],
                body: body { call in
                    let query = try SearchQuery(call["query"], call)
                    let shown = try shownHits(call)
                    return { objects in
                        let page = try await call.tellingValues(at: call.condition) {
                            try await objects.search(objects.resolved(query))
                        }
                        return [try await shown(objects, page)]
                    }
                }),
            LuaFunction(
                "search_each", "Checks a search over all hits and answers the most that it yields.",
                parameters: [
                    .required("query", .shape(Shapes.queryEach), ""), .optional("opts", .shape(Shapes.maxOptions), ""),
                ],
                body: .immediate { call in
                    _ = try SearchQuery(call["query"], call)
                    let inQuery = try call.maximum("query.max", call.option("max", in: "query"))
                    let inOptions = try call.maximum("opts.max", call.option("max"))
                    return [[inQuery, inOptions].compactMap(\.self).min().map { .integer(Int64($0)) } ?? .none]
                }),
            LuaFunction(
                "search_all", "One page of all hits, and where the next one begins.",
                parameters: [
                    .required("query", .shape(Shapes.query), ""), .optional("above", .string, ""),
                    .optional("max", .integer, ""),
                ],
                body: body { [module] call in
                    var query = try SearchQuery(call["query"], call)
                    let above = call.string("above")
                    let max = call.integer("max").map { Int($0) }
                    if query.limit == nil, let max, max < SearchQuery.maximumPage { query.limit = Swift.max(1, max) }
                    let shown = try shownHits(call)
                    return { [query] objects in
                        do {
                            let (page, next) = try await objects.searchAll(
                                objects.resolved(query), at: above.map { SearchCursor(above: $0) }, wanted: max)
                            let ids = (next?.ids ?? []).map { LuaValue.string($0) }
                            return [
                                try await shown(objects, page), LuaValue(next?.above),
                                ids.isEmpty ? .none : .table(LuaTable(list: ids, isArray: true)),
                            ]
                        } catch let error as HubSpotError where error.kind == .invalidArgument {
                            if let told = call.named("\(module).search_each").refusal(error, at: call.condition) {
                                throw told
                            }
                            throw LuaError.invalidArgument(
                                "bad argument 'query\(error.message.contains("sorts") ? ".sorts" : "")' to "
                                    + "'\(module).search_each' (\(error.message))")
                        }
                    }
                }),
            LuaFunction(
                "search_hits", "Hits by their ids.",
                parameters: [.required("query", .shape(Shapes.query), ""), .required("ids", .list(.string), "")],
                body: body { call in
                    let query = try SearchQuery(call["query"], call)
                    let ids = call["ids"].asTable?.list.compactMap(\.asString) ?? []
                    let shown = try shownHits(call)
                    return { objects in [try await shown(objects, objects.hits(ids, query))] }
                }),
        ]
    }

    /// How a page of hits is shown: with its records' associations, and with typed values, as the query asks.
    private func shownHits(_ call: LuaCall) throws -> @Sendable (CRMObjects, JSONSlice) async throws -> LuaValue {
        let isTyped = call.option("typed", in: "query").asBoolean ?? false
        let types = try call.names("query.associations", of: call.option("associations", in: "query"))
        return { objects, page in
            let whole = try await objects.linked(page: page, to: types)
            return .page(isTyped ? try await objects.typed(page: whole) : whole)
        }
    }
}
