error(setmetatable({}, { __tostring = function() return "as a string" end }))
