-- Error objects of every type, out of resume and wrap.
local values = { "text", 42, 4.5, true, false, {}, print, coroutine.create(print), io.stdout }
for i = 1, #values + 1 do
  local value = values[i]
  local co = coroutine.create(function() error(value) end)
  local ok, e = coroutine.resume(co)
  print(i, ok, type(e), type(e) == "string" and e or rawequal(e, value), coroutine.status(co))
  local ok2, e2 = pcall(coroutine.wrap(function() error(value) end))
  print(i, ok2, type(e2), type(e2) == "string" and e2 or rawequal(e2, value))
end
for level = 0, 3 do
  print(level, pcall(coroutine.wrap(function() error("at " .. level, level) end)))
  local function call(f) return (f()) end
  print(level, pcall(call, coroutine.wrap(function() error("through " .. level, level) end)))
  print(level, select(2, coroutine.resume(coroutine.create(function() error("r " .. level, level) end))))
end
print(pcall(error))
print(pcall(error, nil))
print(pcall(error, "x", 1))
print(pcall(error, "x", 2))
print(pcall(error, setmetatable({}, { __tostring = function() return "T" end })))
