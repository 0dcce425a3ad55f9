import HubSpot
import JSON
import LuaRuntime

extension ObjectFunctions {
    /// The primitives on which the prelude builds `search` and `search_each`.
    var searchPrimitives: [LuaFunction] {
        [
            endpoints.page("search", [.required("query", .shape(Shapes.query), "")], as: { .page($0) }) { call in
                let query = try SearchQuery(call["query"], call)
                let shown = try shownHits(call)
                return (
                    nil,
                    { objects, place in
                        var query = query
                        query.after = place?.cursor ?? query.after
                        let page = try await call.tellingValues(at: call.condition) { [query] in
                            try await objects.search(objects.resolved(query))
                        }
                        return (try await shown(objects, page), page.next.map { .cursor($0) })
                    }
                )
            },
            endpoints.iterator(
                "search_each",
                [.required("query", .shape(Shapes.queryEach), ""), .optional("opts", .shape(Shapes.maxOptions), "")],
                as: { .page($0) }
            ) { call in
                var query = try SearchQuery(call["query"], call)
                let inQuery = try call.maximum("query.max", call.option("max", in: "query"))
                let max = [inQuery, try call.maximum("opts.max", call.option("max"))].compactMap(\.self).min()
                if query.limit == nil, let max, max < SearchQuery.maximumPage { query.limit = Swift.max(1, max) }
                let shown = try shownHits(call)
                return (
                    nil, max,
                    { [query] objects, place in
                        do {
                            let (page, next) = try await objects.searchAll(
                                objects.resolved(query), at: place?.hits, wanted: max)
                            return (try await shown(objects, page), next.map { .hits($0) })
                        } catch let error as HubSpotError where error.kind == .invalidArgument {
                            if let told = call.refusal(error, at: call.condition) { throw told }
                            throw call.bad(error.message.contains("sorts") ? "query.sorts" : "query", error.message)
                        }
                    }
                )
            },
        ]
    }

    /// A page of hits as the query asks: with its records' associations, and with typed values.
    private func shownHits(_ call: LuaCall) throws
        -> @Sendable (CRMObjects, AnswerPage) async throws -> AnswerPage
    {
        let isTyped = call.option("typed", in: "query").asBoolean ?? false
        let types = try call.names("query.associations", of: call.option("associations", in: "query"))
        return { objects, page in
            var page = page
            page.slice = try await objects.linked(page: page.slice, to: types)
            if isTyped { page.slice = try await objects.typed(page: page.slice) }
            return page
        }
    }
}
