--- Columns of a CSV file by the names that people give, where names may occur twice or be missing: `Email`, `Email#2`
--- for the second of that name, `#3` for the third column.
local M = {}

--- The positions that `wanted` means, and whether it means a single column. An exact name goes before the other forms.
--- @param header string[]
--- @param wanted string
--- @return integer[], boolean
function M.find(header, wanted)
  local found = {}
  for index, column in ipairs(header) do
    if column == wanted then found[#found + 1] = index end
  end
  if #found > 0 then return found, false end
  local name, number = wanted:match("^(.*)#(%d+)$")
  local left = math.tointeger(number)
  if not left then return found, false end
  for index, column in ipairs(header) do
    if name == "" or column == name then left = left - 1 end
    if left == 0 then return { index }, true end
  end
  return found, true
end

--- The new name of each position by a list of `{ column, name }`. A column by its number goes before all of its
--- name, in whatever order they are given. Or nil, and the column that the file does not have.
--- @param header string[]
--- @param list string[][]
--- @return table<integer, string>?, string?
function M.mapped(header, list)
  local names, is_exact = {}, {}
  for _, pair in ipairs(list) do
    local positions, single = M.find(header, pair[1])
    if #positions == 0 then return nil, pair[1] end
    for _, index in ipairs(positions) do
      if single or not is_exact[index] then names[index] = pair[2] end
      is_exact[index] = is_exact[index] or single
    end
  end
  return names
end

--- A name for the column at a position, so that `find` finds it alone.
--- @param header string[]
--- @param index integer
--- @return string
function M.label(header, index)
  local name, place, count = header[index], 0, 0
  if name == "" then return "#" .. index end
  for other, column in ipairs(header) do
    if column == name then
      count = count + 1
      if other <= index then place = place + 1 end
    end
  end
  return count > 1 and ("%s#%d"):format(name, place) or name
end

--- The separator that a header of one column seems to have, as a person writes it; nil where nothing hints at one.
--- @param header string[]
--- @return string?
function M.likely_separator(header)
  if #header ~= 1 then return nil end
  local found = header[1]:match("[;\t|]") or header[1]:match(",")
  return found == "\t" and "tab" or found
end

return M
