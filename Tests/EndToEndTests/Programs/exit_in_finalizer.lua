local x = setmetatable({}, { __gc = function() print("finalizer") io.stdout:flush() os.exit(4) end })
x = nil
collectgarbage()
print("not reached")
