--- Writes CSV: `csv.writer`.
local known_names = require("known_names")
local text = require("csv_text")

local M = {}

local find, gsub, sub = string.find, string.gsub, string.sub
local concat, pcall = table.concat, pcall

--- @class csv.WriteOpts
--- @field separator? string  One byte; a comma by default.
--- @field header? string[]   Written first; rows are then tables by these names.
--- @field newline? string    CR LF by default, as the RFC has it.
--- @field bom? boolean       Begins with U+FEFF, by which Excel tells UTF-8.
--- @field protect? boolean   Puts an apostrophe before a value that a spreadsheet would run as a formula (one that
---                           begins with = + - @ or a tab). It changes the data, so it is off by default.

--- @class csv.Writer
--- @field write fun(self: csv.Writer, row: table, count?: integer)  Writes one row: a list, or a table by the header's
---                         names. `count` is how many fields a list has, where the last may be nil.

local FORMULA = "^[=+%-@\t\r]"

local function text_of(value, column)
  local kind = type(value)
  if kind == "string" then return value end
  if kind == "nil" then return "" end
  if kind == "boolean" or math.type(value) == "integer" then return tostring(value) end
  if kind == "number" then
    local short = ("%.15g"):format(value)
    return tonumber(short) == value and short or ("%.17g"):format(value)
  end
  if json and value == json.null then return "" end
  error(("column %s: a string, number, boolean or nil expected, got %s"):format(column, kind), 0)
end

--- Whether a text holds no byte for which a field is quoted. Four searches for one byte each are several times as fast
--- as one for a set.
local function is_bare(joined, separator)
  return not (find(joined, separator, 1, true) or find(joined, '"', 1, true) or find(joined, "\n", 1, true)
    or find(joined, "\r", 1, true))
end

--- A Lua function joins no more texts at once: each takes a register, and so does each separator.
local MOST_NAMES <const> = 60

--- After so many rows with numbers and the like, joining them bare is not tried any more.
local MOST_MISSES <const> = 100

--- A function that joins the named fields of a row. It answers nil where one of them needs quotes, and false where one
--- is neither text nor nil. Made as Lua text, for the same reason as the reader's; nil for more names than such a
--- function can join.
local function bare_row_writer(separator, names)
  if #names > MOST_NAMES then return nil end
  local locals, reads, checks = {}, {}, {}
  for i = 1, #names do
    locals[i] = "f" .. i
    reads[i] = ("%s = row[%q] if %s == nil then %s = '' end"):format(locals[i], names[i], locals[i], locals[i])
    -- Only a text can be compared with one: anything else raises, which is faster than to ask for the type.
    checks[i] = locals[i] .. " < ''"
  end
  local code = ([[
    local is_bare, pcall = ...
    local function join(row)
      local %s
      %s
      if %s or not is_bare(%s, %q) then return nil end
      return %s
    end
    return function(row)
      local ok, line = pcall(join, row)
      if ok then return line end
      return false
    end]]):format(
    concat(locals, ", "), concat(reads, "\n"), concat(checks, " or "), concat(locals, " .. "), separator,
    concat(locals, (" .. %q .. "):format(separator)))
  local made = load(code, "=csv", "t", {}) -- Fails where Lua has not enough of its stack left for a long expression.
  return made and made(is_bare, pcall)
end

--- Writes rows to an open file, or to a function that is given text.
--- Raises csv.WriteError, which prints, where a write fails.
--- Example:
---     local parts = {}
---     local writer = csv.writer(function(text) parts[#parts + 1] = text end, { header = { "email", "name" } })
---     writer:write({ email = "ada@example.org", name = "Lovelace, Ada" })
---     assert(table.concat(parts) == 'email,name\r\nada@example.org,"Lovelace, Ada"\r\n')
--- @param sink file*|fun(text: string)  Where the text goes.
--- @param opts? csv.WriteOpts           How it is written.
--- @return csv.Writer  `writer:write(row)`.
function M.writer(sink, opts)
  known_names.options("csv.writer", opts, { "separator", "header", "newline", "bom", "protect" })
  opts = opts or {}
  local separator = text.check_separator(opts.separator)
  local newline, protect, names = opts.newline or "\r\n", opts.protect or false, opts.header
  local special = "[%" .. separator .. '"\r\n]'
  local first, mark = true, opts.bom and text.BOM or ""

  local function put(line)
    if type(sink) == "function" then return sink(line .. newline) end
    local ok, message, code = sink:write(line, newline)
    if not ok then error(setmetatable({ message = message, code = code }, M.WriteError), 0) end
  end

  local function quote(field)
    return '"' .. gsub(field, '"', '""') .. '"'
  end

  -- Whether a row, already joined, would be misread if it were written bare: a blank line, and at the beginning of the
  -- file what looks like a mark or like Excel's `sep=;`.
  local function misleads(line)
    return line == "" or first and (sub(line, 1, 3) == text.BOM or text.separator_line(line, 1) ~= nil)
  end

  -- Writes `count` texts; `fields` is ours to change.
  local function write(fields, count)
    if protect then
      for index = 1, count do
        if find(fields[index], FORMULA) then fields[index] = "'" .. fields[index] end
      end
    end
    local line = concat(fields, separator, 1, count)
    local is_misleading = misleads(line)
    if is_misleading or not is_bare(concat(fields, "", 1, count), separator) then
      for index = 1, count do
        local field = fields[index]
        if find(field, special) or (index == 1 and is_misleading) then fields[index] = quote(field) end
      end
      line = concat(fields, separator, 1, count)
    end
    put(first and mark .. line or line)
    first = false
  end

  local writer = {}
  local bare_row, misses = names and not protect and bare_row_writer(separator, names), 0

  --- Writes one row: a list, or a table by the header's names. What is nil or json.null becomes an empty field.
  --- @param row table
  --- @param count? integer  How many fields a list has, where the last may be nil.
  function writer.write(_, row, count)
    if bare_row then
      local line = bare_row(row)
      if line and line ~= "" then return put(line) end
      if line == false then
        misses = misses + 1
        if misses == MOST_MISSES then bare_row = nil end
      end
    end
    local fields = {}
    if names then
      count = #names
      for index = 1, count do
        local value = row[names[index]]
        fields[index] = type(value) == "string" and value or text_of(value, names[index])
      end
    else
      count = count or #row
      if count < 1 then error("row: at least one field expected", 2) end
      for index = 1, count do
        local value = row[index]
        fields[index] = type(value) == "string" and value or text_of(value, index)
      end
    end
    write(fields, count)
  end

  if names then
    text.check_names(names, "csv")
    write(table.move(names, 1, #names, 1, {}), #names)
  end
  return writer
end

--- What a failed write raises: `message`, and `code`, the system's error number.
M.WriteError = { __tostring = function(failure) return "cannot write: " .. failure.message end }
M.WriteError.__name = "csv.WriteError"

return M
