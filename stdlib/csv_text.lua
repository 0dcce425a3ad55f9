--- The common ground of reading and writing CSV: errors, separators, marks, names of columns, UTF-16 and UTF-32.
local M = {}

local find, gsub, match, sub = string.find, string.gsub, string.match, string.sub

--- U+FEFF, the mark that Excel writes and wants at the beginning of UTF-8.
M.BOM = "\xEF\xBB\xBF"

-- Errors -------------------------------------------------------------------------------------------------------------

--- The error of a file that is no CSV: `message`. It prints, and joins with texts, as its message.
M.Error = { __name = "csv.Error" }
M.Error.__tostring = function(failure) return failure.message end
M.Error.__concat = function(left, right) return tostring(left) .. tostring(right) end

--- Raises an error about the file: it names no line of Lua, since none is at fault.
--- @param text string
--- @param ... any  For `string.format`.
function M.fail(text, ...)
  error(setmetatable({ message = text:format(...) }, M.Error), 0)
end

-- Separators ---------------------------------------------------------------------------------------------------------

--- Whether one byte may stand between fields.
local function may_separate(separator)
  return type(separator) == "string" and #separator == 1 and not find(separator, '[%w"\r\n\x80-\xFF]')
end

--- A reader's or writer's option; a comma by default.
function M.check_separator(separator)
  if separator == nil then return "," end
  if not may_separate(separator) then
    error("separator: one byte other than a letter, digit, quote or line break expected", 3)
  end
  return separator
end

local WORDS <const> = { tab = "\t", ["\\t"] = "\t", comma = ",", semicolon = ";", space = " ", pipe = "|" }

--- The separator that a person writes: the character, or a word for it such as `tab`. Or nil, and its fault.
--- Example:
---     assert(csv.separator("tab") == "\t")
--- @param text string  What a person wrote.
--- @return string? separator  One byte; nil where the text is none.
--- @return string? problem    What is wrong with it.
function M.separator(text)
  local separator = WORDS[text:lower()] or text
  if may_separate(separator) then return separator end
  local expected = "one character other than a letter, digit, quote or line break, or the word tab, expected"
  return nil, ("%s, got %q"):format(expected, text)
end

--- A set of a pattern that matches none of the bytes that end or forbid an unquoted field.
function M.plain_set(separator)
  -- Only what means something within a set is escaped: an escaped sign takes much longer to compare.
  return "[^" .. gsub(separator, "[%^%]%-%%]", "%%%0") .. '"\r\n]*'
end

--- Excel's first line, `sep=;`: the separator it names, and the position behind the line. nil where there is none.
--- A spreadsheet that has saved the file again may have filled the line up with separators, or with spaces.
function M.separator_line(buffer, position)
  local separator, rest, after = match(buffer, "^[sS][eE][pP]=([^\r\n])([^\r\n]*)\r?\n?()", position)
  if separator and may_separate(separator) and find(rest, "^%" .. separator .. "* *$") then return separator, after end
end

--- The same line in quotes, as programs write it that quote every cell. Where no header is wanted, it is data.
function M.quoted_separator_line(buffer, position)
  local separator, rest, after = match(buffer, '^"[sS][eE][pP]=([^\r\n])"([^\r\n]*)\r?\n?()', position)
  if separator and may_separate(separator) and find(rest, "^[%" .. separator .. '"]*$') then return separator, after end
end

-- Names of columns ---------------------------------------------------------------------------------------------------

--- A replacement for each character without ink beyond Lua's own white space: a space for spaces and line ends, nothing
--- for controls, marks of direction, fillers and characters without width.
local BLANK <const> = {}
for blank, ranges in pairs({
  [" "] = { 0x85, 0xA0, 0x1680, { 0x2000, 0x200A }, 0x2028, 0x2029, 0x202F, 0x205F, 0x2800, 0x3000 },
  [""] = {
    { 0x00, 0x08 }, { 0x0E, 0x1F }, { 0x7F, 0x84 }, { 0x86, 0x9F }, 0xAD, 0x61C, 0x115F, 0x1160, 0x180E, 0x200B, 0x200E,
    0x200F, { 0x202A, 0x202E }, { 0x2060, 0x206F }, 0x3164, 0xFEFF, 0xFFA0, { 0xFFF9, 0xFFFB },
  },
}) do
  for _, range in ipairs(ranges) do
    if type(range) == "number" then range = { range, range } end
    for code = range[1], range[2] do BLANK[code] = blank end
  end
end

--- U+200C and U+200D: without ink, and needed between letters of some scripts and parts of emoji.
local JOINERS <const> = { [0x200C] = true, [0x200D] = true }

--- Whether a text may hold characters of `BLANK`, and can be read by its characters.
local function is_odd(text)
  return find(text, "[\0-\8\14-\31\127-\255]") and utf8.len(text)
end

--- `text` without white space, seen or unseen, at its ends. What is not UTF-8 stays as it is.
--- @param text string
--- @return string
function M.trimmed(text)
  text = text:match("^%s*(.-)%s*$")
  if not is_odd(text) then return text end
  local first, last
  for position, code in utf8.codes(text) do
    if code > 0x20 and not BLANK[code] and not JOINERS[code] then
      first, last = first or position, utf8.offset(text, 2, position) - 1
    end
  end
  return first and text:sub(first, last) or ""
end

--- Whether a row of `csv` holds nothing but white space.
--- @param row table<string|integer, string>
--- @return boolean
function M.is_blank(row)
  for _, value in pairs(row) do
    if M.trimmed(value) ~= "" then return false end
  end
  return true
end

--- A column's name as one sees it. A name that holds something invisible, or a space other than ASCII's, is freed of it
--- and of white space around it; any other is as it stands. A joiner (U+200C, U+200D) is kept inside.
--- @param name string
--- @return string
function M.seen(name)
  if not is_odd(name) then return name end
  local parts = {}
  for _, code in utf8.codes(name) do parts[#parts + 1] = BLANK[code] or utf8.char(code) end
  local seen = table.concat(parts)
  local before
  repeat
    before = seen
    seen = gsub(gsub(seen, "^%s*\xE2\x80[\x8C\x8D]", ""), "\xE2\x80[\x8C\x8D]%s*$", "")
  until seen == before
  return seen == name and name or match(seen, "^%s*(.-)%s*$")
end

--- Refuses a header that names a column twice. Columns without a name are no columns.
--- @param names string[]
--- @param name string  What to call the file.
function M.check_names(names, name)
  local seen = {}
  for index, field in ipairs(names) do
    if seen[field] then
      M.fail("%s: the header names %q twice, in columns %d and %d", name, field, seen[field], index)
    end
    if field ~= "" then seen[field] = index end
  end
end

-- UTF-16 and UTF-32 -------------------------------------------------------------------------------------------------

local MARKS <const> = {
  { "\xFF\xFE\0\0", "<I4" }, { "\0\0\xFE\xFF", ">I4" }, { "\xFF\xFE", "<I2" }, { "\xFE\xFF", ">I2" },
}

--- Whether a text without a mark reads as units of a format: all of them may be characters, and most are ASCII.
local function reads_as(text, format, size, limit)
  local units, ascii, odd = #text // size, 0, 0
  for index = 1, units do
    local unit = string.unpack(format, text, (index - 1) * size + 1)
    if unit > limit then return false end
    if unit >= 1 and unit <= 0x7F then ascii = ascii + 1 end
    -- Read in the wrong order, ASCII has its byte at the other end.
    if unit & 0xFF == 0 then odd = odd + 1 end
  end
  return units >= 2 and ascii * 2 > units and odd * 8 < ascii
end

--- Which of UTF-16 and UTF-32 a text begins in, as a format of one unit: "<I2", ">I2", "<I4" or ">I4"; or nil. Without
--- a mark it is told by its zero bytes: most characters of a header and of its separators are ASCII.
function M.wide(text)
  for _, mark in ipairs(MARKS) do
    if sub(text, 1, #mark[1]) == mark[1] then return mark[2] end
  end
  local beginning = sub(text, 1, 512)
  for _, format in ipairs({ "<I4", ">I4" }) do
    if reads_as(beginning, format, 4, 0x10FFFF) then return format end
  end
  for _, format in ipairs({ "<I2", ">I2" }) do
    if reads_as(beginning, format, 2, 0xFFFF) then return format end
  end
end

--- A function that turns pieces of UTF-16 or UTF-32 into UTF-8, wherever they are cut; without an argument it gives
--- the rest. Half of a surrogate pair, or of a character, and a number of no character become U+FFFD.
function M.wide_decoder(format)
  local size = string.packsize(format)
  local rest, high = "", nil
  return function(piece)
    local text = rest .. (piece or "")
    local parts = {}
    local function put(code) parts[#parts + 1] = utf8.char(code) end
    local whole = #text - #text % size
    for position = 1, whole, size do
      local unit = string.unpack(format, text, position)
      local is_low = unit >= 0xDC00 and unit <= 0xDFFF
      if high and is_low then
        put(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00))
        high = nil
      else
        if high then put(0xFFFD) end
        high = nil
        if size == 2 and unit >= 0xD800 and unit <= 0xDBFF then
          high = unit
        else
          put((unit >= 0xD800 and unit <= 0xDFFF or unit > 0x10FFFF) and 0xFFFD or unit)
        end
      end
    end
    rest = sub(text, whole + 1)
    if not piece and (high or rest ~= "") then
      put(0xFFFD)
      high, rest = nil, ""
    end
    return table.concat(parts)
  end
end

-- What is no CSV -----------------------------------------------------------------------------------------------------

local SIGNATURES <const> = {
  ["PK\3\4"] = "this is a workbook or an archive (.xlsx, .ods, .zip): save it as CSV first",
  ["\xD0\xCF\x11\xE0"] = "this is an old Excel workbook (.xls): save it as CSV first",
  ["%PDF"] = "this is a PDF, not CSV",
  ["\x7FELF"] = "this is a program, not CSV",
}

--- What is wrong with a file whose first row should name its columns, or nil.
--- @param text string  Its beginning.
--- @return string?
function M.foreign(text)
  local known = SIGNATURES[sub(text, 1, 4)]
  if known then return known end
  if sub(text, 1, 2) == "\x1F\x8B" then return "this is compressed: gunzip it first" end
  if find(match(text, "^[^\r\n]*"), "\0", 1, true) then
    return "its first line holds a zero byte: this is not CSV, or UTF-16 without a mark (iconv -f UTF-16LE -t UTF-8)"
  end
end

return M
