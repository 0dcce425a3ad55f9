local columns = require("csv_columns")
local csv = require("csv")
local csv_support = require("csv_support")

local all, pieces = csv_support.all, csv_support.pieces

local tests = {}

tests["reads plain rows, quoted fields and every line ending"] = function(t)
  local cases = {
    { "a,b\r\n1,2\r\n", { { "a", "b" }, { "1", "2" } } },
    { "a,b\n1,2", { { "a", "b" }, { "1", "2" } } },
    { "a,b\r1,2\r", { { "a", "b" }, { "1", "2" } } },
    { "a,b\r1,2\n3,4\r\n5,6", { { "a", "b" }, { "1", "2" }, { "3", "4" }, { "5", "6" } } },
    { '"a","b,c"\n', { { "a", "b,c" } } },
    { '"say ""hi""",""""\n', { { 'say "hi"', '"' } } },
    { '"two\nlines","three\r\nmore"\n', { { "two\nlines", "three\r\nmore" } } },
    { ",\n,,\n", { { "", "" }, { "", "", "" } } },
    { '""\n', { { "" } } },
    { "a, b ,c\n", { { "a", " b ", "c" } } },
    { "a\n\n\nb\n", { { "a" }, { "b" } } },
    { "\xEF\xBB\xBFa,b\n", { { "a", "b" } } },
    { "\xEF\xBB\xBF\"a\",b\n", { { "a", "b" } } },
    { "", {} },
    { "\n", {} },
    { "x", { { "x" } } },
    { "a,", { { "a", "" } } },
    { "a\0b,c\n", { { "a\0b", "c" } } },
    { "é,日本,👋\n", { { "é", "日本", "👋" } } },
  }
  for _, case in ipairs(cases) do
    for _, size in ipairs({ 1, 2, 3, 5, 100 }) do
      t.equal(all(pieces(case[1], size)), case[2], ("%q in pieces of %d"):format(case[1], size))
    end
    t.equal(all(case[1]), case[2], ("%q at once"):format(case[1]))
  end
end

tests["gives rows by name, with number and line, and says what is wrong with a row's shape"] = function(t)
  local text = 'email,name\n\nada@x.org,"Ada\nLovelace"\nbob@x.org\neve@x.org,Eve,extra\n"z","Z"\nlast,L'
  local seen = {}
  local reader = csv.read(text, { header = true })
  t.equal(reader.header, { "email", "name" })
  for row, number, line, problem in reader:rows() do seen[#seen + 1] = { row, number, line, problem } end
  t.equal(seen, {
    { { email = "ada@x.org", name = "Ada\nLovelace" }, 3, 3 },
    { { email = "bob@x.org" }, 4, 5, "1 field where the header has 2" },
    { { email = "eve@x.org", name = "Eve", [3] = "extra" }, 5, 6, "3 fields where the header has 2" },
    { { email = "z", name = "Z" }, 6, 7 },
    { { email = "last", name = "L" }, 7, 8 },
  })
end

tests["takes a header that is given, and refuses one that names a field twice"] = function(t)
  t.equal(all("1,2\n", { header = { "a", "b" } }), { { a = "1", b = "2" } })
  t.raises('names "a" twice, in columns 1 and 3', all, "a,b,a\n1,2,3\n", { header = true })
end

tests["has odd names and more columns than a pattern has captures"] = function(t)
  t.equal(all('"a""]\n",end\n1,2\n', { header = true }), { { ['a"]\n'] = "1", ["end"] = "2" } })
  for _, count in ipairs({ 31, 32, 33, 250 }) do
    local names, values, row = {}, {}, {}
    for i = 1, count do
      names[i], values[i] = "c" .. i, "v" .. i
      row["c" .. i] = "v" .. i
    end
    local text = table.concat(names, ",") .. "\n" .. table.concat(values, ",") .. "\n"
    t.equal(all(text, { header = true }), { row })
    t.equal(all(text), { names, values })
  end
end

tests["reads other separators and refuses impossible ones"] = function(t)
  t.equal(all("a;b,c\n", { separator = ";" }), { { "a", "b,c" } })
  t.equal(all('a\t"b\tc"\n', { separator = "\t" }), { { "a", "b\tc" } })
  t.equal(all("a|b^c\n", { separator = "|" }), { { "a", "b^c" } })
  t.equal(all("a^b|c\nd^e\n", { separator = "^" }), { { "a", "b|c" }, { "d", "e" } })
  t.equal(all("a]b\nd]e\n", { separator = "]" }), { { "a", "b" }, { "d", "e" } })
  for _, separator in ipairs({ "", '"', "\n", "ab", "x" }) do
    t.raises("separator", csv.read, "a", { separator = separator })
  end
end

tests["names the line and row of malformed quotes"] = function(t)
  local cases = {
    { 'a\nb"c\n', "people:2: row 2: a quote stands inside field 1" },
    { 'a\n"b"c\n', "people:2: row 2: text follows the closing quote of field 1" },
    { 'a\n"x\ny"z\n', "people:3: row 2: text follows the closing quote of field 1" },
    { 'a\n\n"b\nc\n', "people:3: row 3: a quoted field is never closed" },
  }
  for _, case in ipairs(cases) do
    for _, size in ipairs({ 1, 4, 100 }) do
      t.raises(case[2], all, pieces(case[1], size), { name = "people" })
    end
  end
  t.equal(all('5" pipe,x\n', { lenient = true }), { { '5" pipe', "x" } })
end

--- Text in UTF-16, in the byte order of `format` ("<I2" or ">I2").
local function utf16(text, format)
  local parts = {}
  for _, code in utf8.codes(text) do
    if code >= 0x10000 then
      code = code - 0x10000
      parts[#parts + 1] = string.pack(format, 0xD800 + (code >> 10))
      parts[#parts + 1] = string.pack(format, 0xDC00 + (code & 0x3FF))
    else
      parts[#parts + 1] = string.pack(format, code)
    end
  end
  return table.concat(parts)
end

tests["leaves out columns without a name, however many, and loses no data that stands there"] = function(t)
  local text = 'a,,b,,,\n1,,2,,,\n3,,4\n5,x,6,,,\n7,,8,,,,,,y\n9\n"p","","q","","",""\n'
  local reader = csv.read(text, { header = true })
  local seen = {}
  for row, number, _, problem in reader:rows() do seen[#seen + 1] = { row, number, problem } end
  t.equal(seen, {
    { { a = "1", b = "2" }, 2 },
    { { a = "3", b = "4" }, 3 },
    { { a = "5", [2] = "x", b = "6" }, 4, "column 2 holds data and has no name in the header" },
    { { a = "7", b = "8", [9] = "y" }, 5, "9 fields where the header has 3" },
    { { a = "9" }, 6, "1 field where the header has 3" },
    { { a = "p", b = "q" }, 7 },
  })
end

tests["takes Excel's first line for the separator, and not for a row"] = function(t)
  for _, size in ipairs({ 1, 2, 3, 100 }) do
    for _, ending in ipairs({ "\n", "\r\n", "\r" }) do
      local text = "\xEF\xBB\xBFsep=;" .. ending .. "a;b" .. ending .. "1,5;2"
      local reader = csv.read(pieces(text, size), { header = true })
      t.equal(reader.separator, ";")
      local seen = {}
      for row, number, line in reader:rows() do seen[#seen + 1] = { row, number, line } end
      t.equal(seen, { { { a = "1,5", b = "2" }, 2, 3 } })
    end
  end
  t.equal(all("SEP=\t\na\tb\n"), { { "a", "b" } })
  t.equal(all("sep=,\na;b,c\n", { separator = ";" }), { { "a", "b,c" } })
  t.equal(all("sep=;"), {})
  t.equal(all("sep=;;;\na;b;c\n"), { { "a", "b", "c" } })
  t.equal(all("sep=\t \na\tb\n"), { { "a", "b" } })
  t.equal(all("sep=;,\na;b\n"), { { "sep=;", "" }, { "a;b" } })
  t.equal(all("sep=x\n"), { { "sep=x" } })
  t.equal(all("a;b\nsep=;\n"), { { "a;b" }, { "sep=;" } })
end

tests["takes that line in quotes for the separator where a header follows, for data where none does"] = function(t)
  for _, ending in ipairs({ "\n", "\r\n" }) do
    for _, rest in ipairs({ "", ";", ';"";""' }) do
      for _, size in ipairs({ 1, 5, 100 }) do
        local text = '"sep=;"' .. rest .. ending .. '"a";"b"' .. ending .. '"1,5";"2"' .. ending
        local reader = csv.read(pieces(text, size), { header = true })
        t.equal({ reader.separator, reader.header }, { ";", { "a", "b" } }, ("%q"):format(text))
        t.equal(reader.next(), { a = "1,5", b = "2" })
      end
    end
  end
  t.equal(csv.read('"sep=;",email\n1,2\n', { header = true }).header, { "sep=;", "email" })
  t.equal(csv.read('"sep=x"\n1\n', { header = true }).header, { "sep=x" })
  t.equal(all('"sep=;"\na;b\n'), { { "sep=;" }, { "a;b" } })
  t.equal(all('"sep=;"\n', { header = { "a" } }), { { a = "sep=;" } })
end

tests["reads UTF-16 of either order, with and without a mark, wherever it is cut"] = function(t)
  local text = 'email,"näme, 👋"\r\na@x.org,"日本\n👋"\r\n'
  local rows = { { "email", "näme, 👋" }, { "a@x.org", "日本\n👋" } }
  for _, format in ipairs({ "<I2", ">I2" }) do
    for _, mark in ipairs({ "", "\u{FEFF}", "\u{FEFF}\u{FEFF}" }) do
      local bytes = utf16(mark .. text, format)
      for _, size in ipairs({ 1, 2, 3, 7, 1000 }) do
        t.equal(all(pieces(bytes, size)), rows, format .. " in pieces of " .. size)
      end
      t.equal(all(bytes), rows)
    end
  end
  t.equal(all("\xFF\xFE" .. string.pack("<I2I2I2I2", 0xD83D, 0x61, 0xDC4B, 0x62)), { { "\u{FFFD}a\u{FFFD}b" } })
  t.equal(all("\xFF\xFEa\0b"), { { "a\u{FFFD}" } })
end

tests["reads UTF-32 of either order, with and without a mark, wherever it is cut"] = function(t)
  local text = 'email,"näme, 👋"\r\na@x.org,"日本\n👋"\r\n'
  local rows = { { "email", "näme, 👋" }, { "a@x.org", "日本\n👋" } }
  for _, format in ipairs({ "<I4", ">I4" }) do
    for _, mark in ipairs({ "", "\u{FEFF}", "\u{FEFF}\u{FEFF}" }) do
      local units = {}
      for _, code in utf8.codes(mark .. text) do units[#units + 1] = string.pack(format, code) end
      local bytes = table.concat(units)
      for _, size in ipairs({ 1, 2, 3, 4, 7, 1000 }) do
        t.equal(all(pieces(bytes, size)), rows, format .. " in pieces of " .. size)
      end
      t.equal(all(bytes), rows)
    end
    local odd = string.pack(format:rep(4), 0xFEFF, 0xD83D, 0x7FFFFFFF, 0x61) .. "\0"
    t.equal(all(odd), { { "\u{FFFD}\u{FFFD}a\u{FFFD}" } })
  end
end

tests["tells UTF-16 without a mark where some characters end in a zero byte"] = function(t)
  for _, odd in ipairs({ "Ā", "😀", "一", "Ȁ" }) do
    local text = "email,firstname\r\na@x.org," .. odd .. "\r\nb@x.org," .. odd .. odd .. "\r\n"
    local rows = { { "email", "firstname" }, { "a@x.org", odd }, { "b@x.org", odd .. odd } }
    for _, format in ipairs({ "<I2", ">I2" }) do t.equal(all(utf16(text, format)), rows, odd .. " in " .. format) end
  end
end

tests["reads names without any character that has no ink, and what is around them"] = function(t)
  local blanks = {
    0x01, 0x1F, 0x7F, 0x85, 0x9F, 0xA0, 0xAD, 0x61C, 0x115F, 0x1160, 0x1680, 0x180E, 0x2000, 0x200A, 0x200B, 0x200C,
    0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E, 0x202F, 0x205F, 0x2060, 0x2066, 0x2069, 0x2800, 0x3000,
    0x3164, 0xFEFF, 0xFFA0, 0xFFF9,
  }
  for _, code in ipairs(blanks) do
    local blank = utf8.char(code)
    for _, name in ipairs({ "email" .. blank, blank .. "email", blank .. blank .. "email " .. blank }) do
      local found = csv.read("id," .. name .. "\n1,2\n", { header = true }).header
      t.equal(found, { "id", "email" }, ("U+%04X in %q"):format(code, name))
    end
  end
  t.equal(csv.read("first\u{2028}name,Nach\u{AD}name\n", { header = true }).header, { "first name", "Nachname" })
  t.equal(csv.read("Größe,日本,❤️, x\n", { header = true }).header, { "Größe", "日本", "❤️", " x" })
  t.equal(csv.read("id,bad\xFF\u{2028}\n", { header = true }).header, { "id", "bad\xFF\u{2028}" })
end

tests["reads a doubled mark, and names without what is invisible in them"] = function(t)
  local mark = "\xEF\xBB\xBF"
  t.equal(all(mark .. mark .. '"a",b\n1,2\n', { header = true }), { { a = "1", b = "2" } })
  local odd = "\u{A0}email\u{200B},first\u{AD}name\u{202F},last\u{A0}name,\u{200D}x\u{200C}\n1,2,3,4\n"
  t.equal(all(odd, { header = true }), { { email = "1", firstname = "2", ["last name"] = "3", x = "4" } })
  t.equal(all("👩\u{200D}🔬, a \n1,2\n", { header = true }), { { ["👩\u{200D}🔬"] = "1", [" a "] = "2" } })
  -- Data is no name.
  t.equal(all("a\n\u{200B}x\u{A0}\n", { header = true }), { { a = "\u{200B}x\u{A0}" } })
end

tests["lets a function name the columns"] = function(t)
  local given
  local function names(header)
    given = header
    return { "one", "two", "" }
  end
  t.equal(all("a,a,b\n1,2,\n", { header = names }), { { one = "1", two = "2" } })
  t.equal(given, { "a", "a", "b" })
end

tests["finds columns whose names occur twice or are missing"] = function(t)
  local header = { "Email", "Name", "", "Email", "A#2" }
  local cases = {
    { "Email", { 1, 4 }, false }, { "Email#2", { 4 }, true }, { "#3", { 3 }, true }, { "A#2", { 5 }, false },
    { "Email#3", {}, true }, { "#6", {}, true }, { "#0", {}, true }, { "email", {}, false },
  }
  for _, case in ipairs(cases) do
    local found, single = columns.find(header, case[1])
    t.equal({ found, single }, { case[2], case[3] }, case[1])
  end
  for index in ipairs(header) do t.equal(columns.find(header, columns.label(header, index)), { index }) end
  t.equal(columns.label(header, 4), "Email#2")
  t.equal(columns.label(header, 2), "Name")
  t.equal(columns.label(header, 3), "#3")
  -- One column by its number goes before all of its name.
  local expected = { "email", "name", nil, "other" }
  t.equal(columns.mapped(header, { { "Email#2", "other" }, { "Email", "email" }, { "Name", "name" } }), expected)
  t.equal(columns.mapped(header, { { "Email", "email" }, { "Name", "name" }, { "Email#2", "other" } }), expected)
  t.equal({ columns.mapped(header, { { "Phone", "phone" } }) }, { nil, "Phone" })
  for text, separator in pairs({ ["a;b,c"] = ";", ["a\tb"] = "tab", ["a|b"] = "|", ["a,b"] = "," }) do
    t.equal(columns.likely_separator({ text }), separator)
  end
  t.equal(columns.likely_separator({ "a;b", "c" }), nil)
end

tests["names what is not CSV"] = function(t)
  for text, part in pairs({
    ["PK\3\4\20\0"] = "save it as CSV", ["\xD0\xCF\x11\xE0\xA1"] = "old Excel",
    ["%PDF-1.7\n"] = "PDF", ["\x1F\x8B\8"] = "gunzip",
    ["email\0,b\n1,2"] = "zero byte",
  }) do
    t.raises("people: ", all, text, { header = true, name = "people" })
    t.raises(part, all, text, { header = true })
  end
  local _, folder = pcall(csv.open, "/tmp")
  t.equal(tostring(folder), "/tmp: Is a directory")
  t.equal(getmetatable(folder), csv.Error)
  t.equal("no: " .. folder, "no: /tmp: Is a directory")
end

tests["knows the words that people write for separators"] = function(t)
  for word, separator in pairs({
    tab = "\t", TAB = "\t", ["\t"] = "\t", ["\\t"] = "\t", [";"] = ";", comma = ",", ["|"] = "|",
  }) do
    t.equal(csv.separator(word), separator)
  end
  for _, word in ipairs({ "", "ab", "a", "7", '"', "\n", "é", "\xA7" }) do
    local separator, problem = csv.separator(word)
    t.equal(separator, nil)
    t.equal(problem:find("one character", 1, true), 1)
  end
end

tests["reads a field far larger than a chunk in linear time"] = function(t)
  local big = ('x"",\n'):rep(400000)
  local started = os.clock()
  local rows = all(pieces('a,"' .. big .. '",z\n1,2,3\n', 4096))
  t.equal(#rows, 2)
  t.equal(#rows[1][2], 400000 * 4)
  t.equal(rows[2], { "1", "2", "3" })
  if os.clock() - started > 5 then error("took " .. os.clock() - started .. " s") end
end

tests["closes what it opened, and not what it was given"] = function(t)
  local path = t.path()
  t.write(path, "a,b\n1,2\n")
  local reader = csv.open(path, { header = true })
  local file = reader.file
  for row in reader:rows() do t.equal(row, { a = "1", b = "2" }) end
  reader:close()
  reader:close()
  t.equal(io.type(file), "closed file")
  do
    local closing <close> = csv.open(path)
    file = closing.file
  end
  t.equal(io.type(file), "closed file")
  local given <close> = assert(io.open(path, "rb"))
  csv.read(given):close()
  t.equal(io.type(given), "file")
  t.raises("No such file", csv.open, path .. ".missing")
end

return tests
