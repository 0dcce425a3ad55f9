local v = setmetatable({}, { __index = function(t, k) error("no field " .. k, 2) end, __add = function() error("no sum") end })
print(pcall(function() return v + 1 end))
local x = v.missing
