setmetatable({}, { __gc = function() print("collected") end })
coroutine.wrap(function() os.exit(3, true) end)()
