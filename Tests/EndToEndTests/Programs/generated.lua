-- A random program of coroutine operations, the same one for the same seed, that prints what happens.
local seed = tonumber((...)) or 1
local function random(n)  -- 1..n; no library function, so that both programs draw the same
  seed = (seed * 6364136223846793005 + 1442695040888963407) & math.maxinteger
  return (seed >> 33) % n + 1
end

local budget = 250
local depth = 0
local pool, numbers = {}, setmetatable({}, { __mode = "k" })
local made = 0

local function show(...)
  local texts = table.pack(...)
  for i = 1, texts.n do
    local value = texts[i]
    if type(value) == "thread" then
      texts[i] = "co" .. (numbers[value] or "?")
    elseif type(value) == "table" then
      texts[i] = "{" .. tostring(value.tag) .. "}"
    elseif type(value) == "function" then
      texts[i] = "function"
    else
      texts[i] = tostring(value)
    end
  end
  return table.concat(texts, " ", 1, texts.n)
end

local function say(what, ...)
  local co, is_main = coroutine.running()
  print(("%s%d %s: %s"):format(is_main and "main" or "co", numbers[co] or 0, what, show(...)))
end

local function some()
  local kind = random(6)
  if kind == 1 then return nil end
  if kind == 2 then return random(100) end
  if kind == 3 then return "s" .. random(9) end
  if kind == 4 then return { tag = random(9) } end
  if kind == 5 then return random(2) == 1 end
  return random(100) / 4
end

local function several()
  local values = {}
  local n = random(4) - 1
  for i = 1, n do values[i] = some() end
  return table.unpack(values, 1, n)
end

local step

local function body(...)
  say("begin", ...)
  for _ = 1, random(5) do step() end
  return several()
end

local function new()
  made = made + 1
  local co = coroutine.create(body)
  numbers[co] = made
  pool[#pool + 1] = co
  return co
end

local function any()
  if #pool == 0 or random(4) == 1 then return new() end
  return pool[random(#pool)]
end

local function closing(action)
  return setmetatable({}, { __close = function(_, problem)
    say("closing", problem)
    action()
    say("closed")
  end })
end

local steps = {
  function() say("yielded", coroutine.yield(several())) end,
  function() say("yielded", coroutine.yield(several())) end,
  function() say("yielded", coroutine.yield(several())) end,
  function() local co = any() say("resume " .. show(co), coroutine.resume(co, several())) end,
  function() local co = any() say("resume " .. show(co), coroutine.resume(co, several())) end,
  function() local co = any() say("resume " .. show(co), coroutine.resume(co, several())) end,
  function() local co = any() say("close " .. show(co), pcall(coroutine.close, co)) end,
  function() say("pcall", pcall(step)) end,
  function() say("pcall", pcall(body, several())) end,
  function() say("xpcall", xpcall(body, function(e) say("handler", e) return e end, several())) end,
  function() error(some(), random(3) - 1) end,
  function() error("message " .. random(9), random(3)) end,
  function() local x <close> = closing(step) step() end,
  function() local x <close> = closing(function() end) step() step() end,
  function() local x <close> = closing(function() error("in close " .. random(9), 0) end) step() end,
  function() local co = any() say("status", co, coroutine.status(co), coroutine.isyieldable(co)) end,
  function() say("running", coroutine.running()) say("yieldable", coroutine.isyieldable()) end,
  function()
    local f = coroutine.wrap(body)
    for _ = 1, random(3) do say("wrap", f(several())) end
  end,
  function()
    local n = 0
    for a, b in coroutine.wrap(body), nil, nil, closing(function() end) do
      say("loop", a, b)
      n = n + 1
      if n > 3 then break end
      step()
    end
  end,
  function() say("index", setmetatable({}, { __index = function() step() return some() end }).key) end,
  function() say("add", setmetatable({}, { __add = function() step() return some() end }) + 1) end,
  function() say("less", setmetatable({}, { __lt = function() step() return some() end }) < {}) end,
  function() say("call", setmetatable({}, { __call = function(_, ...) step() return ... end })(several())) end,
  function() say("sort", pcall(table.sort, { 2, 1 }, function(a, b) step() return a < b end)) end,
  function() say("gsub", pcall(string.gsub, "x", "x", function() step() end)) end,
  function() say("tostring", tostring(setmetatable({}, { __tostring = function() step() return "T" end }))) end,
  function() say("load", pcall(load, function() step() return nil end)) end,
  function() return body(several()) end,
  function() say("traceback", (debug.traceback("t", 1):gsub("\n.*", ""))) end,
  function() collectgarbage("step") end,
}

function step()
  budget = budget - 1
  if budget < 0 or depth > 25 then return end
  depth = depth + 1
  local level <close> = setmetatable({}, { __close = function() depth = depth - 1 end })
  return steps[random(#steps)]()
end

for _ = 1, 40 do say("main", pcall(step)) end
budget = 200
for i = 1, #pool do
  depth = 0
  for _ = 1, 3 do say("drain", coroutine.resume(pool[i])) end
  say("end", coroutine.status(pool[i]), coroutine.close(pool[i]))
end
budget = 0
error(some() or "the end")
