iterator("members", "member_page", 1)

-- Pages of lists are told by an offset rather than by a cursor.
function bodies.each(query)
  local rest = type(query) == "string" and { query = query } or copied(query)
  rest.count = primitives.each(rest)
  local max = rest.max
  rest.max = nil
  return each(function(offset)
    rest.offset = offset
    local page = primitives.search(rest)
    local lists = page.lists or {}
    local following = nil
    if page.hasMore then
      following = math.type(page.offset) == "integer" and page.offset or offset + #lists
    end
    return { results = lists }, following
  end, rest.offset or 0, max)
end
