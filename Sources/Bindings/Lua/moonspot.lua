local _, primitives = ...
local bodies = {}

function bodies.show(...)
  local is_text, rows = primitives.showing()
  return primitives.print(primitives.described(is_text, rows, ...))
end

-- The name under which a module was required.
local function module_name(module)
  local loaded = type(package) == "table" and rawget(package, "loaded")
  for name, value in next, type(loaded) == "table" and loaded or {} do
    if value == module and type(name) == "string" and name ~= "_G" then return name end
  end
  return nil
end

function bodies.help(...)
  local what, opts = ...
  -- help(require("csv")): require answers two values.
  local source = type(opts) == "table" and opts.source == true
  if select("#", ...) == 0 then return primitives.help(source) end
  if type(what) == "function" then
    local name, chunk, first, last = primitives.origin(what)
    return primitives.help(source, name, chunk, first, last)
  end
  local metatable = type(what) == "table" and getmetatable(what)
  local name = type(metatable) == "table" and rawget(metatable, "__name")
  if type(what) == "string" then name = what end
  if type(name) ~= "string" and type(what) == "table" then name = module_name(what) end
  if type(name) ~= "string" then
    primitives.refuse("bad argument 'what' to 'moonspot.help' (a function, a module or words expected, got "
      .. type(what) .. ")")
  end
  return primitives.help(source, name)
end

return bodies
