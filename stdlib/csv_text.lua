--- The common ground of reading and writing CSV: errors, separators, marks, names of columns, and UTF-16.
local M = {}

local byte, char, find, gsub, match, sub = string.byte, string.char, string.find, string.gsub, string.match, string.sub

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

--- The separator that a person writes: the character, or a word for it. Or nil, and its fault.
--- @param text string
--- @return string?, string?
function M.separator(text)
  local separator = WORDS[text:lower()] or text
  if may_separate(separator) then return separator end
  local expected = "one character other than a letter, digit, quote or line break, or the word tab, expected"
  return nil, ("%s, got %q"):format(expected, text)
end

--- A set of a pattern that matches none of the bytes that end or forbid an unquoted field.
function M.plain_set(separator)
  return '[^%' .. separator .. '"\r\n]*'
end

--- Excel's first line, `sep=;`: the separator it names, and the position behind the line. nil where there is none.
function M.separator_line(buffer, position)
  local separator, after = match(buffer, "^[sS][eE][pP]=(.)\r?\n()", position)
  if not separator then separator, after = match(buffer, "^[sS][eE][pP]=(.)\r?()$", position) end
  if not separator then separator, after = match(buffer, "^[sS][eE][pP]=(.)\r()", position) end
  if separator and may_separate(separator) then return separator, after end
end

-- Names of columns ---------------------------------------------------------------------------------------------------

--- Invisible characters: U+00AD, U+200B, U+200E, U+200F, U+202A to U+202E, U+2060, U+FEFF.
local UNSEEN <const> = {
  "\xC2\xAD", "\xE2\x80\x8B", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80[\xAA-\xAE]", "\xE2\x81\xA0", "\xEF\xBB\xBF",
}
--- What looks like a space: U+00A0, U+2000 to U+200A, U+202F, U+205F, U+3000.
local SPACES <const> = { "\xC2\xA0", "\xE2\x80[\x80-\x8A]", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80" }

--- Characters without ink beyond Lua's own white space: no-break and other spaces, zero-width ones, marks of direction.
local INVISIBLE <const> = {
  [0xA0] = true, [0xAD] = true, [0x1680] = true, [0x180E] = true, [0x202F] = true, [0x205F] = true, [0x2060] = true,
  [0x3000] = true, [0xFEFF] = true, [0x2028] = true, [0x2029] = true,
}

--- `text` without white space, seen or unseen, at its ends. What is not UTF-8 stays as it is.
--- @param text string
--- @return string
function M.trimmed(text)
  text = text:match("^%s*(.-)%s*$")
  if not text:find("[\x80-\xFF]") or not utf8.len(text) then return text end
  local first, last
  for position, code in utf8.codes(text) do
    local unseen = code <= 0x20 or INVISIBLE[code] or (code >= 0x2000 and code <= 0x200F)
    if not unseen then first, last = first or position, utf8.offset(text, 2, position) - 1 end
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
--- and of white space around it; any other is as it stands. A joiner (U+200C, U+200D) is kept inside, where scripts and
--- emoji need it.
--- @param name string
--- @return string
function M.seen(name)
  local seen = name
  for _, pattern in ipairs(UNSEEN) do seen = gsub(seen, pattern, "") end
  for _, pattern in ipairs(SPACES) do seen = gsub(seen, pattern, " ") end
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

-- UTF-16 -------------------------------------------------------------------------------------------------------------

--- Which UTF-16 a text begins in: "<" (little-endian), ">" (big-endian), or nil. Without a mark it is told by its zero
--- bytes: most characters of a header and of its separators are ASCII.
function M.utf16(text)
  local mark = sub(text, 1, 2)
  if mark == "\xFF\xFE" then return "<" end
  if mark == "\xFE\xFF" then return ">" end
  local pairs_seen, first, second = 0, 0, 0
  for position = 1, math.min(#text, 512) - 1, 2 do
    local one, two = byte(text, position, position + 1)
    pairs_seen = pairs_seen + 1
    if one == 0 then first = first + 1 end
    if two == 0 then second = second + 1 end
  end
  if pairs_seen < 2 then return nil end
  if first == 0 and second * 2 > pairs_seen then return "<" end
  if second == 0 and first * 2 > pairs_seen then return ">" end
end

--- A function that turns pieces of UTF-16 into UTF-8, wherever they are cut; without an argument it gives what is
--- left. Half of a surrogate pair, or of a character, becomes U+FFFD.
function M.utf16_decoder(endian)
  local format, rest, high = endian .. "I2", "", nil
  return function(piece)
    local text = rest .. (piece or "")
    local parts = {}
    local function put(code) parts[#parts + 1] = utf8.char(code) end
    for position = 1, #text - 1, 2 do
      local unit = string.unpack(format, text, position)
      local is_low = unit >= 0xDC00 and unit <= 0xDFFF
      if high and is_low then
        put(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00))
        high = nil
      else
        if high then put(0xFFFD) end
        high = nil
        if unit >= 0xD800 and unit <= 0xDBFF then
          high = unit
        else
          put(is_low and 0xFFFD or unit)
        end
      end
    end
    rest = #text % 2 == 1 and char(byte(text, -1)) or ""
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
