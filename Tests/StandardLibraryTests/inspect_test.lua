local inspect = require("inspect")

local tests = {}

tests["shows what can be read back"] = function(t)
  local value = {
    1, 2.5, "a\n\"b\"\\", true, [10] = "ten", [-1] = "less", name = "Ada", ["two words"] = { {}, { x = { y = 1 } } },
    ["end"] = 1, [2.5] = 1, [true] = false,
  }
  t.equal(load("return " .. inspect(value))(), value)
end

tests["puts keys in order, and long tables on several lines"] = function(t)
  t.equal(inspect({ b = 1, a = 2, 3 }), "{ 3, a = 2, b = 1 }")
  t.equal(inspect({ first = ("x"):rep(50), second = { ("y"):rep(50) } }, { width = 60 }),
    '{\n  first = "' .. ("x"):rep(50) .. '",\n  second = { "' .. ("y"):rep(50) .. '" },\n}')
end

tests["marks cycles, and shows a table that comes twice twice"] = function(t)
  local shared = { 1 }
  t.equal(inspect({ shared, shared }), "{ { 1 }, { 1 } }")
  shared[2] = shared
  t.equal(inspect(shared), "{ 1, <cycle> }")
end

tests["shows scalars and what has no text"] = function(t)
  t.equal(inspect(nil), "nil")
  t.equal(inspect({ 1 / 0, -1 / 0 }), "{ math.huge, -math.huge }")
  t.equal(inspect(print), "<function>")
  t.equal(inspect("\27[2J\127"), '"\\x1B[2J\\x7F"')
  t.equal(inspect(setmetatable({}, { __tostring = function() return "a thing" end })), "a thing")
end

return tests
