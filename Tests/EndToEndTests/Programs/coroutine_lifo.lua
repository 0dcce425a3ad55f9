-- A producer, a consumer and a scheduler in plain Lua.
local queue = {}
local function spawn(name, f) queue[#queue + 1] = { name, coroutine.create(f) } end
for i = 1, 3 do
  spawn("t" .. i, function()
    for j = 1, i do print("t" .. i, j) coroutine.yield("sleep") end
    if i == 2 then error("t2 fails") end
    return "t" .. i .. " done"
  end)
end
while #queue > 0 do
  local t = table.remove(queue, 1)
  local ok, what = coroutine.resume(t[2])
  print(t[1], ok, what, coroutine.status(t[2]))
  if coroutine.status(t[2]) ~= "dead" then queue[#queue + 1] = t end
end
