--- Columns of a CSV file by the names that people give, where names may occur twice or be missing: `Email`, `Email#2`
--- for the second of that name, `#3` for the third column.
---
--- Example:
---     local columns = require("csv_columns")
---     assert(columns.find({ "Email", "Name" }, "Name")[1] == 2)
local M = {}

--- The positions that `wanted` means, and whether it means a single column. An exact name goes before the other forms.
--- Example:
---     local places, is_single = require("csv_columns").find({ "Email", "Email" }, "Email#2")
---     assert(places[1] == 2 and is_single)
--- @param header string[]  The names of the columns.
--- @param wanted string    The name that a person gave.
--- @return integer[] positions  None where the file has no such column.
--- @return boolean is_single    Whether it means one column, not all of that name.
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
--- Example:
---     local names = require("csv_columns").mapped({ "E-mail", "Name" }, { { "E-mail", "email" } })
---     assert(names[1] == "email" and names[2] == nil)
--- @param header string[]  The names of the columns.
--- @param list string[][]  The pairs.
--- @return table<integer, string>? names  By position.
--- @return string? missing  The column that the file does not have.
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
--- Example:
---     assert(require("csv_columns").label({ "Email", "Email" }, 2) == "Email#2")
--- @param header string[]  The names of the columns.
--- @param index integer    The position.
--- @return string  The name.
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
--- Example:
---     assert(require("csv_columns").likely_separator({ "email;name" }) == ";")
--- @param header string[]  The names of the columns.
--- @return string?  `;`, `|`, `,` or `tab`.
function M.likely_separator(header)
  if #header ~= 1 then return nil end
  local found = header[1]:match("[;\t|]") or header[1]:match(",")
  return found == "\t" and "tab" or found
end

return M
