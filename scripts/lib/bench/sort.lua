-- table.sort, by itself and with a comparator.
local seed = 42
local function random()
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed
end
for _ = 1, 4 do
  local list = {}
  for i = 1, 60000 do list[i] = random() end
  table.sort(list)
  table.sort(list, function(a, b) return a > b end)
  for i = 2, #list do assert(list[i - 1] >= list[i]) end
end
