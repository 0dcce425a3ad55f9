-- Generators over generators.
local function gen(n) return coroutine.wrap(function() for i = 2, n do coroutine.yield(i) end end) end
local function filter(p, g)
  return coroutine.wrap(function() for n in g do if n % p ~= 0 then coroutine.yield(n) end end end)
end
local x = gen(60)
local primes = {}
while true do
  local n = x()
  if n == nil then break end
  primes[#primes + 1] = n
  x = filter(n, x)
end
print(table.concat(primes, " "))
-- permutations, as in the book
local function permgen(a, n)
  n = n or #a
  if n <= 1 then coroutine.yield(a) else
    for i = 1, n do
      a[n], a[i] = a[i], a[n]
      permgen(a, n - 1)
      a[n], a[i] = a[i], a[n]
    end
  end
end
local count = 0
for p in coroutine.wrap(function() permgen({ 1, 2, 3, 4 }) end) do
  count = count + 1
  if count % 5 == 0 then print(table.concat(p, ",")) end
end
-- depth
local function nest(n) if n == 0 then return "bottom" end return coroutine.wrap(nest)(n - 1) end
print(nest(50))
local function deep(n) return coroutine.wrap(function() if n > 0 then return deep(n - 1) end error("E", 0) end)() end
print(pcall(deep, 20))
local function status(n)
  local co = coroutine.create(function() if n > 0 then return status(n - 1) end return coroutine.resume(coroutine.running()) end)
  return coroutine.resume(co)
end
print(status(5))
