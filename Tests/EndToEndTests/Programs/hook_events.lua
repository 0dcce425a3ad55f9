-- A hook sees the events of the script, and none of the interpreter's own.
local events
local function note(event)
  local info = debug.getinfo(2, "nS")
  events[#events + 1] = event .. " " .. tostring(info.name) .. " " .. info.what
end
local function watch(label, f, ...)
  events = {}
  debug.sethook(note, "cr")
  f(...)
  debug.sethook()
  print(label, #events)
  for _, event in ipairs(events) do print("", event) end
end

local function inner() end
local function outer() inner() return inner() end
watch("a nested call", outer)
watch("a C function", string.rep, "x", 3)
watch("pcall", pcall, error, "x")
watch("xpcall", xpcall, error, print, "x")
watch("a coroutine", function()
  local wrapped = coroutine.wrap(function() coroutine.yield(1) end)
  wrapped() wrapped()
end)
watch("sort", table.sort, { 3, 1, 2 }, function(a, b) return a < b end)
watch("load", load, "return 1")
watch("load from a function", function()
  local pieces = { "return ", "1" }
  load(function() return table.remove(pieces, 1) end)
end)
watch("require", pcall, require, "no.such.module")
watch("a hook on a hook", function() debug.sethook(note, "c") inner() debug.gethook() end)

print(debug.gethook())
debug.sethook(note, "crl", 7)
local hook, mask, count = debug.gethook()
print(hook == note, mask, count)
debug.sethook(nil)
print(debug.gethook())
print(pcall(debug.sethook, 1, "c"), pcall(debug.sethook, note), pcall(debug.sethook, note, "c", {}))

-- Hooks belong to coroutines.
local co = coroutine.create(function() inner() coroutine.yield() inner() end)
events = {}
debug.sethook(co, note, "c")
coroutine.resume(co)
print(#events, debug.gethook(co) == note, debug.gethook())
debug.sethook(co)
coroutine.resume(co)
print(#events, debug.gethook(co))
local lines = {}
debug.sethook(function(_, line) lines[#lines + 1] = line end, "l")
local x = 1
local y = x
debug.sethook()
print(table.concat(lines, " "))
