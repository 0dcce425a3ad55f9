/// The Lua half of `hubspot.contacts` and the modules of the other types: pages and iterators.
enum ObjectsPrelude {
    static let source =
        PagingPrelude.source + #"""
            pages("list", 0)
            iterator("each", "list", 0)

            function bodies.search(query)
              if type(query) == "string" then query = { query = query } end
              return paged(primitives.search, query)
            end

            function bodies.search_each(query, opts)
              local rest = type(query) == "string" and { query = query } or copied(query)
              local max = primitives.search_each(rest, opts)
              rest.max = nil
              return each(function(cursor)
                local place = cursor or {}
                local page, above, after = primitives.search_all(rest, place.above, place.after, max)
                if above == nil and after == nil then return page, nil end
                return page, { above = above, after = after }
              end, nil, max)
            end

            return bodies
            """#
}
