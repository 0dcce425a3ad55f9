local function trace(...) print((debug.traceback(...):gsub("0x%x+", "ADDR"))) end
local co = coroutine.create(function()
  local function inner() coroutine.yield(debug.traceback("in")) end
  inner()
end)
print(select(2, coroutine.resume(co)))
trace(co)
trace(co, "message")
trace(co, "level 1", 1)
trace(co, nil)
trace(co, nil, 1)
coroutine.resume(co)
trace(co, "dead")
co = coroutine.create(function() local x = nil; x() end)
print(coroutine.resume(co))
trace(co)
local function level(n) if n == 0 then trace("deep", 1) return end level(n - 1) return 1 end
level(3)
level(30)
trace("hi", 0)
trace("hi", 1)
trace(nil)
trace(12)
print(debug.traceback({}) ~= nil, type(debug.traceback({})))
local t = { method = function() trace("method") end }
t.method()
function global_function() trace("global") end
global_function()
print(xpcall(function() local a = {} ; a.b.c = 1 end, debug.traceback))
print(xpcall(function() error("x") end, function(e) return debug.traceback(e, 2) end))
coroutine.wrap(function() trace("in wrap") end)()
pcall(trace, "in pcall")
pcall(function() trace("in function in pcall") end)
table.sort({ 2, 1 }, function(a, b) trace("sort") return a < b end)
string.gsub("x", "x", function() trace("gsub") end)
local mt = setmetatable({}, { __index = function() trace("index") end, __add = function() trace("add") end, __close = function() trace("close") end })
local _ = mt.x
_ = mt + 1
do local c <close> = mt end
for _ in function() trace("iterator") end do end
