local x <close> = setmetatable({}, { __close = function() print("never") end })
setmetatable({}, { __gc = function() print("never") end })
io.write("buffered")
coroutine.wrap(function() pcall(function() os.exit(false) end) end)()
