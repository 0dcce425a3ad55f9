for i = 1, 3 do _G["o" .. i] = setmetatable({}, { __gc = function() print("finalizer", i) end }) end
warn("@on")
failing = setmetatable({}, { __gc = function() error("at the end") end })
print("end of the chunk")
return 1, 2, 3
