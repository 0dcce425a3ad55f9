local mt = {} local function new(v) return setmetatable({ v = v }, mt) end
for _, op in ipairs({ "add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat" }) do mt["__" .. op] = function(a, b) return op .. "(" .. (type(a) == "table" and a.v or tostring(a)) .. "," .. (type(b) == "table" and b.v or tostring(b)) .. ")" end end
mt.__unm = function(a, b) return "unm" .. tostring(rawequal(a, b)) end mt.__bnot = function() return "bnot" end mt.__len = function() return "len" end
mt.__eq = function(a, b) return a.v == b.v end mt.__lt = function(a, b) return (a.v or a) < (b.v or b) end mt.__le = function(a, b) return (a.v or a) <= (b.v or b) end
mt.__call = function(self, ...) return "call", self.v, ... end mt.__tostring = function(s) return "<" .. s.v .. ">" end mt.__name = "Type"
mt.__index = function(t, k) return "index " .. tostring(k) end mt.__newindex = function(t, k, v) rawset(t, k, "set " .. tostring(v)) end
local a, b = new("a"), new("b")
print(a + b, a - 1, 1 * a, a / b, a % b, a ^ 2, a // b, a & 1, 1 | a, a ~ b, a << 1, 1 >> a, a .. b, "x" .. a, a .. 1, -a, ~a, #a)
print(a == b, a == new("a"), a ~= b, a < b, a <= b, a > b, a >= b, a == 1, rawequal(a, new("a")))
print(a(1, 2)) print(tostring(a), a.missing, a[1]) a.k = 5 print(rawget(a, "k")) print(string.format("%s|%5s", a, "x"))
print(tostring(setmetatable({}, { __name = "Named" })):match("^Named: "), tostring(setmetatable({}, { __tostring = function() return "T" end }))) print(pcall(tostring, setmetatable({}, { __tostring = function() return 1 end })))
print(pcall(function() return a < 1 end)) print(pcall(function() return setmetatable({}, {}) < setmetatable({}, {}) end))
local chain = setmetatable({}, { __index = setmetatable({ x = 1 }, { __index = { y = 2 } }) }) print(chain.x, chain.y, chain.z)
local ni = {} local nt = setmetatable({}, { __newindex = ni }) nt.a = 1 print(rawget(nt, "a"), ni.a)
local called = setmetatable({}, { __call = setmetatable({}, { __call = function(self, inner, x) return "nested call", type(inner), x end }) }) print(called(5))
print(#setmetatable({ 1, 2 }, { __len = function() return 42 end }), rawlen(setmetatable({ 1, 2 }, { __len = function() return 42 end })))
for k, v in pairs(setmetatable({}, { __pairs = function(t) return function(_, k) k = (k or 0) + 1 if k < 3 then return k, k * 10 end end, t, nil end })) do io.write(k, "=", v, " ") end print()
local inherit = setmetatable({}, { __index = string }) print(inherit.format("%d", 5)) print(("x").rep("ab", 2), pcall(function() return ("x").y.z end))
string.custom = function(s) return "custom " .. s end print(("me"):custom()) string.custom = nil
debug.setmetatable(1, { __index = function(n, k) return k .. n end, __call = function(n, x) return n + x end }) print((5).k, (5)(6)) debug.setmetatable(1, nil)
debug.setmetatable(nil, { __index = function() return "nil index" end }) print((nil).x) debug.setmetatable(nil, nil)
debug.setmetatable(print, { __index = { name = "a function" } }) print(print.name) debug.setmetatable(print, nil)
local loop = setmetatable({}, {}) getmetatable(loop).__index = loop print(pcall(function() return loop.x end)) print(getmetatable(setmetatable({}, { __metatable = "hidden" })), pcall(setmetatable, setmetatable({}, { __metatable = 1 }), nil))
print(pcall(function() local x <const> = setmetatable({}, { __concat = function() error("in concat") end }) return x .. "a" end)) print(select("#", a()))
