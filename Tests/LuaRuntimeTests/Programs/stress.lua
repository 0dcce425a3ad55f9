-- A random program of tasks, the same one for the same seed but for when its host calls answer. Gets a seed and how much it may do.
local seed, budget = ...
local function random(n)  -- 1..n
  seed = (seed * 6364136223846793005 + 1442695040888963407) & math.maxinteger
  return (seed >> 33) % n + 1
end

stress = { open = {}, wrong = {} }
local state = stress
local tasks = {}
local function wrong(what) state.wrong[#state.wrong + 1] = what end
local function check(condition, what) if not condition then wrong(what) end end
local function any() return tasks[random(#tasks)] end
local act

-- A variable of a task's own frames: whatever ends the task, it is closed once. It counts from `variable.count()` on, since a
-- stop may come just before it is a variable.
local function opened(f)
  local is_open = true
  local self = {}
  function self.count() state.open[self] = true end
  return setmetatable(self, { __close = function()
    check(is_open, "closed twice")
    is_open = false
    state.open[self] = nil
    f()
  end })
end

local function nothing() end

local function body(level)
  local variable <close> = opened(random(3) == 1 and function() chaos.later(random(3), 1) end or nothing) variable.count()
  for _ = 1, random(4) do act(level) end
  return level, "result"
end

local actions = {
  function() task.sleep(0) end,
  function() task.sleep(random(3) / 5000) end,
  function() local n = random(100) check(chaos.later(random(4) - 1, n) == n, "an answer of another call") end,
  function()
    local n = random(100)
    local a, b, c = chaos.later(random(9), n, "text", { n })
    check(a == n and b == "text" and c[1] == n, "answers of another call")
  end,
  function()
    local ok, e = pcall(chaos.fail, random(4))
    check(not ok and type(e) == "table" and e.kind == "planned", "pcall of a call that fails")
  end,
  function(level) tasks[#tasks + 1] = task.spawn(body, level + 1) end,
  function(level) tasks[#tasks + 1] = task.spawn(body, level + 1) end,
  function(level) tasks[#tasks + 1] = task.spawn(body, level + 1) task.sleep(0) end,
  function() if #tasks > 0 then pcall(task.await, any()) end end,
  function() if #tasks > 0 then task.wait(any(), random(3) / 2000) end end,
  function() if #tasks > 0 then task.cancel(any()) end end,
  function(level)
    local turns = random(4)
    local seen = 0
    for i in coroutine.wrap(function()
      for i = 1, turns do
        if random(2) == 1 then chaos.later(random(3), i) end
        coroutine.yield(i)
        act(level + 1)
      end
    end) do
      seen = seen + 1
      check(i == seen, "a yield of the coroutine's own got lost")
    end
    check(seen == turns, "a coroutine ended early")
  end,
  function(level)
    local co = coroutine.create(function()
      local variable <close> = opened(nothing) variable.count()
      coroutine.yield("inside")
      act(level)
    end)
    local ok, what = coroutine.resume(co)
    check(ok and what == "inside", "resume")
    check(coroutine.status(co) == "suspended", "status")
    local closed = coroutine.close(co)
    check(closed and coroutine.status(co) == "dead", "close")
  end,
  function(level) pcall(act, level + 1) end,
  function(level) xpcall(act, function(e) return debug.traceback(tostring(e)) end, level + 1) end,
  function() error({ kind = "planned" }) end,
  function() error("planned") end,
  function()
    local list = { 4, 2, 5, 1, 3 }
    table.sort(list, function(a, b) return chaos.later(random(2) - 1, a < b) end)
    check(table.concat(list) == "12345", "a sort that waits")
  end,
  function(level)
    local text = ("ab"):gsub(".", function(c)
      if #tasks > 0 and random(3) == 1 then pcall(task.await, any()) end
      return chaos.later(1, c:upper())
    end)
    check(text == "AB", "a gsub that waits")
  end,
  function(level) local variable <close> = opened(function() chaos.later(random(3), 1) end) variable.count() act(level + 1) end,
  function(level) local variable <close> = opened(function() error("planned", 0) end) variable.count() act(level + 1) end,
  function() check(setmetatable({}, { __index = function(_, k) return chaos.later(1, k) end }).key == "key", "an index that waits") end,
  function() collectgarbage("step", random(3)) end,
  function() collectgarbage(random(2) == 1 and "generational" or "incremental") end,
  function() collectgarbage("setpause", random(150)) collectgarbage("setstepmul", random(300)) end,
  function() setmetatable({}, { __gc = function() chaos.later(1, 1) end }) collectgarbage() end,
  function() if random(6) == 1 then chaos.stop() end for i = 1, 2000 do local t = { i } end end,
  function() if random(6) == 1 then chaos.stop() chaos.later(50, 1) end end,
  function() debug.sethook(nothing, "", random(50)) for i = 1, 200 do local t = { i } end debug.sethook() end,
  function() pcall(host.options, { random(9) }, "wrong") end,
  function() local page = host.document('{"results":[{"id":1},{"id":2}]}') check(page.results[2].kind == "element", "a document") end,
}

function act(level)
  budget = budget - 1
  if budget < 0 or level > 12 then return end
  return actions[random(#actions)](level)
end

for _ = 1, 12 do pcall(body, 1) end
return "done"
