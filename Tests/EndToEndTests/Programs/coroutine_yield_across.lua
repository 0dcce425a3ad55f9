-- Yields across pcall, xpcall, metamethods, iterators, __close.
local function y(...) return coroutine.yield(...) end
local function drive(name, f)
  local co = coroutine.create(f)
  local arguments = {}
  for turn = 1, 20 do
    local results = table.pack(coroutine.resume(co, table.unpack(arguments)))
    io.write(name, " ", turn, ":")
    for i = 1, results.n do io.write(" ", tostring(results[i])) end
    print("", coroutine.status(co))
    if coroutine.status(co) == "dead" then return end
    arguments = { turn * 10 }
  end
end
drive("pcall", function() return pcall(function() return y("a") + y("b") end) end)
drive("pcall error", function() return pcall(function() y("a") error("after yield") end) end)
drive("xpcall", function()
  return xpcall(function(...) y(...) error("E") end, function(e) return "handled " .. e end, 1, 2)
end)
drive("xpcall ok", function() return xpcall(function(...) return y(...) end, print, 1, 2) end)
drive("nested", function()
  return pcall(pcall, pcall, function() y(1) local ok, e = pcall(function() y(2) error("in") end) y(e) error("out", 0) end)
end)
local mt = {}
for _, event in ipairs({ "add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat" }) do
  mt["__" .. event] = function() return y(event) end
end
for _, event in ipairs({ "unm", "bnot", "len" }) do mt["__" .. event] = function() return y(event) end end
for _, event in ipairs({ "eq", "lt", "le" }) do mt["__" .. event] = function() return y(event) end end
mt.__index = function(_, k) return y("index " .. k) end
mt.__newindex = function(_, k, v) y("newindex " .. k .. "=" .. tostring(v)) end
mt.__call = function(_, ...) return y("call", ...) end
local function new() return setmetatable({}, mt) end
drive("arith", function() local a = new() return a + 1, a - 1, a * 1, a / 1, a % 1, a ^ 1, a // 1 end)
drive("bits", function() local a = new() return a & 1, a | 1, a ~ 1, a << 1, a >> 1, ~a, -a, #a end)
drive("compare", function() local a, b = new(), new() return a == b, a ~= b, a < b, a <= b, a > b, a >= b end)
drive("concat", function() local a = new() return "x" .. "y" .. a .. "z" end)
drive("access", function() local a = new() a.k = a.j return a.i end)
drive("call", function() local a = new() return a(1, 2), a() end)
drive("tail", function() local a = new() return a(1, 2) end)
drive("iterator", function()
  local sum = 0
  for k in function(_, k) return y("it", k) end do sum = sum + k if sum > 50 then return sum end end
end)
drive("pairs", function()
  local t = setmetatable({}, { __pairs = function(t) y("pairs") return function(_, k) if not k then return y("next"), "v" end end, t end })
  for k, v in pairs(t) do y(k, v) end
end)
drive("close", function()
  do local x <close> = setmetatable({}, { __close = function(_, e) y("closing", e) end }) y("in") end
  return "out"
end)
drive("close error", function()
  return pcall(function()
    local x <close> = setmetatable({}, { __close = function(_, e) y("closing", e) error("second", 0) end })
    error("first", 0)
  end)
end)
drive("close return", function()
  local x <close> = setmetatable({}, { __close = function() y("c1") end })
  local z <close> = setmetatable({}, { __close = function() y("c2") end })
  return 1, 2, 3
end)
drive("dofile", function() return pcall(dofile, "/nowhere/at/all.lua") end)
drive("select", function() return select("#", y(1), y(2)) end)
drive("table.unpack of results", function() return table.unpack({ y(1), y(2) }) end)
