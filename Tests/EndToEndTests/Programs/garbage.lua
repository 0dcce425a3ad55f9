local log = {}
local function object(name) return setmetatable({}, { __gc = function() log[#log + 1] = name end }) end
do local a, b, c = object("a"), object("b"), object("c") end
collectgarbage() collectgarbage() print(table.concat(log, " "))
-- resurrection
local kept
do local r = setmetatable({ "resurrected" }, { __gc = function(o) kept = o end }) end
collectgarbage() print(kept and kept[1])
-- __gc set later does not count
local late = setmetatable({}, {}) getmetatable(late).__gc = function() log[#log + 1] = "late" end late = nil collectgarbage() print(log[#log])
print(collectgarbage("count") > 0, collectgarbage("step") ~= nil, collectgarbage("isrunning"), collectgarbage("stop"), collectgarbage("isrunning"), collectgarbage("restart"), collectgarbage("isrunning"))
collectgarbage("incremental") print(collectgarbage("generational"), collectgarbage("incremental", 150, 200, 13), collectgarbage("setpause", 200), collectgarbage("setstepmul", 100))
print(pcall(collectgarbage, "bad"), collectgarbage("collect"), collectgarbage())
-- a coroutine is collected, its to-be-closed variables do not run
do local co = coroutine.wrap(function() local x <close> = setmetatable({}, { __close = function() log[#log + 1] = "closed" end }) coroutine.yield() end) co() end
collectgarbage() collectgarbage() print(log[#log])
-- finalizers in the order of their marking; yields are refused
setmetatable({}, { __gc = function() print(pcall(coroutine.yield)) print(coroutine.isyieldable()) end })
coroutine.wrap(function() collectgarbage() end)()
-- weak values and finalizers
local weak = setmetatable({}, { __mode = "v" })
weak[1] = setmetatable({}, { __gc = function() print("in finalizer", weak[1]) end }) collectgarbage() print(weak[1])
local weakkeys = setmetatable({}, { __mode = "k" })
weakkeys[setmetatable({}, { __gc = function(o) print("key in finalizer", weakkeys[o]) end })] = "value" collectgarbage() collectgarbage() print(next(weakkeys))
collectgarbage("generational") for i = 1, 20000 do local t = { i } end collectgarbage("incremental") for i = 1, 20000 do local t = { i } end print("end")
setmetatable({}, { __gc = function() print("at the end, second") end })
at_end = setmetatable({}, { __gc = function() print("at the end, first") end })
