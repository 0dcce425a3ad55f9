error(setmetatable({}, { __tostring = function() error("while printing") end }))
