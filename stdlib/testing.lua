--- The tests of a script, as `moonspot test FILES` runs them: each on a simulator of its own, with a clock that jumps.
---
--- Example:
---     local testing = require("testing")
---     local t = testing.assertions()
---     t.equal({ 1, { name = "Ada" } }, { 1, { name = "Ada" } })
---     local problem = t.raises(function() error({ kind = "not_found", message = "no contact" }) end, "not_found")
---     t.equal(problem.kind, "not_found")
---     testing.expect("Ada Lovelace").to_contain("Love")
---     testing.expect(1).never.to_equal(2)
local inspect = require("inspect")

local M = {}

--- @class testing.Portal
--- @field id integer                          The simulated portal's id.
--- @field stats fun(): table                  `{ requests, by_status, throttled, peak_window }`.
--- @field requests fun(): table[]             The last requests: method, path, status.
--- @field submissions fun(): table[]          What was submitted to forms.
--- @field faults fun(rules: table[])          How requests fail: `{ { path = "/crm/*", action = … } }`.
--- @field advance fun(seconds: number)        Moves the portal's clock.
--- @field reset fun()                         The records that it began with, counters at zero.

--- @class testing.T
--- @field equal fun(actual: any, expected: any, message?: string)       Tables by what they hold.
--- @field not_equal fun(actual: any, expected: any, message?: string)
--- @field truthy fun(value: any, message?: string)
--- @field falsy fun(value: any, message?: string)
--- @field raises fun(f: fun(), expected?: string|table): any   What f raises: its kind, a part of its text, or fields.
--- @field fail fun(message?: string)
--- @field skip fun(reason?: string)
--- @field portal testing.Portal

--- A failed expectation; told apart from other errors by its metatable.
local Failure = { __name = "testing.Failure" }
Failure.__tostring = function(failure) return failure.message end
local Skipped = { __name = "testing.Skipped" }
Skipped.__tostring = function(skipped) return skipped.message end

--- Where a test's own code called the assertion: the first place outside of this file.
local function place()
  local level = 2
  while true do
    local info = debug and debug.getinfo(level, "Sl")
    if not info then return "" end
    if info.currentline > 0 and not info.source:find("stdlib/testing%.lua$") then
      return ("%s:%d: "):format(info.short_src, info.currentline)
    end
    level = level + 1
  end
end

local function fail(message, format, ...)
  local text = format:format(...)
  error(setmetatable({ message = place() .. (message and message .. ": " or "") .. text }, Failure), 0)
end

--- Whether two values are the same, tables by what they hold; tables that contain themselves too.
local function same(a, b, seen)
  if a == b or a ~= a and b ~= b then return true end
  if type(a) ~= "table" or type(b) ~= "table" then return false end
  seen = seen or {}
  if seen[a] == b then return true end
  seen[a] = b
  for key, value in next, a do
    if not same(value, rawget(b, key), seen) then return false end
  end
  for key in next, b do
    if rawget(a, key) == nil then return false end
  end
  return true
end

local function shown(value)
  local ok, text = pcall(inspect.text, value)
  return ok and text or tostring(value)
end

--- Whether an error is the expected one: its kind or a part of its text, or each field of a table.
local function matches(problem, expected)
  if expected == nil then return true end
  if type(expected) == "table" then
    for key, value in pairs(expected) do
      if type(problem) ~= "table" or not same(problem[key], value) then return false end
    end
    return true
  end
  if type(problem) == "table" and problem.kind == expected then return true end
  return tostring(problem):find(tostring(expected), 1, true) ~= nil
end

local function raised(f, expected, ...)
  local outcome = table.pack(pcall(f, ...))
  if outcome[1] then return false, "expected an error, and none was raised" end
  local problem = outcome[2]
  if matches(problem, expected) then return true, problem end
  return false, ("expected the error %s, got %s"):format(shown(expected), tostring(problem))
end

--- The simulator's own requests, beside HubSpot's.
local function control(method, path, body)
  local answer = hubspot.request(method, "/_simulator/" .. path, { body = body, confirm = true })
  return answer.body
end

--- @return testing.Portal
local function portal()
  return {
    id = 20000001,
    stats = function() return control("GET", "stats") end,
    requests = function() return control("GET", "requests").results end,
    submissions = function() return control("GET", "submissions").results end,
    faults = function(first, second) control("PUT", "faults", { rules = json.array(second or first) }) end,
    advance = function(first, second)
      control("POST", "clock", { advance_ms = (type(first) == "number" and first or second) * 1000 })
    end,
    reset = function() control("POST", "reset") end,
  }
end

--- What a test gets as its argument.
--- Example:
---     local t = require("testing").assertions()
---     t.equal({ 1, { name = "Ada" } }, { 1, { name = "Ada" } })
--- @return testing.T
function M.assertions()
  local t = {}
  function t.equal(actual, expected, message)
    if not same(actual, expected) then fail(message, "expected %s, got %s", shown(expected), shown(actual)) end
  end
  function t.not_equal(actual, expected, message)
    if same(actual, expected) then fail(message, "expected anything but %s", shown(expected)) end
  end
  function t.truthy(value, message)
    if not value then fail(message, "expected something true, got %s", shown(value)) end
  end
  function t.falsy(value, message)
    if value then fail(message, "expected nil or false, got %s", shown(value)) end
  end
  function t.raises(f, expected, ...)
    local ok, problem
    if type(f) ~= "function" and type(expected) == "function" then
      ok, problem = raised(expected, f, ...)
    else
      ok, problem = raised(f, expected)
    end
    if not ok then fail(nil, "%s", problem) end
    return problem
  end
  function t.fail(message) fail(nil, "%s", message or "failed") end
  function t.skip(reason) error(setmetatable({ message = reason or "skipped" }, Skipped), 0) end
  t.portal = portal()
  -- `t:equal(…)` is the same as `t.equal(…)`.
  local free = {}
  for name, f in pairs(t) do
    free[name] = type(f) ~= "function" and f or function(first, ...)
      if first == free then return f(...) end
      return f(first, ...)
    end
  end
  return free
end

--- `expect(value)`: `to_equal`, `to_be` (the very same), `to_be_nil`, `to_be_true`, `to_be_false`, `to_be_truthy`,
--- `to_be_falsy`, `to_contain` (text in text, element in list), `to_match` (a pattern), `to_raise` (a kind, a part of
--- the text, fields), `to_be_greater_than`, `to_be_less_than`, `to_have_length`. `.never` means the opposite.
--- Raises testing.Failure, by the function that is called, where the value is not as expected.
--- Example:
---     local expect = require("testing").expect
---     expect("Ada Lovelace").to_contain("Love")
---     expect(1).never.to_equal(2)
--- @param value any  What is looked at.
--- @return table  The expectations.
function M.expect(value)
  local checks = {
    to_equal = function(other) return same(value, other), "%s to equal %s" end,
    to_be = function(other) return rawequal(value, other), "%s to be %s" end,
    to_be_nil = function() return value == nil, "%s to be nil" end,
    to_be_true = function() return value == true, "%s to be true" end,
    to_be_false = function() return value == false, "%s to be false" end,
    to_be_truthy = function() return value and true or false, "%s to be true or something" end,
    to_be_falsy = function() return not value, "%s to be nil or false" end,
    to_match = function(pattern) return tostring(value):find(pattern) ~= nil, "%s to match %s" end,
    to_be_greater_than = function(other) return value > other, "%s to be greater than %s" end,
    to_be_less_than = function(other) return value < other, "%s to be less than %s" end,
    to_have_length = function(length) return #value == length, "%s to have the length %s" end,
    to_contain = function(part)
      if type(value) == "string" then return value:find(part, 1, true) ~= nil, "%s to contain %s" end
      for i = 1, #value do
        if same(value[i], part) then return true, "%s to contain %s" end
      end
      return false, "%s to contain %s"
    end,
    to_raise = function(expected)
      local ok, problem = raised(value, expected)
      return ok, ok and "%s to raise %s" or problem:gsub("%%", "%%%%")
    end,
  }
  local function made(isNegated)
    local e = {}
    for name, check in pairs(checks) do
      e[name] = function(first, ...)
        local ok, text
        if first == e then ok, text = check(...) else ok, text = check(first, ...) end
        if ok ~= isNegated then return end
        local other = shown(first == e and ... or first)
        if text:find("^expected") then fail(nil, "%s", text) end
        fail(nil, (isNegated and "did not expect " or "expected ") .. text, shown(value), other)
      end
      -- toEqual, as other frameworks spell it.
      e[name:gsub("_(%l)", string.upper)] = e[name]
    end
    e.to = setmetatable({}, { __index = function(_, key) return e["to_" .. key] end })
    return e
  end
  local e = made(false)
  e.never = made(true)
  e.to_not = setmetatable({}, { __index = function(_, key) return e.never["to_" .. key] end })
  return e
end

--- @class testing.Test
--- @field name string
--- @field f fun(t: testing.T)
--- @field before (fun())[]
--- @field after (fun())[]

--- Reads a file of tests: it says `test(name, f)`, or `describe(name, f)` with `it(name, f)` in it, `before_each(f)`
--- and `after_each(f)`.
--- Raises an error where the source cannot be compiled, or raises one.
--- Example:
---     local tests = require("testing").collect("test('adds', function(t) t.equal(1 + 1, 2) end)", "@my_test.lua")
---     assert(tests[1].name == "adds")
--- @param source string  Lua.
--- @param name string    As `load` takes it: `@my_test.lua`.
--- @return testing.Test[]
function M.collect(source, name)
  local tests, groups = {}, { { before = {}, after = {} } }
  local function add(title, f)
    if type(title) ~= "string" or type(f) ~= "function" then error("test(name, function(t) … end) expected", 3) end
    local words, before, after = {}, {}, {}
    for _, group in ipairs(groups) do
      words[#words + 1] = group.name
      table.move(group.before, 1, #group.before, #before + 1, before)
      table.move(group.after, 1, #group.after, 1, table.move(after, 1, #after, #group.after + 1, after))
    end
    words[#words + 1] = title
    tests[#tests + 1] = { name = table.concat(words, " "), f = f, before = before, after = after }
  end
  _G.test, _G.it, _G.expect = add, add, M.expect
  function _G.describe(title, f)
    groups[#groups + 1] = { name = title, before = {}, after = {} }
    f()
    groups[#groups] = nil
  end
  function _G.before_each(f) table.insert(groups[#groups].before, f) end
  function _G.after_each(f) table.insert(groups[#groups].after, f) end
  local chunk, problem = load(source, name)
  if not chunk then error(setmetatable({ message = problem }, Failure), 0) end
  chunk()
  return tests
end

--- Runs one of the tests that a file declares.
--- Example:
---     local source = "test('adds', function(t) t.equal(1 + 1, 2) end)"
---     assert(require("testing").run(source, "@my_test.lua", 1) == "passed")
--- @param source string    Lua.
--- @param name string      As `load` takes it: `@my_test.lua`.
--- @param number integer   Which; 0: answers their names, and runs none.
--- @return string|string[] outcome   "passed", "failed", "skipped", or the names.
--- @return string? message    Of one that failed or was skipped.
--- @return string? traceback  Of one that failed.
function M.run(source, name, number)
  -- A script that ends the process would take the other tests with it.
  local exit = os.exit
  os.exit = function(status)  -- luacheck: ignore 122
    local given = status == nil and "" or tostring(status)
    error(setmetatable({ message = ("%sos.exit(%s) was called"):format(place(), given) }, Failure), 0)
  end
  local restored <close> = setmetatable({}, { __close = function() os.exit = exit end })  -- luacheck: ignore
  local ok, tests = xpcall(M.collect, function(problem)
    local is_failure = getmetatable(problem) == Failure
    return { text = tostring(problem), traceback = not is_failure and debug and debug.traceback("", 2) or "" }
  end, source, name)
  if not ok then return "failed", tests.text, tests.traceback end
  if number == 0 then
    local names = {}
    for i, test in ipairs(tests) do names[i] = test.name end
    return names
  end
  local test, t = tests[number], M.assertions()
  local problem, traceback
  local function noted(value)
    if problem == nil then
      problem, traceback = value, debug and debug.traceback("", 2) or ""
    end
    return value
  end
  for _, f in ipairs(test.before) do xpcall(f, noted, t) end
  if problem == nil then xpcall(test.f, noted, t) end
  for _, f in ipairs(test.after) do xpcall(f, noted, t) end
  if problem == nil then return "passed" end
  if getmetatable(problem) == Skipped then return "skipped", problem.message end
  if getmetatable(problem) == Failure then return "failed", problem.message, "" end
  return "failed", tostring(problem), traceback
end

return require("known_names").only("testing", M)
