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
  local ahead
  return each(function(cursor)
    if ahead then
      local last = math.min(cursor + 99, #ahead)
      local page = primitives.search_hits(rest, table.move(ahead, cursor, last, 1, {}))
      if last == #ahead then return page, nil end
      return page, last + 1, "hit " .. last + 1
    end
    local page, above, ids = primitives.search_all(rest, cursor, max)
    if not ids then return page, above end
    ahead = ids
    return page, 1, "hit 1"
  end, nil, max)
end
