--- Shows values as Lua source that people can read: keys in order, tables within tables indented, cycles marked.
---
--- Example:
---     local inspect = require("inspect")
---     assert(inspect({ 1, 2, name = "Ada" }) == '{ 1, 2, name = "Ada" }')
---     local me = { name = "Ada" }
---     me.self = me
---     assert(inspect(me) == '{ name = "Ada", self = <cycle> }')
---     assert(inspect({ { 1 } }, { depth = 1 }) == "{ {…} }")
local known_names = require("known_names")

local M = {}

--- @class inspect.Opts
--- @field depth? integer   Tables within tables that are shown; all by default.
--- @field width? integer   A table that fits into so many characters stands on one line: 80 by default.
--- @field indent? string   Two spaces by default.

local RESERVED <const> = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true until
  while]]):gmatch("%a+") do RESERVED[word] = true end

local ESCAPES <const> = { ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r", ['"'] = '\\"', ["\\"] = "\\\\" }

local function quoted(text)
  return '"' .. text:gsub('[%c"\\\127]', function(c)
    return ESCAPES[c] or ("\\x%02X"):format(c:byte())
  end) .. '"'
end

local function key_text(key, shown)
  if type(key) == "string" and key:find("^[%a_][%w_]*$") and not RESERVED[key] then return key end
  return "[" .. shown(key) .. "]"
end

local ORDER <const> = { number = 1, string = 2, boolean = 3 }

local function in_order(a, b)
  local first, second = ORDER[type(a)] or 4, ORDER[type(b)] or 4
  if first ~= second then return first < second end
  if first <= 2 then return a < b end
  return tostring(a) < tostring(b)
end

--- Lua source for the value: it can be read back where it holds no functions, userdata or cycles.
--- `inspect(value)` is the same.
--- Example:
---     local inspect = require("inspect")
---     assert(inspect.text({ 1, { 2 } }, { depth = 1 }) == "{ 1, {…} }")
--- @param value any           What is shown.
--- @param opts? inspect.Opts  How it is shown.
--- @return string
function M.text(value, opts)
  known_names.options("inspect", opts, { "depth", "width", "indent" })
  opts = opts or {}
  local depth, width, indent = opts.depth or math.huge, opts.width or 80, opts.indent or "  "
  local open = {}
  local shown

  local function table_text(t, level)
    if open[t] then return "<cycle>" end
    local mt = getmetatable(t)
    if type(mt) == "table" and mt.__tostring then return tostring(t) end
    if next(t) == nil then return "{}" end
    if level >= depth then return "{…}" end
    open[t] = true
    local parts, count = {}, 0
    while rawget(t, count + 1) ~= nil do
      count = count + 1
      parts[count] = shown(rawget(t, count), level + 1)
    end
    local keys = {}
    for key in next, t do
      if not (math.type(key) == "integer" and key >= 1 and key <= count) then keys[#keys + 1] = key end
    end
    table.sort(keys, in_order)
    for _, key in ipairs(keys) do
      local name = key_text(key, function(inner) return shown(inner, level + 1) end)
      parts[#parts + 1] = name .. " = " .. shown(rawget(t, key), level + 1)
    end
    open[t] = nil
    local line = "{ " .. table.concat(parts, ", ") .. " }"
    if #line + #indent * level <= width and not line:find("\n", 1, true) then return line end
    local inner = indent:rep(level + 1)
    return "{\n" .. inner .. table.concat(parts, ",\n" .. inner) .. ",\n" .. indent:rep(level) .. "}"
  end

  function shown(v, level)
    local kind = type(v)
    if kind == "string" then return quoted(v) end
    if kind == "table" then return table_text(v, level) end
    if v == math.huge then return "math.huge" end
    if v == -math.huge then return "-math.huge" end
    if kind == "number" or kind == "boolean" or kind == "nil" then return tostring(v) end
    return "<" .. kind .. ">"
  end

  return shown(value, 0)
end

--- Prints the value as `text` shows it.
--- Example:
---     require("inspect").print({ name = "Ada", ids = { 501, 502 } })
--- @param value any           What is shown.
--- @param opts? inspect.Opts  How it is shown.
function M.print(value, opts) print(M.text(value, opts)) end

setmetatable(M, { __call = function(_, value, opts) return M.text(value, opts) end })

return known_names.only("inspect", M)
