--- Reads and writes CSV as RFC 4180 has it, in flat memory.
---
--- A row has a number and a line. The number counts every row of the file, the header and empty rows too, so it is what
--- a spreadsheet shows beside the row; the line is where the row begins in a text editor. They differ once a quoted
--- field holds a line break.
---
--- Example:
---     local people <close> = csv.open("people.csv", { header = true })
---     for person, number in people:rows() do print(number, person.email) end
local known_names = require("known_names")
local text = require("csv_text")
local writing = require("csv_writer")

local M = { Error = text.Error, WriteError = writing.WriteError, separator = text.separator, writer = writing.writer }

local byte, find, gsub, match, sub = string.byte, string.find, string.gsub, string.match, string.sub
local concat = table.concat
local fail_with, plain_set = text.fail, text.plain_set

local QUOTE, CR, LF = byte('"'), byte("\r"), byte("\n")
--- A pattern has at most 32 captures (LUA_MAXCAPTURES), and one of them is the position after the row.
local MAX_CAPTURES = 31

--- @class csv.ReadOpts
--- @field separator? string   One byte; by default the one that a first line `sep=;` names, else a comma.
--- @field header? boolean|string[]|fun(names: string[]): string[]  true: the first row names the fields and rows are
---                            tables by name. A list: these are the names, and the first row is data. A function gets
---                            the first row and answers the names. Left out: rows are lists. Names from the file are
---                            without what is invisible; a column whose name is empty is left out, and a row that has
---                            data there has a problem.
--- @field lenient? boolean    Takes a quote inside an unquoted field as it stands (5" pipe) instead of raising.
--- @field name? string        What error messages call the source; the path, by default.
--- @field chunk_size? integer  Bytes read at a time: 64 KiB by default.

--- @class csv.Reader
--- @field header? string[]    The names of the fields, in the file's order, where the reader has a header.
--- @field separator string    The byte between the fields.

--- A function that reads one row of plain fields at a position and returns it with the position after it, or nil where
--- the row has other than `count` fields, is quoted, blank, not wholly in the buffer, or has data in a column without a
--- name. It is made as Lua text, since one match and one table constructor are several times as fast as any loop over
--- fields.
local function plain_row_reader(separator, count, names)
  local patterns, locals, fields = {}, {}, {}
  for i = 1, count do
    local name = names and names[i] or i
    patterns[i] = ""
    if name ~= "" then
      patterns[i] = "(" .. plain_set(separator) .. ")"
      locals[#locals + 1] = "f" .. i
      fields[#fields + 1] = ("[%q]=f%d"):format(name, i)
    end
  end
  if #locals > MAX_CAPTURES or #locals < 1 then return nil end
  if not names then fields = locals end
  local pattern = "^" .. concat(patterns, "%" .. separator) .. "\r?\n()"
  local code = ([[
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
  return assert(load(code, "=csv", "t", {}))(match, pattern)
end

--- The number of line breaks (CR LF, LF or CR) in a field.
local function line_breaks(field)
  local _, feeds = gsub(field, "\n", "")
  local _, returns = gsub(field, "\r", "")
  local _, pairs_of_both = gsub(field, "\r\n", "")
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
      local field = sub(buffer, from, after - 1)
      if find(field, "[\r\n]") then breaks = breaks + line_breaks(field) end
      fields[count] = doubled and gsub(field, '""', '"') or field
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
local function chunk_source(source, size, name)
  if type(source) == "function" then return source end
  if type(source) == "string" then
    return function()
      local whole = source
      source = nil
      return whole
    end
  end
  if io.type(source) == "file" then
    return function(wanted)
      local piece, message = source:read(wanted > size and wanted or size)
      if not piece and message then fail_with("%s: %s", name, message) end
      return piece
    end
  end
  error("source: a string, an open file or a function that returns strings expected", 3)
end

--- The pieces of a source in UTF-16 or UTF-32, whose beginning has been read already, as UTF-8.
local function decoded(next_chunk, decode)
  local ended = false
  return function(wanted)
    if ended then return nil end
    local piece = next_chunk(wanted)
    ended = piece == nil
    return decode(piece)
  end
end

--- Rows by the fields' names, and the fault of a row's shape, if any. Data in a column that has no name, or
--- beyond the header, is kept under its position.
local function by_name(fields, count, names, width)
  local row, stray = {}, nil
  for index = 1, count do
    local name, field = names[index], fields[index]
    if name and name ~= "" then
      row[name] = field
    elseif field ~= "" then
      row[index] = field
      stray = stray or index
    end
  end
  if count < width or (stray and stray > #names) then
    return row, ("%d field%s where the header has %d"):format(count, count == 1 and "" or "s", width)
  elseif stray then
    return row, ("column %d holds data and has no name in the header"):format(stray)
  end
  return row
end

M.Reader = {}

local function read(source, opts)
  local separator, lenient = text.check_separator(opts.separator), opts.lenient or false
  local name = opts.name or "csv"
  local size = opts.chunk_size or 65536
  assert(math.type(size) == "integer" and size >= 1, "chunk_size: a whole number of at least 1 expected")
  local next_chunk = chunk_source(source, size, name)

  local buffer, position, at_end = "", 1, false
  local number, line = 0, 1 -- Of the row that begins at `position`: the rows before it, and its line.
  local names, plain
  local width = 0 -- The last column that has a name.

  local function fail(breaks, message)
    fail_with("%s:%d: row %d: %s", name, line + breaks, number + 1, message)
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

  -- The first line and a byte more, or enough of it.
  local function fill_first_line()
    while not at_end and #buffer < 512 and not find(buffer, "[\r\n].") do fill() end
  end

  local function read_header()
    if type(opts.header) == "table" then
      names = table.move(opts.header, 1, #opts.header, 1, {})
    else
      local problem = text.foreign(sub(buffer, position, position + 511))
      if problem then fail_with("%s: %s", name, problem) end
      names = next_fields() or {}
      for index, field in ipairs(names) do names[index] = text.seen(field) end
      if opts.header ~= true then names = opts.header(names) end
    end
    text.check_names(names, name)
    for index, field in ipairs(names) do
      if field ~= "" then width = index end
    end
    plain = plain_row_reader(separator, #names, names)
  end

  local function start()
    fill_first_line()
    local format = text.wide(buffer)
    if format then
      local decode = text.wide_decoder(format)
      buffer = decode(buffer) .. (at_end and decode() or "")
      next_chunk = decoded(next_chunk, decode)
      fill_first_line()
    end
    while sub(buffer, position, position + 2) == text.BOM do position = position + 3 end
    local named, after = text.separator_line(buffer, position)
    if not named and opts.header and type(opts.header) ~= "table" then
      named, after = text.quoted_separator_line(buffer, position)
    end
    if named then
      -- A spreadsheet does not show that line, so it is no row.
      if not opts.separator then separator = named end
      position, line = after, line + 1
    end
    if opts.header then read_header() end
  end

  start()
  local reader = { header = names, separator = separator }
  setmetatable(reader, { __index = M.Reader, __close = function(self) self:close() end })

  -- A row, its number, its line, and the fault of its shape, if any.
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
      local row, problem = by_name(fields, count, names, width)
      return row, row_number, row_line, problem
    end
    if not plain then plain = plain_row_reader(separator, count) end
    return fields, row_number, row_line
  end

  reader.file = io.type(source) == "file" and opts.owned and source or nil
  return reader
end

local OPTIONS <const> = { "separator", "header", "lenient", "name", "chunk_size" }

--- Reads rows from a text, an open file, or a function that returns pieces of text and nil at the end.
--- Raises csv.Error, which prints and names the line, where the text is no CSV.
--- Example:
---     local csv = require("csv")
---     local people = csv.read("email,name\nada@example.org,Ada\n", { header = true })
---     for person in people:rows() do assert(person.name == "Ada") end
--- @param source string|file*|fun(): string?  Where the text comes from.
--- @param opts? csv.ReadOpts  How it is read.
--- @return csv.Reader  `reader:rows()` iterates, `reader.header` has the names.
function M.read(source, opts)
  known_names.options("csv.read", opts, OPTIONS)
  return read(source, opts or {})
end

--- Opens a CSV file. Close the reader (`<close>` or `reader:close()`), or read to its end.
--- Raises csv.Error, which prints, where the file cannot be opened or is no CSV.
--- Example:
---     local people <close> = csv.open("people.csv", { header = true })
---     for person, number in people:rows() do print(number, person.email) end
--- @param path string         The file.
--- @param opts? csv.ReadOpts  How it is read.
--- @return csv.Reader  `reader:rows()` iterates, `reader.header` has the names.
function M.open(path, opts)
  known_names.options("csv.open", opts, OPTIONS)
  local file, message = io.open(path, "rb")
  if not file then fail_with("%s", message) end
  local settings = { name = path, owned = true }
  for key, value in pairs(opts or {}) do settings[key] = value end
  local ok, reader = pcall(read, file, settings)
  if not ok then
    file:close()
    error(reader, 0)
  end
  return reader
end

--- An iterator over the rows: row, number, line, problem. `problem` is nil, or says that a row has fewer fields than
--- the header names, or data where it names none; that is then found under its position.
--- Raises csv.Error, which names the line, at quotes that make no sense.
--- Example:
---     local people = require("csv").read("email,name\nada@example.org,Ada\n", { header = true })
---     for person, number in people:rows() do assert(number == 2 and person.name == "Ada") end
--- @return fun(): table<string, string>|string[]|nil, integer, integer, string?
function M.Reader:rows()
  return self.next
end

--- Closes the file that `csv.open` opened. May be called twice.
--- Example:
---     local people = csv.open("people.csv")
---     people:close()
function M.Reader:close()
  if self.file then
    self.file:close()
    self.file = nil
  end
end

return known_names.only("csv", M)
