iterator("members")

function bodies.each(query)
  if type(query) == "string" then query = { query = query } end
  local fetch, max = primitives.each(query or {})
  return each(fetch, max, "lists")
end
