local _, primitives = ...
local bodies = {}

function bodies.show(...)
  local is_text, rows = primitives.showing()
  return primitives.print(primitives.described(is_text, rows, ...))
end

function bodies.help(...)
  local what, opts = ...
  local source = type(opts) == "table" and opts.source == true
  if select("#", ...) == 0 then return primitives.help(source) end
  if type(what) == "function" then
    local name, chunk, first, last = primitives.origin(what)
    return primitives.help(source, name, chunk, first, last)
  end
  local metatable = type(what) == "table" and getmetatable(what)
  local name = type(metatable) == "table" and rawget(metatable, "__name")
  if type(what) == "string" then name = what end
  if type(name) ~= "string" then
    primitives.refuse("bad argument 'what' to 'moonspot.help' (a function, a module or words expected, got "
      .. type(what) .. ")")
  end
  return primitives.help(source, name)
end

return bodies
