-- input: 42 3.5\nsecond line\nthird\n\nlast
print(io.read("n", "n"))
print(io.read("L"))
print(io.read())
print(io.stdin:read("l", 0))
for l in io.lines() do print("[" .. l .. "]") end
print(io.read(), io.read("a"), io.read(0))
