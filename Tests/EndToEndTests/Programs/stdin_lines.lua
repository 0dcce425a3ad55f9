-- input: one\ntwo\n\nfour
local n = 0
for line in coroutine.wrap(function() for l in io.lines() do coroutine.yield(l) end end) do n = n + 1 print(n, #line, line) end
print(io.read("a") == "", io.read("l"), io.read("n"))
