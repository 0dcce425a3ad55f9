print() print(nil) print(nil, false, 1, 1.0, -0.0, 1e100, "s", 2^63) print(("%s"):format(print):match("^builtin") or "function")
print(setmetatable({}, { __tostring = function() return "object" end }), (tostring({}):gsub("0x%x+", "ADDR")), (tostring(print):gsub("0x%x+", "ADDR")), (tostring(coroutine.create(print)):gsub("0x%x+", "ADDR")))
print(pcall(print, setmetatable({}, { __tostring = function() return 42 end }))) print(pcall(print, setmetatable({}, { __tostring = function() error("in tostring") end })))
io.write("a", 1, 2.5, "\n") print(pcall(io.write, {})) print(io.write("") == io.stdout) io.stderr:write("to stderr\n") print("\0embedded\0", #"\0embedded\0")
local tostring_ = tostring tostring = function() return "replaced" end print(1, {}  and 2) tostring = tostring_
print(type(nil), type(print), type({}), type("x"), type(2), type(coroutine.create(print)), type(io.stdout), pcall(type)) print(_VERSION, _G._G == _G, math.type(2^31))
coroutine.wrap(function() print("in a coroutine", setmetatable({}, { __tostring = function() return "through a coroutine" end })) end)()
print(string.format("%-10s|%10.3f|%+d|%#x", "left", 3.14159, 5, 255)) print(#arg, arg[0] ~= nil)
