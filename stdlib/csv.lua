--- Reads and writes CSV as RFC 4180 has it, in flat memory.
---
--- A row has a number and a line. The number counts every row of the file, the header and empty rows too, so it is what
--- a spreadsheet shows beside the row; the line is where the row begins in a text editor. They differ once a quoted
--- field holds a line break.
---
--- Example:
---     local people <close> = csv.open("people.csv", { header = true })
---     for person, number in people:rows() do print(number, person.email) end
local M = {}

local byte, find, gsub, match, sub = string.byte, string.find, string.gsub, string.match, string.sub
local concat = table.concat

local QUOTE, CR, LF = byte('"'), byte("\r"), byte("\n")
local UTF8_BOM, UTF16_LE, UTF16_BE = "\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"
--- A pattern has at most 32 captures (LUA_MAXCAPTURES), and one of them is the position after the row.
local MAX_CAPTURES = 31

--- @class csv.ReadOpts
--- @field separator? string   One byte; a comma by default.
--- @field header? boolean|string[]  true: the first row names the fields and rows are tables by name. A list: these are
---                            the names, and the first row is data. Left out: rows are lists.
--- @field lenient? boolean    Takes a quote inside an unquoted field as it stands (5" pipe) instead of raising.
--- @field name? string        What error messages call the source; the path, by default.
--- @field chunk_size? integer Bytes read at a time: 64 KiB by default.

--- @class csv.Reader
--- @field header? string[]    The names of the fields, in the file's order, where the reader has a header.

local function check_separator(separator)
  if separator == nil then return "," end
  if type(separator) ~= "string" or #separator ~= 1 or find(separator, '[%w"\r\n]') then
    error("separator: one byte other than a letter, digit, quote or line break expected", 3)
  end
  return separator
end

--- A set of a pattern that matches none of the bytes that end or forbid an unquoted field.
local function plain_set(separator)
  return '[^%' .. separator .. '"\r\n]*'
end

--- A function that reads one row of plain fields at a position and returns it with the position after it, or nil where
--- the row has other than `count` fields, is quoted, blank, or not wholly in the buffer. It is made as Lua text, since
--- one match and one table constructor are several times as fast as any loop over fields.
local function plain_row_reader(separator, count, names)
  if count > MAX_CAPTURES or count < 1 then return nil end
  local captures, locals, fields = {}, {}, {}
  for i = 1, count do
    captures[i] = "(" .. plain_set(separator) .. ")"
    locals[i] = "f" .. i
    fields[i] = names and ("[%q]=f%d"):format(names[i], i) or "f" .. i
  end
  local pattern = "^" .. concat(captures, "%" .. separator) .. "\r?\n()"
  local text = ([[
    local match, pattern = ...
    return function(buffer, position)
      local %s, after = match(buffer, pattern, position)
      if after then %s return { %s }, after end
    end]]):format(
    concat(locals, ", "),
    -- The only field of a row being empty, the line is blank, and the slow path decides.
    count == 1 and "if f1 == '' then return nil end" or "",
    concat(fields, ", ")
  )
  return assert(load(text, "=csv", "t", {}))(match, pattern)
end

--- The number of line breaks (CR LF, LF or CR) in `text`.
local function line_breaks(text)
  local _, feeds = gsub(text, "\n", "")
  local _, returns = gsub(text, "\r", "")
  local _, pairs_of_both = gsub(text, "\r\n", "")
  return feeds + returns - pairs_of_both
end

--- Reads any one row at a position: fields, how many, the position after it, how many line breaks it holds within
--- quotes, and whether any field was quoted. Returns nil where the row goes on past the buffer and more can be read.
local function read_row(buffer, position, at_end, separator, lenient, fail)
  local separator_byte = byte(separator)
  local stop = lenient and "[%" .. separator .. "\r\n]" or "[%" .. separator .. '"\r\n]'
  local fields, count, breaks, quoted = {}, 0, 0, false
  while true do
    count = count + 1
    local after -- The position of the byte that ends the field.
    if byte(buffer, position) == QUOTE then
      quoted = true
      local from, doubled = position + 1, false
      local search = from
      while true do
        after = find(buffer, '"', search, true)
        if not after then
          if at_end then fail(breaks, "a quoted field is never closed") end
          return nil
        end
        if after == #buffer and not at_end then return nil end
        if byte(buffer, after + 1) ~= QUOTE then break end
        doubled, search = true, after + 2
      end
      local text = sub(buffer, from, after - 1)
      if find(text, "[\r\n]") then breaks = breaks + line_breaks(text) end
      fields[count] = doubled and gsub(text, '""', '"') or text
      after = after + 1
      local next_byte = byte(buffer, after)
      if next_byte and next_byte ~= separator_byte and next_byte ~= CR and next_byte ~= LF then
        fail(breaks, ("text follows the closing quote of field %d"):format(count))
      end
    else
      after = find(buffer, stop, position)
      if not after then
        if not at_end then return nil end
        after = #buffer + 1
      elseif byte(buffer, after) == QUOTE then
        fail(breaks, ("a quote stands inside field %d, which is not quoted"):format(count))
      end
      fields[count] = sub(buffer, position, after - 1)
    end
    local ending = byte(buffer, after)
    if ending == separator_byte then
      position = after + 1
    elseif ending == CR then
      if after == #buffer and not at_end then return nil end
      return fields, count, byte(buffer, after + 1) == LF and after + 2 or after + 1, breaks, quoted
    else
      return fields, count, after + 1, breaks, quoted
    end
  end
end

--- A function that returns the next piece of the source, or nil at its end.
local function chunk_source(source, size)
  if type(source) == "function" then return source end
  if type(source) == "string" then
    return function()
      local text = source
      source = nil
      return text
    end
  end
  if io.type(source) == "file" then
    return function(wanted)
      local text, message = source:read(wanted > size and wanted or size)
      if not text and message then error(message, 0) end
      return text
    end
  end
  error("source: a string, an open file or a function that returns strings expected", 3)
end

local function check_header(names, name)
  local seen = {}
  for index, field in ipairs(names) do
    if seen[field] then
      error(("%s: the header names %q twice, in columns %d and %d"):format(name, field, seen[field], index), 0)
    end
    seen[field] = index
  end
end

--- The names of the fields are tables' keys; what a row has beyond them is kept under their positions.
local function by_name(fields, count, names)
  local row = {}
  for index = 1, count do row[names[index] or index] = fields[index] end
  return row
end

--- Reads rows from a text, an open file, or a function that returns pieces of text and nil at the end.
--- @param source string|file*|fun(): string?
--- @param opts? csv.ReadOpts
--- @return csv.Reader
function M.read(source, opts)
  opts = opts or {}
  local separator, lenient = check_separator(opts.separator), opts.lenient or false
  local name = opts.name or "csv"
  local size = opts.chunk_size or 65536
  assert(math.type(size) == "integer" and size >= 1, "chunk_size: a whole number of at least 1 expected")
  local next_chunk = chunk_source(source, size)

  local buffer, position, at_end = "", 1, false
  local number, line = 0, 1 -- Of the row that begins at `position`: the rows before it, and its line.
  local names, plain

  local function fail(breaks, message)
    error(("%s:%d: row %d: %s"):format(name, line + breaks, number + 1, message), 0)
  end

  -- Appends to the unread rest at least as much again, so that a row far longer than a chunk takes linear time.
  local function fill()
    local rest = position <= #buffer and sub(buffer, position) or ""
    local parts, added = { rest }, 0
    repeat
      local chunk = next_chunk(#rest)
      if chunk == nil then
        at_end = true
      elseif type(chunk) ~= "string" then
        error("source: the function returned " .. type(chunk) .. " instead of a string", 0)
      else
        parts[#parts + 1] = chunk
        added = added + #chunk
      end
    until at_end or (added > 0 and added >= #rest)
    buffer, position = concat(parts), 1
  end

  -- The next row that is not blank: fields, count, its number and line. nil at the end.
  local function next_fields()
    while true do
      if position > #buffer and not at_end then fill() end
      if position > #buffer and at_end then return nil end
      local fields, count, after, breaks, quoted = read_row(buffer, position, at_end, separator, lenient, fail)
      if fields then
        local row_number, row_line = number + 1, line
        position, number, line = after, row_number, line + breaks + 1
        if count > 1 or quoted or fields[1] ~= "" then return fields, count, row_number, row_line end
      else
        fill()
      end
    end
  end

  local function start()
    while #buffer < 3 and not at_end do fill() end
    if sub(buffer, 1, 3) == UTF8_BOM then
      position = 4
    elseif sub(buffer, 1, 2) == UTF16_LE or sub(buffer, 1, 2) == UTF16_BE then
      error(("%s: this is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8"):format(name), 0)
    end
    if opts.header == true then
      names = next_fields() or {}
      check_header(names, name)
    elseif opts.header then
      names = table.move(opts.header, 1, #opts.header, 1, {})
      check_header(names, name)
    end
    if names then plain = plain_row_reader(separator, #names, names) end
  end

  start()
  local reader = setmetatable({ header = names }, { __index = M.Reader, __close = function(self) self:close() end })

  -- A row, its number, its line, and what is wrong with its shape, if anything.
  reader.next = function()
    if plain then
      local row, after = plain(buffer, position)
      if row then
        local row_line = line
        position, number, line = after, number + 1, line + 1
        return row, number, row_line
      end
    end
    local fields, count, row_number, row_line = next_fields()
    if not fields then return nil end
    if names then
      local problem
      if count ~= #names then
        problem = ("%d field%s where the header has %d"):format(count, count == 1 and "" or "s", #names)
      end
      return by_name(fields, count, names), row_number, row_line, problem
    end
    if not plain then plain = plain_row_reader(separator, count) end
    return fields, row_number, row_line
  end

  reader.file = io.type(source) == "file" and opts.owned and source or nil
  return reader
end

--- Opens a CSV file. Close the reader (`<close>` or `reader:close()`), or read to its end.
--- @param path string
--- @param opts? csv.ReadOpts
--- @return csv.Reader
function M.open(path, opts)
  local file, message = io.open(path, "rb")
  if not file then error(message, 0) end
  local settings = { name = path, owned = true }
  for key, value in pairs(opts or {}) do settings[key] = value end
  local ok, reader = pcall(M.read, file, settings)
  if not ok then
    file:close()
    error(reader, 0)
  end
  return reader
end

M.Reader = {}

--- An iterator over the rows: row, number, line, problem. `problem` is nil, or says that a row has fewer or more fields
--- than the header; fields beyond the header's are then found under their positions.
--- Malformed quotes raise an error that names the line.
--- @return fun(): table<string, string>|string[]|nil, integer, integer, string?
function M.Reader:rows()
  return self.next
end

--- Closes the file that `csv.open` opened. May be called twice.
function M.Reader:close()
  if self.file then
    self.file:close()
    self.file = nil
  end
end

--- @class csv.WriteOpts
--- @field separator? string  One byte; a comma by default.
--- @field header? string[]   Written first; rows are then tables by these names.
--- @field newline? string    CR LF by default, as the RFC has it.
--- @field protect? boolean   Puts an apostrophe before a value that a spreadsheet would run as a formula (one that
---                           begins with = + - @ or a tab). It changes the data, so it is off by default.

--- @class csv.Writer

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
  local text = ([[
    local type, find, text_of, pattern = ...
    return function(row)
      local %s
      %s
      local text = %s
      if find(text, pattern) then return text end
    end]]):format(concat(locals, ", "), concat(reads, "\n"), concat(locals, (" .. %q .. "):format(separator)))
  return assert(load(text, "=csv", "t", {}))(type, find, text_of, plain_row_pattern(separator, #names))
end

--- Writes rows to an open file, or to a function that is given text. Raises an error where a write fails.
--- @param sink file*|fun(text: string)
--- @param opts? csv.WriteOpts
--- @return csv.Writer
function M.writer(sink, opts)
  opts = opts or {}
  local separator = check_separator(opts.separator)
  local newline, protect, names = opts.newline or "\r\n", opts.protect or false, opts.header
  local special = "[%" .. separator .. '"\r\n]'
  local first = true

  local function put(text)
    if type(sink) == "function" then return sink(text .. newline) end
    local ok, message, code = sink:write(text, newline)
    if not ok then error(setmetatable({ message = message, code = code }, M.WriteError), 0) end
  end

  -- Whether a row, already joined, is of `count` plain fields: one match instead of one for each field.
  local patterns = {}
  local function is_plain(text, count)
    local pattern = patterns[count] or plain_row_pattern(separator, count)
    patterns[count] = pattern
    return find(text, pattern) ~= nil
  end

  local function quote(text)
    return '"' .. gsub(text, '"', '""') .. '"'
  end

  -- Writes `count` texts; `fields` is ours to change.
  local function write(fields, count)
    if protect then
      for index = 1, count do
        if find(fields[index], FORMULA) then fields[index] = "'" .. fields[index] end
      end
    end
    local text = concat(fields, separator, 1, count)
    -- Two rows would be misread if written bare: one empty field (a blank line), and one that begins like a BOM.
    if not is_plain(text, count) or text == "" or (first and sub(text, 1, 3) == UTF8_BOM) then
      for index = 1, count do
        local field = fields[index]
        if find(field, special) or (index == 1 and (text == "" or first and sub(field, 1, 3) == UTF8_BOM)) then
          fields[index] = quote(field)
        end
      end
      text = concat(fields, separator, 1, count)
    end
    first = false
    put(text)
  end

  local writer = {}
  local plain_row = names and not protect and plain_row_writer(separator, names)

  --- Writes one row: a list, or a table by the header's names. What is nil or json.null becomes an empty field.
  --- @param row table
  --- @param count? integer  How many fields a list has, where the last may be nil.
  function writer:write(row, count)
    if plain_row then
      local text = plain_row(row)
      if text and text ~= "" then return put(text) end
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
    check_header(names, "csv")
    write(table.move(names, 1, #names, 1, {}), #names)
  end
  return writer
end

--- What a failed write raises: `message`, and `code`, the system's error number.
M.WriteError = { __tostring = function(failure) return "cannot write: " .. failure.message end }
M.WriteError.__name = "csv.WriteError"

return M
