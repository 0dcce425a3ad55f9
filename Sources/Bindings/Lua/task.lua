local module, primitives = ...
local bodies = {}

local function refuse(name, problem)
  primitives.refuse("invalid_argument", "bad argument '" .. name .. "' to 'task." .. problem)
end

local methods = {}
function methods.await(task) return primitives.await(task) end
function methods.cancel(task) return primitives.cancel(task) end
function primitives.task_metatable.__index(_, name)
  local method = methods[name]
  if method == nil and type(name) == "string" then
    primitives.refuse("invalid_argument", "a task has no '" .. name
      .. "'; it has await and cancel: t:await() gives what its function returns")
  end
  return method
end

-- The arguments' check lets a table or userdata with a metatable pass as a function; here it has to be callable.
local function is_callable(value)
  if type(value) == "function" then return true end
  local metatable = getmetatable(value)
  if metatable ~= nil and type(metatable) ~= "table" then return true end -- hidden: calling it will tell
  return metatable ~= nil and rawget(metatable, "__call") ~= nil
end

local function check_callable(value, argument, name, expected)
  if is_callable(value) then return end
  refuse(argument, name .. "' (" .. (expected or "function") .. " expected, got " .. type(value) .. ")")
end

-- The runtime starts functions only.
local function as_function(f)
  return type(f) == "function" and f or function(...) return f(...) end
end

function bodies.spawn(f, ...)
  check_callable(f, "f", "spawn")
  return primitives.spawn(as_function(f), ...)
end

-- Seconds: a number of at least 0 that is no NaN.
local function check_seconds(seconds, name)
  if not (seconds >= 0) then
    refuse("seconds", name .. "' (0 or more expected, got " .. tostring(seconds) .. ")")
  end
end

function bodies.sleep(seconds)
  check_seconds(seconds, "sleep")
  primitives.sleep(seconds)
end

-- Cancels the tasks that are still in the set when the block ends, by return or by error.
local function set_of_tasks()
  return setmetatable({}, { __close = function(tasks)
    for task in pairs(tasks) do primitives.cancel(task) end
  end })
end

function bodies.timeout(seconds, f)
  check_seconds(seconds, "timeout")
  check_callable(f, "f", "timeout")
  local tasks <close> = set_of_tasks()
  local work = primitives.spawn_quiet(as_function(f))
  tasks[work] = true
  if seconds ~= math.huge then primitives.deadline(work, seconds) end
  local answer = table.pack(pcall(primitives.await, work))
  if answer[1] then return table.unpack(answer, 2, answer.n) end
  local problem = answer[2]
  if primitives.late(work) and type(problem) == "table" and problem.kind == "cancelled" then
    primitives.refuse("timeout", string.format("not done within %g s", seconds))
  end
  error(problem, 0)
end

-- Runs `f` over the items that `draw` answers, `limit` items at a time. `draw` answers an index and the packed
-- arguments, or nil at the end. One worker draws at a time; a worker that drew an item starts the next worker before it
-- goes to work, so that there are never more workers than items.
local function run(name, draw, count, f, limit, keep)
  local tasks <close> = set_of_tasks()
  local watched = name and primitives.progress_begin(name, count)
  local watching <close> = watched and setmetatable({}, { __close = function()
    primitives.progress_end(watched)
  end })
  local live, is_drawing, is_over = 0, false, false
  local failure, awaited

  local function fail(self, problem)
    if failure then return end
    failure, is_over = { problem }, true
    if awaited and awaited ~= self then primitives.cancel(awaited) end
  end

  local start
  local function work()
    local self = primitives.self()
    while not is_over and not is_drawing do
      is_drawing = true
      local drawn, index, arguments = pcall(draw)
      is_drawing = false
      if not drawn then
        fail(self, index)
        break
      end
      if index == nil then
        is_over = true
        break
      end
      if live < limit then start() end
      local answer = table.pack(pcall(f, table.unpack(arguments, 1, arguments.n)))
      if not answer[1] then
        fail(self, answer[2])
        break
      end
      if keep then keep(index, answer[2]) end
      if watched then primitives.progress_step(watched) end
    end
    live = live - 1
    tasks[self] = nil
  end

  function start()
    live = live + 1
    tasks[primitives.spawn_quiet(work)] = true
  end

  start()
  while true do
    awaited = next(tasks)
    if not awaited or failure then break end
    local task = awaited
    local ok, problem = pcall(primitives.await, task)
    tasks[task] = nil
    if not ok and not failure then error(problem, 0) end
  end
  awaited = nil
  if failure then error(failure[1], 0) end
end

-- How many results each list of results has: its `n`, which is no entry of it.
local counts = setmetatable({}, { __mode = "k" })
local results_metatable = { __index = function(results, key)
  if key == "n" then return counts[results] end
end }

-- Elements 1 to n, n being `items.n` where there is one (`table.pack`, the results of `map`): then the list may have
-- gaps.
local function length_of(items, name)
  local n = rawget(items, "n")
  if n == nil then n = counts[items] end
  local is_packed = math.type(n) == "integer"
  if is_packed and (n < #items or n > 1 << 31) then
    refuse("items", name .. "' (n, the number of elements, expected to be at least " .. #items
      .. " and no more than a list can hold, got " .. n .. ")")
  end
  local count = is_packed and n or #items
  for key in next, items do
    if math.type(key) ~= "integer" then
      if not (is_packed and key == "n") then
        refuse("items", name .. "' (a list or an iterator expected, got a table with "
          .. (type(key) == "string" and "'" .. key:sub(1, 40) .. "'" or "a " .. type(key) .. " as key") .. ")")
      end
    elseif not is_packed and (key < 1 or key > count) then
      refuse("items", name .. "' (a list without gaps or an iterator expected)")
    end
  end
  return count
end

local function drawing_from(items, name)
  local index = 0
  if type(items) == "table" and not is_callable(items) then
    local count = length_of(items, name)
    return function()
      if index >= count then return nil end
      index = index + 1
      return index, { n = 2, items[index], index }
    end, count
  end
  check_callable(items, "items", name, "table or function")
  return function()
    local values = table.pack(items())
    if values[1] == nil then return nil end
    index = index + 1
    return index, values
  end
end

local function limit_of(opts, name)
  local limit = opts and opts.concurrency or 1000
  if limit < 1 then
    refuse("opts.concurrency", name .. "' (1 or more expected, got " .. tostring(limit) .. ")")
  end
  return limit
end

local function collecting()
  local results = setmetatable({}, results_metatable)
  counts[results] = 0
  return results, function(index, value)
    results[index] = value
    if index > counts[results] then counts[results] = index end
  end
end

-- Checkpoints --------------------------------------------------------------------------------------------------------

local function no_key(name, why)
  refuse("opts.key", name .. "' (" .. why .. ")")
end

local function field_id(element) return element.id end

-- What an element is known by: what `key` returns, else a record's id, else the element itself.
local function key_of(name, key, first, ...)
  local value = first
  if key then
    value = key(first, ...)
  elseif type(first) == "table" then
    local readable, id = pcall(field_id, first)
    value = readable and id or nil
    if value == nil then
      no_key(name, "a function expected that returns what an element is known by: this one has no id")
    end
  end
  local kind = math.type(value) or type(value)
  if kind == "string" then return value end
  if kind == "integer" then return string.format("%d", value) end
  if kind == "float" and value == value then return string.format("%.17g", value) end
  if kind == "boolean" then return tostring(value) end
  no_key(name, (key and "text or a number expected from it, got " or "a function expected: an element is a ") .. kind)
end

-- `f` for the elements of a loop that have not been done before. An element's calls carry its place in the loop.
local function durable(loop, name, f, key, keeps)
  local function again(...)
    primitives.checkpoint_recall()
    return f(...)
  end
  return function(...)
    local runs, known = primitives.checkpoint_begin(loop, key_of(name, key, ...))
    if not runs then return known end
    local answer = table.pack(pcall(known and again or f, ...))
    if not answer[1] then
      primitives.checkpoint_leave()
      error(answer[2], 0)
    end
    if not keeps or answer[2] == nil then return primitives.checkpoint_done() end
    local kept, result = pcall(primitives.checkpoint_done, answer[2])
    if kept then return result end
    primitives.checkpoint_leave()
    local why = tostring(type(result) == "table" and result.message or result):match("%((.*)%)$") or "it is no JSON"
    refuse("f", name .. "' (with a checkpoint, what it returns is kept as JSON: " .. why .. ")")
  end
end

-- Calls `loop` with `f`, or with what stands for it in a loop that has a checkpoint.
local function with_checkpoint(name, f, opts, keeps, loop)
  if not (opts and opts.checkpoint) then
    for _, option in ipairs{ "key", "on_unknown" } do
      if opts and opts[option] ~= nil then refuse("opts." .. option, name .. "' (it needs a checkpoint)") end
    end
    return loop(f)
  end
  if opts.checkpoint == "" then refuse("opts.checkpoint", name .. "' (a name expected, got '')") end
  if opts.key ~= nil then check_callable(opts.key, "opts.key", name) end
  local number = primitives.checkpoint_open(opts.checkpoint, opts.on_unknown)
  if not number then return loop(f) end
  local _ <close> = setmetatable({}, { __close = function() primitives.checkpoint_close(number) end })
  local result = loop(durable(number, name, f, opts.key, keeps))
  primitives.checkpoint_end(number)
  return result
end

function bodies.map(items, f, opts)
  check_callable(f, "f", "map")
  local results, keep = collecting()
  local draw, count = drawing_from(items, "map")
  local limit = limit_of(opts, "map")
  return with_checkpoint("map", f, opts, true, function(body)
    run("map", draw, count, body, limit, keep)
    return results
  end)
end

function bodies.each(items, f, opts)
  check_callable(f, "f", "each")
  local draw, count = drawing_from(items, "each")
  local limit = limit_of(opts, "each")
  with_checkpoint("each", f, opts, false, function(body) run("each", draw, count, body, limit) end)
end

function bodies.all(functions)
  for index, f in ipairs(functions) do check_callable(f, "functions[" .. index .. "]", "all") end
  local results, keep = collecting()
  run(nil, drawing_from(functions, "all"), nil, function(f) return f() end, math.max(1, #functions), keep)
  return results
end

return bodies
