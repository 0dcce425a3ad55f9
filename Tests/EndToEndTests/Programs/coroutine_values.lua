-- Values in and out, of all counts.
local co = coroutine.create(function(...)
  print("start", select("#", ...), ...)
  for i = 1, 4 do
    print("got", select("#", coroutine.yield()), i)
  end
  print("six", coroutine.yield(1, nil, 3, nil))
  return nil, nil
end)
print(select("#", coroutine.resume(co)))
print(coroutine.resume(co, 1))
print(coroutine.resume(co, nil))
print(coroutine.resume(co, nil, nil))
print(coroutine.resume(co))
print(select("#", coroutine.resume(co, 1, 2, 3)))
print(select("#", coroutine.resume(co)))
local many = coroutine.wrap(function(...)
  local n = select("#", ...)
  while true do n = select("#", coroutine.yield(table.unpack({}, 1, n))) end
end)
for _, n in ipairs({ 0, 1, 10, 100, 1000, 5000 }) do print(n, select("#", many(table.unpack({}, 1, n)))) end
