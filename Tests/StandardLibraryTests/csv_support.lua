--- Sources and rows that the tests of reading and of writing CSV share.
local csv = require("csv")

local M = {}

--- Every row of a text, as lists or by name.
function M.all(text, opts)
  local rows = {}
  for row in csv.read(text, opts):rows() do rows[#rows + 1] = row end
  return rows
end

--- A source that hands out `text` in pieces of `size` bytes, so that every boundary falls everywhere.
function M.pieces(text, size)
  local position = 1
  return function()
    if position > #text then return nil end
    local piece = text:sub(position, position + size - 1)
    position = position + size
    return piece
  end
end

return M
