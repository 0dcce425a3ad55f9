import LuaRuntime

/// Lua that modules with pages and iterators have in front of their preludes.
enum PagingPrelude {
    /// Declares `module`, `primitives`, `bodies` and the functions `copied`, `after_of`, `each`, `pages` and
    /// `iterator`.
    static let source = #"""
        local module, primitives = ...
        local bodies = {}

        local function copied(opts)
          local copy = {}
          for key, value in next, opts or {} do copy[key] = value end
          return copy
        end

        local function after_of(page)
          local following = page.paging and page.paging.next
          return following and following.after
        end

        -- Fetches a page and remembers how the one behind it is fetched: page:next().
        local function paged(fetch, opts)
          local page = fetch(opts)
          local after = after_of(page)
          if after ~= nil then
            local rest = copied(opts)
            rest.after = after
            getmetatable(page).continuations[page] = function() return paged(fetch, rest) end
          end
          return page
        end

        -- Iterates over the elements of pages. `fetch(cursor)` answers a page and the cursor of the next one, nil after
        -- the last; that one is fetched while the elements of this one are used. After an error the iterator stands
        -- where it stood: to call it again is to try again.
        local function each(fetch, first, max)
          local results, following, index, count = nil, first, 0, 0
          local ahead, is_busy

          local function load()
            local task = ahead
            ahead = nil
            if not task then return fetch(following) end
            local answer = table.pack(pcall(primitives.await, task))
            if answer[1] then return answer[2], answer[3] end
            local problem = answer[2]
            if type(problem) == "table" and problem.kind == "cancelled" then return fetch(following) end
            error(problem, 0)
          end

          local function iterator()
            while is_busy do primitives.sleep(0.001) end  -- not 0: a script that is always ready keeps a virtual clock still
            while count ~= max do
              if results then
                index = index + 1
                local value = results[index]
                if value ~= nil then
                  count = count + 1
                  return value
                end
                if following == nil then return nil end
              end
              do
                is_busy = true
                local free <close> = setmetatable({}, { __close = function() is_busy = false end })
                local page, cursor = load()
                results, following, index = page.results or {}, cursor, 0
              end
              if following ~= nil and (max == nil or count + #results < max) then
                ahead = primitives.spawn_quiet(fetch, following)
              end
            end
            return nil
          end

          -- A loop that ends early does not wait for the page ahead.
          local closing = setmetatable({}, { __close = function()
            if ahead then primitives.cancel(ahead) end
          end })
          return iterator, nil, nil, closing
        end

        -- Declares bodies[name], which answers one page: `opts` stands behind `places` other arguments.
        local function pages(name, places)
          bodies[name] = function(...)
            local given = table.pack(...)
            return paged(function(opts)
              given[places + 1] = opts
              return primitives[name](table.unpack(given, 1, places + 1))
            end, given[places + 1])
          end
        end

        -- Declares bodies[name], which iterates over the pages of another function with the same arguments. The primitive
        -- of that name checks them, and answers the page size.
        local function iterator(name, page_name, places)
          bodies[name] = function(...)
            local given = table.pack(...)
            local rest = copied(given[places + 1])
            rest.limit = primitives[name](table.unpack(given, 1, places + 1))
            local max = rest.max
            rest.max = nil
            given[places + 1] = rest
            return each(function(cursor)
              rest.after = cursor
              local page = primitives[page_name](table.unpack(given, 1, places + 1))
              return page, after_of(page)
            end, rest.after, max)
          end
        end

        """#

    /// The prelude of a module that has nothing but pages and iterators: `declarations` such as `pages("list", 0)`.
    static func of(_ declarations: String) -> String { "\(source)\(declarations)\nreturn bodies" }
}

extension LuaFunction {
    /// The primitive behind an iterator: checks its arguments and answers the page size.
    static func pageSize(
        _ name: String, _ parameters: [LuaParameter], atMost most: Int, usually: Int,
        check: @escaping @Sendable (LuaCall) throws -> Void = { _ in }
    ) -> LuaFunction {
        LuaFunction(
            name, "Checks an iterator's arguments and answers its page size.", parameters: parameters,
            body: .immediate { call in
                try check(call)
                _ = try call.cursor("opts.after", of: call.option("after"))
                let limit = try call.limit("opts.limit", of: call.option("limit"), atMost: most)
                let max = try call.maximum("opts.max", call.option("max"))
                return [.integer(Int64(limit ?? min(usually, Swift.max(1, max ?? usually))))]
            })
    }
}
