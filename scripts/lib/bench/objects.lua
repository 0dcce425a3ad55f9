-- Closures, method calls, metatables, pcall and coroutines.
local Point = {}
Point.__index = Point
Point.__add = function(a, b) return setmetatable({ x = a.x + b.x, y = a.y + b.y }, Point) end
function Point.new(x, y) return setmetatable({ x = x, y = y }, Point) end
function Point:length() return self.x * self.x + self.y * self.y end
local function counter()
  local n = 0
  return function() n = n + 1 return n end
end
local total = 0
for i = 1, 600000 do
  local p = Point.new(i, 1) + Point.new(1, i)
  total = total + p:length() % 7
  if i % 4 == 0 then
    local c = counter()
    c()
    total = total + c() + select(2, pcall(p.length, p)) % 3
  end
end
local generator = coroutine.wrap(function() for i = 1, 600000 do coroutine.yield(i) end end)
for i = 1, 600000 do total = total + generator() end
assert(total > 0)
