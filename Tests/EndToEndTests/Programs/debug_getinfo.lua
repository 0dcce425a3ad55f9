local function show(name, i, ...)
  io.write(name)
  for _, k in ipairs({ ... }) do io.write(" ", k, "=", tostring(i[k])) end
  print()
end
local function f(a, b, ...)
  local i = debug.getinfo(1, "nSlutr")
  show("f", i, "name", "namewhat", "what", "short_src", "currentline", "linedefined", "lastlinedefined", "nups", "nparams", "isvararg", "istailcall")
end
f(1)
local function tail() return f(2) end
tail()
pcall(f)
local i = debug.getinfo(print)
show("print", i, "what", "short_src", "source", "currentline", "nparams", "isvararg")
i = debug.getinfo(1, "S")
show("main", i, "what", "source", "short_src")
print(debug.getinfo(100))
for _, name in ipairs({ "pcall", "xpcall", "load", "error", "require", "dofile" }) do
  show(name, debug.getinfo(_G[name], "Su"), "what", "short_src", "nparams", "isvararg")
end
for _, name in ipairs({ "create", "resume", "yield", "wrap", "status", "close", "running", "isyieldable" }) do
  show(name, debug.getinfo(coroutine[name], "S"), "what", "short_src")
end
local levels = 0
while debug.getinfo(levels, "l") do levels = levels + 1 end
print("levels", levels)
coroutine.wrap(function()
  local n = 0
  while debug.getinfo(n, "l") do n = n + 1 end
  print("levels in a coroutine", n)
end)()
for level = 0, 5 do
  local info = debug.getinfo(level, "nS")
  print(level, info and info.what, info and info.name)
end
local co = coroutine.create(function() local x = 5 coroutine.yield() end)
coroutine.resume(co)
print(debug.getlocal(co, 1, 1))
print(debug.getinfo(co, 1, "l").currentline, debug.getinfo(co, 0, "n").name)
print(debug.sethook(), debug.gethook())
print(pcall(debug.getinfo, 1, "X"))
print(debug.getlocal(f, 1), debug.getlocal(f, 2), debug.getlocal(f, 3))
local up = 1
local function g() return up end
print(debug.getupvalue(g, 1), debug.setupvalue(g, 1, 9), up)
print(debug.getmetatable("").__index == string)
print(debug.getuservalue(io.stdout, 1))
print(debug.getregistry() ~= nil)
