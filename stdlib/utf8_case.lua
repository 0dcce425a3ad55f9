--- Compares texts without regard to case, in every script that has one: Unicode's full case folding.
---
--- Example:
---     local utf8_case = require("utf8_case")
---     assert(utf8_case.fold("Straße") == "strasse")
---     assert(utf8_case.equal("ΣΊΣΥΦΟΣ", "σίσυφος"))
---     assert(utf8_case.find("Zoë ÅNGSTRÖM", "ångström") == 6)
local data = require("utf8_case_data")

local M = {}

local folds

--- Each code point that folds, with what it becomes.
local function table_of_folds()
  if folds then return folds end
  folds = {}
  for i = 1, #data.ranges, 4 do
    local first, last, step, delta = table.unpack(data.ranges, i, i + 3)
    for code = first, last, step do folds[utf8.char(code)] = utf8.char(code + delta) end
  end
  for code, text in pairs(data.longer) do folds[utf8.char(code)] = text end
  return folds
end

--- The text as it is compared: `ß` is `ss`, and final sigma is sigma. Bytes that are no UTF-8 stay as they are.
--- It is not for showing, and not normalised: `é` of one code point is another than `é` of two.
--- Raises an error where it is no string.
--- Example:
---     assert(require("utf8_case").fold("Straße") == "strasse")
--- @param text string  Any text.
--- @return string
function M.fold(text)
  if type(text) ~= "string" then error("text: a string expected, got " .. type(text), 2) end
  if not text:find("[\x80-\xFF]") then return text:lower() end
  return (text:gsub(utf8.charpattern, table_of_folds()))
end

--- Whether two texts are the same but for case.
--- Raises an error where one of them is no string.
--- Example:
---     assert(require("utf8_case").equal("ZOË", "zoë"))
--- @param a string  A text.
--- @param b string  Another.
--- @return boolean
function M.equal(a, b) return a == b or M.fold(a) == M.fold(b) end

--- Where `part` first stands in `text`, whatever their case: the byte in the folded text, nil where it does not.
--- Raises an error where one of them is no string.
--- Example:
---     assert(require("utf8_case").find("Zoë ÅNGSTRÖM", "ångström") == 6)
--- @param text string  Where it is looked for.
--- @param part string  What is looked for.
--- @return integer?  A position in `fold(text)`.
function M.find(text, part) return (M.fold(text):find(M.fold(part), 1, true)) end

return require("known_names").only("utf8_case", M)
