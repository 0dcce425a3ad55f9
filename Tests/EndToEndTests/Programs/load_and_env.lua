print(load("return 1 + 1")(), load("x ="), load(function() return nil end)())
local parts = { "return ", "1", " + 2" } local i = 0
print(load(function() i = i + 1 return parts[i] end)())
print(pcall(load, function() error("reader fails") end), load(function() return nil end))
print(pcall(load, function() error({ code = 1 }) end) == true, select(2, select(2, pcall(load, function() error("E", 0) end))))
print(pcall(load), pcall(load, {}), load("return ...", "name", "t")(1, 2))
local env = { y = 5 }
print(load("return y", "c", "t", env)(), load("y = 6", "c", "t", env)(), env.y, y)
print(load("return y", "c", "t", nil) and pcall(load("return y", "c", "t", nil)))
print(load("return 1", "c", "b"), load(string.dump(function() return 1 end), "c", "t"))
print(load(string.dump(function() return 1 end), "c", "b")(), load("return 1", "=c", "bt")())
print(pcall(load, "return 1", "c", "bad mode"))
local f = load("local a = ... ; return function() a = a + 1 return a end")(10) print(f(), f())
local _ENV <const> = { print = print, pcall = pcall }
z = 3 print(z, _G) print(pcall(function() return string end))
do local _ENV = { print = print, z = "inner" } print(z) end
local function g(_ENV) return z end print(g({ z = "by argument" }))
