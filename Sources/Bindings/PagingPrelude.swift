/// Lua that modules with pages and iterators have in front of their preludes.
enum PagingPrelude {
    /// Declares `module`, `primitives`, `bodies` and the functions `copied`, `after_of`, `paged` and `each`.
    static let source = #"""
        local module, primitives = ...
        local bodies = {}

        local function copied(opts)
          local copy = {}
          for key, value in pairs(opts or {}) do copy[key] = value end
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
            while is_busy do primitives.sleep(0) end
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

        """#
}
