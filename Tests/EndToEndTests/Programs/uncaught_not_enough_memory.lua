local s = ("x"):rep(1 << 20)
print(pcall(string.rep, s, 1 << 42))
print(pcall(table.concat, setmetatable({}, { __len = function() return 1 << 60 end, __index = function() return "x" end }), s, 1, 0))
string.rep(s, 1 << 43)
