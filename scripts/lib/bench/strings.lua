-- Making, matching and joining strings.
local total = 0
for round = 1, 12 do
  local parts = {}
  for i = 1, 20000 do parts[i] = "row " .. i .. ";" .. ("%05d"):format(i * round) end
  local text = table.concat(parts, "\n")
  for name, value in text:gmatch("row (%d+);(%d+)") do total = total + #name + tonumber(value) end
  text = text:gsub("row", "line"):upper()
  total = total + #text
end
assert(total > 0)
