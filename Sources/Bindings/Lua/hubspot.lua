local module, primitives = ...
local bodies = {}

-- A front before the known fields. A field that HubSpot has not told yet is asked for when it is read.
local asked = { portalId = true, accountType = true, region = true, scopes = true }
primitives.metatable(primitives.session_metatable(), {
  __index = function(session, name)
    local value = primitives.fields(session)[name]
    if value == nil and asked[name] then return primitives.session_field(name) end
    if value == nil and type(name) == "string" then primitives.session_name(name) end
    return value
  end,
  __pairs = function(session)
    local known = {}
    for name, value in next, primitives.fields(session) do known[name] = value end
    return next, known
  end,
  __tostring = function(session)
    local parts = {}
    for name, value in pairs(session) do
      if type(value) == "table" then value = table.concat(value, " ") end
      parts[#parts + 1] = name .. " = " .. tostring(value)
    end
    table.sort(parts)
    return "hubspot.session (" .. table.concat(parts, ", ") .. ")"
  end,
  __newindex = function(_, name)
    primitives.refuse("bad argument '" .. tostring(name) .. "' to 'hubspot.session' (it is read-only)")
  end,
})

local getinfo = debug and debug.getinfo -- An untrusted script has none.

-- Whether a function can do anything with an argument.
local function takes_arguments(f)
  if type(f) ~= "function" or not getinfo then return true end
  local info = getinfo(f, "u")
  return info.nparams > 0 or info.isvararg
end

-- The file that a plan's writes are kept in: { out = FILE } and nothing else behind f. A table behind an f that takes
-- no arguments can be nothing but options.
local function file_of(f, arguments)
  local opts = arguments[1]
  if arguments.n ~= 1 or type(opts) ~= "table" or getmetatable(opts) ~= nil then return nil end
  local out = rawget(opts, "out")
  if not takes_arguments(f) then
    for name in next, opts do
      if name ~= "out" then
        primitives.refuse("bad argument 'opts' to 'hubspot.plan' (unknown option '" .. tostring(name)
          .. "'; it takes 'out', the name of a file)")
      end
    end
  end
  if out == nil or next(opts, next(opts)) ~= nil then return nil end
  if type(out) ~= "string" then
    primitives.refuse("bad argument 'opts.out' to 'hubspot.plan' (a file's name expected, got " .. type(out) .. ")")
  end
  if out == "" then
    primitives.refuse("bad argument 'opts.out' to 'hubspot.plan' (a file's name expected, got none)")
  end
  primitives.plan_check()
  return out
end

-- f runs as a task of its own, so that its caller's writes are sent whatever f does.
function bodies.plan(f, ...)
  local metatable = type(f) ~= "function" and getmetatable(f)
  if metatable and not (type(metatable) == "table" and rawget(metatable, "__call")) then
    primitives.refuse("bad argument 'f' to 'hubspot.plan' (function expected, got " .. type(f)
      .. "; write hubspot.plan(function() ... end), so that nothing is called before)")
  end
  local arguments = table.pack(...)
  local out = file_of(f, arguments)
  if out then arguments = { n = 0 } end
  local outcome, result
  local work = primitives.spawn_quiet(function()
    primitives.plan_begin(out ~= nil)
    outcome = table.pack(pcall(f, table.unpack(arguments, 1, arguments.n)))
    while primitives.plan_is_busy() do primitives.sleep(0.001) end
    if outcome[1] then result = primitives.plan_result(out) end
  end)
  local guard <close> = setmetatable({}, { __close = function() primitives.cancel(work) end })
  primitives.await(work)
  if not outcome[1] then error(outcome[2], 0) end
  return result
end

function bodies.request(method, path, opts)
  local status, headers, body, dry_run = primitives.send(method, path, opts)
  return { status = status, headers = headers, body = body, dry_run = dry_run }
end

return bodies
