-- wrap closes what failed at once, and its error becomes the one of __close.
local function tbc(name, fails)
  return setmetatable({}, { __close = function(_, e) print("close", name, e) if fails then error(fails, 2) end end })
end
print(pcall(coroutine.wrap(function() local a <close> = tbc("a") error("x") end)))
print(pcall(coroutine.wrap(function() local a <close> = tbc("a", "closing") error("x") end)))
print(pcall(coroutine.wrap(function() local a <close> = tbc("a") local b <close> = tbc("b", {}) error("x") end)))
local w = coroutine.wrap(function() local a <close> = tbc("loop") for i = 1, 3 do coroutine.yield(i) end end)
for i in w do print(i) end
-- a generic for's closing value
local function range(n)
  local i = 0
  return function() i = i + 1 if i <= n then return i end end, nil, nil, tbc("for")
end
for i in range(5) do if i == 3 then break end print(i) end
print(pcall(function() for i in range(5) do error("in loop " .. i) end end))
local co = coroutine.wrap(function() for i in range(3) do coroutine.yield(i) end return "done" end)
print(co(), co(), co(), co())
