-- Examples of the Lua 5.4 reference manual.
local function foo(a) print("foo", a) return coroutine.yield(2 * a) end
local co = coroutine.create(function(a, b) print("co-body", a, b) local r = foo(a + 1) print("co-body", r) local r, s = coroutine.yield(a + b, a - b) print("co-body", r, s) return b, "end" end)
print("main", coroutine.resume(co, 1, 10)) print("main", coroutine.resume(co, "r")) print("main", coroutine.resume(co, "x", "y")) print("main", coroutine.resume(co, "x", "y"))
local s = "hello world from Lua" for w in string.gmatch(s, "%a+") do io.write(w, ",") end print()
print(string.gsub("hello world", "(%w+)", "%1 %1")) print(string.gsub("hello world", "%w+", "%0 %0", 1)) print(string.gsub("hello world from Lua", "(%w+)%s*(%w+)", "%2 %1"))
print((string.gsub("4+5 = $return 4+5$", "%$(.-)%$", function(s) return load(s)() end))) print(string.gsub("$name-$version.tar.gz", "%$(%w+)", { name = "lua", version = "5.4" }))
x = 10 do local x = x print(x) x = x + 1 do local x = x + 1 print(x) end print(x) end print(x)
a = {} local x = 20 for i = 1, 10 do local y = 0 a[i] = function() y = y + 1 return x + y end end print(a[1](), a[1](), a[2]())
local g, n = 0, 0 for i = 10, 1, -3 do n = n + i end print(n) print("alo\n123\"" == '\97lo\10\04923"', [[
alo
123"]] == 'alo\n123"', [==[
]]x]==])
print(3, 345, 0xff, 0xBEBADA, 3.0, 3.1416, 314.16e-2, 0.31416E1, 34e1, 0x0.1E, 0xA23p-4, 0X1.921FB54442D18P+1) print("10" + 1, 10 .. 20, 0x10 | 0, 3 // 0.0, -3 % math.huge, 3 % -math.huge)
print(#{ 10, 20, 30, nil }, #"abc", 1 << 62, 2^53 == 2^53 + 1) print(tostring(1e15), 2^31, 7 / 2, 7 // 2, 7.0 // 2) print(pcall(load("local x <const> = 1; return x"))) print(math.maxinteger // -1, math.mininteger // -1)
