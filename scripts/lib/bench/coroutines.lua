-- Resumes and yields, in an iterator and by hand, and errors that pcall catches.
local sum = 0
for value in coroutine.wrap(function() for i = 1, 1500000 do coroutine.yield(i) end end) do sum = sum + value end
local co = coroutine.create(function(a, b) while true do a, b = coroutine.yield(a + b) end end)
for i = 1, 1000000 do
  local _, value = coroutine.resume(co, i, 1)
  sum = sum + value
end
for i = 1, 1000000 do
  local _, value = pcall(math.max, i, 1)
  sum = sum + value
end
assert(sum > 0)
