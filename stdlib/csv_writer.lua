--- Writes CSV: `csv.writer`.
local known_names = require("known_names")
local text = require("csv_text")

local M = {}

local find, gsub, sub = string.find, string.gsub, string.sub
local concat = table.concat
local plain_set = text.plain_set

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

local function plain_row_pattern(separator, count)
  return "^" .. (plain_set(separator) .. "%" .. separator):rep(count - 1) .. plain_set(separator) .. "$"
end

--- A function that joins the named fields of a row, or returns nil where one of them needs quotes. Made as Lua text,
--- for the same reason as the reader's; nil for more names than a Lua function may have locals.
local function plain_row_writer(separator, names)
  if #names > 150 then return nil end
  local locals, reads = {}, {}
  for i = 1, #names do
    locals[i] = "f" .. i
    reads[i] = ('%s = row[%q] if type(%s) ~= "string" then %s = text_of(%s, %q) end'):format(
      locals[i], names[i], locals[i], locals[i], locals[i], names[i])
  end
  local code = ([[
    local type, find, text_of, pattern = ...
    return function(row)
      local %s
      %s
      local text = %s
      if find(text, pattern) then return text end
    end]]):format(concat(locals, ", "), concat(reads, "\n"), concat(locals, (" .. %q .. "):format(separator)))
  return assert(load(code, "=csv", "t", {}))(type, find, text_of, plain_row_pattern(separator, #names))
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

  -- Whether a row, already joined, is of `count` plain fields: one match instead of one for each field.
  local patterns = {}
  local function is_plain(line, count)
    local pattern = patterns[count] or plain_row_pattern(separator, count)
    patterns[count] = pattern
    return find(line, pattern) ~= nil
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
    if is_misleading or not is_plain(line, count) then
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
  local plain_row = names and not protect and plain_row_writer(separator, names)

  --- Writes one row: a list, or a table by the header's names. What is nil or json.null becomes an empty field.
  --- @param row table
  --- @param count? integer  How many fields a list has, where the last may be nil.
  function writer.write(_, row, count)
    if plain_row then
      local line = plain_row(row)
      if line and line ~= "" then return put(line) end
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
