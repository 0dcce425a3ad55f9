local function inner(x) error("in a tail call " .. x) end
local function middle(x) return inner(x) end
local function outer(x) return middle(x + 1) end
local object = { method = function(self) return outer(1) end }
print(pcall(object.method, object))
object:method()
