error(setmetatable({}, { __name = "My.Error" }))
