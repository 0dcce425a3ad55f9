local a <close> = setmetatable({}, { __close = function(_, e) print("a closes", e) end })
local b <close> = setmetatable({}, { __close = function(_, e) print("b closes", e) error("b fails") end })
error("first")
