-- Calls every function that can be reached from the globals and from the metatables of values, with arguments at random. Gets a seed,
-- and patterns of names to leave out. Nothing may end the process.
local seed, skipped = ...
local function random(n)  -- 1..n
  seed = (seed * 6364136223846793005 + 1442695040888963407) & math.maxinteger
  return (seed >> 33) % n + 1
end

local unpack, pcall, type, getmetatable, next, pack = table.unpack, pcall, type, getmetatable, next, table.pack
local values = {
  0, 1, -1, 2.5, 17, "x", "", "%d", "n", true, false, {}, { 1, 2, 3 }, function() end, function(...) return ... end,
  coroutine.create(function() end), task.spawn(function() end), json.array(), setmetatable({}, { __name = "x" }),
}
do
  local _, problem = pcall(host.options)
  values[#values + 1] = problem
  values[#values + 1] = host.document('{"results":[{"a":1}]}')
end

local found, names, seen = {}, {}, {}
local function is_skipped(name)
  for pattern in skipped:gmatch("%S+") do
    if name:find(pattern) then return true end
  end
end
local function visit(value, name)
  if value == nil or seen[value] or is_skipped(name) then return end
  local kind = type(value)
  if kind ~= "table" and kind ~= "function" and kind ~= "userdata" and kind ~= "thread" then
    if kind == "string" and not seen.string then seen.string = true visit(getmetatable(value), name .. "'s metatable") end
    return
  end
  seen[value] = true
  if kind == "function" then
    found[#found + 1], names[#names + 1] = value, name
  elseif kind == "table" then
    local keys = {}
    for k in next, value do if type(k) == "string" then keys[#keys + 1] = k end end
    table.sort(keys)
    for _, k in ipairs(keys) do visit(rawget(value, k), name .. "." .. k) end
  end
  local metatable = getmetatable(value)
  if type(metatable) == "table" then visit(metatable, name .. "'s metatable") end
end
seen[values] = true
visit(_G, "_G")
for i, value in ipairs(values) do visit(value, "value " .. i) end
for _, name in ipairs({ "deep" }) do visit(host[name], "host." .. name) end

local calls = 0
for turn = 1, 40 * #found do
  local i = random(#found)
  local arguments = {}
  local count = random(5) - 1
  for a = 1, count do arguments[a] = values[random(#values)] end
  calls = calls + 1

  pcall(found[i], unpack(arguments, 1, count))
end
return #found, calls
