-- A coroutine that is still suspended at the end: its variables are not closed.
held = coroutine.wrap(function() local x <close> = setmetatable({}, { __close = function() print("never") end }) coroutine.yield() end)
held()
local y <close> = setmetatable({}, { __close = function() print("the chunk's own is") end })
