local lines, calls, returns, counts = {}, 0, 0, 0
debug.sethook(function(event, line)
  if event == "line" then lines[#lines + 1] = line
  elseif event == "call" or event == "tail call" then calls = calls + 1
  elseif event == "return" then returns = returns + 1
  elseif event == "count" then counts = counts + 1 end
end, "crl")
local function f(x)
  local y = x + 1
  return y
end
f(1)
for i = 1, 2 do f(i) end
debug.sethook()
print(table.concat(lines, " "), calls > 0, returns > 0)
debug.sethook(function() counts = counts + 1 end, "", 100)
for i = 1, 10000 do local _ = i end
print(counts > 50, select("#", debug.gethook()), select(3, debug.gethook()))
debug.sethook()
print(debug.gethook())
-- hooks belong to a coroutine
local inside = 0
local co = coroutine.create(function() for i = 1, 3 do coroutine.yield() end end)
debug.sethook(co, function() inside = inside + 1 end, "l")
while coroutine.resume(co) do end
print(inside > 0, debug.gethook() == nil, debug.gethook(co) ~= nil)
-- a hook is inherited by new coroutines
local n = 0
debug.sethook(function() n = n + 1 end, "l")
local fresh = coroutine.create(function() local a = 1
  local b = 2
end)
debug.sethook()
print(debug.gethook(fresh) ~= nil)
local before = n
coroutine.resume(fresh)
print(n > before)
-- an error in a hook
local ok, e = pcall(function() debug.sethook(function() debug.sethook() error("hook", 0) end, "l")
  local x = 1
end)
debug.sethook()
print(ok, e)
