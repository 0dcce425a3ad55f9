local x <close> = setmetatable({}, { __close = function() print("closed") end })
setmetatable({}, { __gc = function() print("collected") end })
io.write("no newline")
os.exit(true, true)
