local function f(n) return 1 + f(n + 1) end
print("before")
f(1)
