-- The limit on nested C calls: a recursion through resume, wrap, pcall, gsub, sort or a metamethod is an error, no crash.
-- Only the text of the error is compared: how deep it gets is the implementation's.
local function text(e) return tostring(e):match("C stack overflow") or tostring(e):match("stack overflow") or e end
local function resume() local ok, e = coroutine.resume(coroutine.create(resume)) if ok then return e end return e end
print(text(resume()))
local function wrap() return coroutine.wrap(wrap)() end
print(text(select(2, pcall(wrap))))
local depth = 0
local function viapcall() depth = depth + 1 local ok, e = pcall(viapcall) if not ok then error(e, 0) end end
print(text(select(2, pcall(viapcall))), depth > 100)
local function gsub() return (string.gsub("x", "x", gsub)) end
print(text(select(2, pcall(gsub))))
local function sort() table.sort({ 1, 2, 3 }, sort) end
print(text(select(2, pcall(sort))))
local t = setmetatable({}, {})
getmetatable(t).__index = function(_, k) return t[k + 1] end
print(text(select(2, pcall(function() return t[1] end))))
local function plain() return plain() + 1 end
print(text(select(2, pcall(plain))))
print(select(2, pcall(string.rep, "x", -1)))
local function message() error() end
print(xpcall(function() error("x") end, function(e) error("again") end))
print(text(select(3, pcall(load, "return " .. string.rep("(", 300) .. "1" .. string.rep(")", 300)))))
print((select(2, load("return " .. string.rep("-", 300) .. "1"))) or "fine")
local a = {} for i = 1, 300 do a[i] = "x" .. i end
print((select(2, load("local " .. table.concat(a, ",")))))
local function close() local x <close> = setmetatable({}, { __close = close }) end
print(text(select(2, pcall(close))))
