local function new(name, f) return setmetatable({}, { __close = function(_, e) print("close", name, e) if f then return f(e) end end }) end
do local a <close> = new("a") local b <close> = new("b") local c <const> = 5 print("body", c) end
local function f(x) local a <close> = new("f") if x then return "early", 1 end do local b <close> = new("inner") goto out end ::out:: return "late" end
print(f(true)) print(f(false))
for i = 1, 2 do local a <close> = new("loop" .. i) if i == 2 then break end end
local i = 0 while true do i = i + 1 local a <close> = new("while" .. i) if i < 2 then goto continue end break ::continue:: end
do local a <close> = nil local b <close> = false print("nil and false are fine") end
print(pcall(function() local a <close> = 42 end)) print(pcall(function() local mine <close> = setmetatable({}, {}) end))
print(pcall(function() local a <close> = new("A") local b <close> = new("B", function() error("B fails", 0) end) local c <close> = new("C", function() error("C fails", 0) end) error("body", 0) end))
print(pcall(function() local a <close> = new("A", function() error("A fails", 0) end) return 1 end))
print(pcall(function() local a <close> = new("A") local b <close> = setmetatable({}, { __close = 42 }) end))
local function tail() local a <close> = new("tail") return f(true) end print(tail())
local function va(...) local a <close> = new("va") return ... end print(va(1, nil, 3)) print(select("#", va()))
repeat local a <close> = new("repeat") local done = true until done
local removed = new("removed") print(pcall(function() local a <close> = removed getmetatable(a).__close = nil end))
-- a generic for with a fourth value
for k, v in next, { 1 }, nil, new("fourth") do print(k, v) end
print(pcall(function() for k in next, { 1 }, nil, new("fourth error") do error("x", 0) end end))
print(pcall(function() for k in next, { 1 }, nil, 42 do end end))
local function g() for k in next, { 1 }, nil, new("return from for") do return "value" end end print(g())
-- xpcall's handler runs before the variables close
print(xpcall(function() local a <close> = new("x") error("E", 0) end, function(e) print("handler", e) return "H" end))
-- nested closes
print(pcall(function() local a <close> = new("outer", function() local b <close> = new("in close") end) end))
