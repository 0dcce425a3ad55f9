--- Has a module refuse names that it does not have: what is misspelt is told where it is read, with the nearest one.
---
--- Example:
---     local known_names = require("known_names")
---     local mine = known_names.only("mine", { read = function() end })
---     local ok, problem = pcall(function() return mine.raed end)
---     assert(not ok and problem:find("'mine' has no 'raed'; did you mean 'read'?", 1, true))
local M = {}

local function letters(word) return (word:lower():gsub("[_-]", ""):sub(1, 80)) end

--- How many letters are changed, added, dropped, or swapped with their neighbour (optimal string alignment).
local function edits(a, b)
  local before, last = {}, {}
  for j = 0, #b do last[j] = j end
  for i = 1, #a do
    local row = { [0] = i }
    for j = 1, #b do
      local is_same = a:byte(i) == b:byte(j)
      row[j] = math.min(last[j - 1] + (is_same and 0 or 1), last[j] + 1, row[j - 1] + 1)
      if i > 1 and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j) then
        row[j] = math.min(row[j], before[j - 2] + 1)
      end
    end
    before, last = last, row
  end
  return last[#b]
end

--- The name that a misspelt word probably stands for; nil where even the nearest differs in more than two fifths of the
--- word's letters.
--- Example:
---     local known_names = require("known_names")
---     assert(known_names.nearest("hedaer", { "header", "name" }) == "header")
--- @param word string     The misspelt word.
--- @param names string[]  What it may stand for.
--- @return string?  The nearest of the names.
function M.nearest(word, names)
  local nearest, least = nil, math.max(1, #letters(word) * 2 // 5)
  for _, name in ipairs(names) do
    local count = edits(letters(word), letters(name))
    if count < least or count == least and (nearest == nil or name < nearest) then nearest, least = name, count end
  end
  return nearest
end

--- Has reading a name that `module` does not have raise an error, in a test such as `if mine.read then` too; `rawget`
--- never does. A metatable that the module has stays.
--- Example:
---     local mine = require("known_names").only("mine", { read = function() end })
---     assert(not pcall(function() return mine.raed end))
--- @generic T: table
--- @param name string  The module's, for the message.
--- @param module T     The module.
--- @return T  The same module.
function M.only(name, module)
  local metatable = getmetatable(module) or {}
  metatable.__index = function(read, key)
    if type(key) ~= "string" then return nil end
    local names = {}
    for known in next, read do
      if type(known) == "string" then names[#names + 1] = known end
    end
    table.sort(names)
    local nearest = M.nearest(key, names)
    local hint = nearest and "did you mean '" .. nearest .. "'?" or "it has " .. table.concat(names, ", ")
    error(("'%s' has no '%s'; %s"):format(name, key:sub(1, 60), hint), 2)
  end
  return setmetatable(module, metatable)
end

--- Refuses an option that a function does not take: what is misspelt would be left out in silence.
--- Raises an error in the caller's caller that names the function, the option and the nearest one.
--- Example:
---     local known_names = require("known_names")
---     local function read(opts) known_names.options("mine.read", opts, { "header", "name" }) end
---     local ok, problem = pcall(read, { hedaer = true })
---     assert(not ok and problem:find("unknown option 'hedaer'; did you mean 'header'?", 1, true))
--- @param f string        The function's name, for the message.
--- @param opts table?     What it was given; nil is fine.
--- @param names any[]     The options that it takes: names, and places of a list.
--- @param what? string    What the table is called: `opts` if left out.
--- @param level? integer  Where the error is, counted from the function: 1 if left out, its caller.
function M.options(f, opts, names, what, level)
  if opts == nil then return end
  what, level = what or "opts", (level or 1) + 2
  if type(opts) ~= "table" then
    error(("bad argument '%s' to '%s' (table expected, got %s)"):format(what, f, type(opts)), level)
  end
  for key in next, opts do
    local is_known, words = false, {}
    for _, name in ipairs(names) do
      is_known = is_known or name == key
      if type(name) == "string" then words[#words + 1] = name end
    end
    if not is_known then
      local nearest = type(key) == "string" and M.nearest(key, words)
      local hint = nearest and "did you mean '" .. nearest .. "'?" or "it takes " .. table.concat(words, ", ")
      error(("bad argument '%s' to '%s' (unknown option '%s'; %s)"):format(what, f, tostring(key):sub(1, 60), hint),
        level)
    end
  end
end

return M.only("known_names", M)
