/// The Lua half of `hubspot`: records, pages and `request`.
enum HubSpotPrelude {
    static let source = #"""
        local module, primitives = ...
        local bodies = {}

        -- record.email reads record.properties.email; a name of the record itself comes first.
        primitives.metatable("hubspot.record", {
          __name = "hubspot.record",
          __index = function(record, name)
            local properties = rawget(record, "properties")
            if type(properties) == "table" then return properties[name] end
          end,
        })

        -- How the page behind a page is fetched, as long as the page is in use.
        local continuations = setmetatable({}, { __mode = "k" })
        primitives.metatable("hubspot.page", {
          __name = "hubspot.page",
          continuations = continuations,
          __index = {
            next = function(page)
              if type(page) ~= "table" then
                primitives.refuse("bad argument 'self' to 'page:next' (a page expected; write page:next())")
              end
              local fetch = continuations[page]
              if fetch then return fetch() end
              return nil
            end,
          },
        })

        -- hubspot.session is made anew each time that it is read: what a script does to it changes nothing.
        primitives.metatable("hubspot.session", {
          __name = "hubspot.session",
          __newindex = function(_, name)
            primitives.refuse("bad argument '" .. tostring(name) .. "' to 'hubspot.session' (it is read-only)")
          end,
        })

        function bodies.request(method, path, opts)
          local status, headers, body, dry_run = primitives.send(method, path, opts)
          return { status = status, headers = headers, body = body, dry_run = dry_run }
        end

        return bodies
        """#
}
