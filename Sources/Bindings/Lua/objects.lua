pages("list")
iterator("each")

function bodies.search(query)
  if type(query) == "string" then query = { query = query } end
  return paged(primitives.search(query))
end

function bodies.search_each(query, opts)
  if type(query) == "string" then query = { query = query } end
  local fetch, max = primitives.search_each(query, opts)
  return each(fetch, max, "results")
end
