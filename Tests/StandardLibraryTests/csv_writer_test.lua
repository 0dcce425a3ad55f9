local csv = require("csv")
local csv_support = require("csv_support")

local all, pieces = csv_support.all, csv_support.pieces

local function written(rows, opts, count)
  local parts = {}
  local writer = csv.writer(function(text) parts[#parts + 1] = text end, opts)
  for _, row in ipairs(rows) do writer:write(row, count) end
  return table.concat(parts)
end

local tests = {}

tests["writes quotes only where they are needed"] = function(t)
  t.equal(written({ { "a", "b c", "tab\t", "é" } }), "a,b c,tab\t,é\r\n")
  t.equal(written({ { "a,b", 'say "hi"', "two\nlines", "c\rr" } }), '"a,b","say ""hi""","two\nlines","c\rr"\r\n')
  t.equal(written({ { "a;b", "c,d" } }, { separator = ";", newline = "\n" }), '"a;b";c,d\n')
  t.equal(written({ { "" }, { "", "" }, { "x" } }), '""\r\n,\r\nx\r\n')
  t.equal(written({ { "\xEF\xBB\xBFa" }, { "\xEF\xBB\xBFb" } }), '"\xEF\xBB\xBFa"\r\n\xEF\xBB\xBFb\r\n')
end

tests["begins with a mark where one is asked for, and with nothing that could be misread"] = function(t)
  t.equal(written({ { "a" }, { "b" } }, { bom = true }), "\xEF\xBB\xBFa\r\nb\r\n")
  t.equal(written({ { a = 1 } }, { bom = true, header = { "a" } }), "\xEF\xBB\xBFa\r\n1\r\n")
  t.equal(written({ { "sep=;" }, { "sep=;" } }), '"sep=;"\r\nsep=;\r\n')
  t.equal(written({ { "sep=", "" } }), '"sep=",\r\n')
end

tests["keeps a field of 65,536 characters, formulas, CR and NUL"] = function(t)
  for _, field in ipairs({ ("é"):rep(65536), "=1+1", "+49 30", "-1", "@x", "a\rb", "\r", "a\0b", "\0" }) do
    t.equal(all(written({ { "x", field }, { field, "y" } })), { { "x", field }, { field, "y" } })
    local row = { a = field, b = "y" }
    t.equal(all(written({ row }, { header = { "a", "b" } }), { header = true }), { row })
  end
end

tests["writes numbers, booleans and nil, and refuses the rest"] = function(t)
  t.equal(written({ { 1, 2.5, 0.1, 1e300, true, false } }), "1,2.5,0.1,1e+300,true,false\r\n")
  t.equal(written({ { nil, "b", nil } }, nil, 3), ",b,\r\n")
  t.equal(written({ { email = "a@x", extra = 1 } }, { header = { "email", "name" } }), "email,name\r\na@x,\r\n")
  t.raises("column 2: a string", written, { { "a", {} } })
  t.raises("at least one field", written, { {} })
end

tests["writes rows of any number of columns, by list and by name"] = function(t)
  for _, width in ipairs({ 1, 2, 59, 60, 61, 100, 150, 151, 200, 255, 600 }) do
    local names, list, row = {}, {}, {}
    for i = 1, width do
      names[i], list[i] = "column " .. i, "value " .. i
      row[names[i]] = list[i]
    end
    local line = table.concat(list, ",") .. "\r\n"
    t.equal(written({ list, list }), line .. line)
    t.equal(written({ row, row }, { header = names }), table.concat(names, ",") .. "\r\n" .. line .. line)
    list[width], row[names[width]] = 'a "quoted", one', 'a "quoted", one'
    local last = line:gsub("value " .. width .. "\r\n$", '"a ""quoted"", one"\r\n')
    t.equal(written({ list }), last)
    t.equal(written({ row }, { header = names }), table.concat(names, ",") .. "\r\n" .. last)
  end
end

tests["writes by name whatever is a value, and names the column of what is none"] = function(t)
  local header = { "a", 'say "b"', "c\\d", "e\nf" }
  local rows = {
    { a = 1, ['say "b"'] = 2.5, ["c\\d"] = true, ["e\nf"] = false },
    { a = "", ['say "b"'] = "x|y", ["c\\d"] = "^%d", ["e\nf"] = "\0" },
    {},
  }
  for _, separator in ipairs({ ",", ";", "|", "^", "%", "\t", "." }) do
    local expected = { { "a", 'say "b"', "c\\d", "e\nf" }, { "1", "2.5", "true", "false" }, { "", "x|y", "^%d", "\0" },
      { "", "", "", "" } }
    local text = written(rows, { header = header, separator = separator })
    t.equal(all(text, { separator = separator }), expected, separator)
  end
  for _, value in ipairs({ {}, print, setmetatable({}, { __concat = function() return "joined" end }) }) do
    local expected = "column a: a string, number, boolean or nil expected"
    t.raises(expected, written, { { a = value } }, { header = { "a", "b" } })
  end
end

tests["protects from formulas when asked"] = function(t)
  local row = { "=1+1", "+1", "-1", "@x", "a=1", "\tx" }
  t.equal(written({ row }), "=1+1,+1,-1,@x,a=1,\tx\r\n")
  t.equal(written({ row }, { protect = true }), "'=1+1,'+1,'-1,'@x,a=1,'\tx\r\n")
end

tests["reads back whatever it wrote"] = function(t)
  math.randomseed(7)
  local alphabet = {
    "a", "b", " ", ",", '"', "\n", "\r", "\r\n", ";", "é", "日", "👋", "\xEF\xBB\xBF", "", "\0", "=", "\t", "sep=",
  }
  for round = 1, 400 do
    local rows, width = {}, math.random(1, 5)
    for i = 1, math.random(1, 6) do
      rows[i] = {}
      for column = 1, width do
        local parts = {}
        for part = 1, math.random(0, 4) do parts[part] = alphabet[math.random(#alphabet)] end
        rows[i][column] = table.concat(parts)
      end
    end
    local text = written(rows, { newline = round % 2 == 0 and "\n" or nil, bom = round % 3 == 0 })
    t.equal(all(pieces(text, math.random(1, 9))), rows, ("%q"):format(text))
  end
end

tests["knows a blank row, by list and by name"] = function(t)
  local csv_text = require("csv_text")
  for _, row in ipairs({ {}, { "" }, { " \t", "\u{A0}", "\u{FEFF}" }, { email = "", name = " " } }) do
    t.equal(csv_text.is_blank(row), true)
  end
  for _, row in ipairs({ { "", "0" }, { email = "", name = " x " }, { "\xFF" } }) do
    t.equal(csv_text.is_blank(row), false)
  end
end

tests["raises where a write fails"] = function(t)
  local full <close> = assert(io.open("/dev/full", "wb"))
  full:setvbuf("no")
  local writer = csv.writer(full)
  t.raises("cannot write: No space left on device", writer.write, writer, { "a" })
end

return tests
