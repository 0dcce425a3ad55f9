--- What the scripts have in common that send the rows of a CSV file: where they go on, and the file of refused rows.
local cli = require("cli")
local csv = require("csv")
local atomic_file = require("atomic_file")
local known_names = require("known_names")

local M = {}

--- The column of a file of refused rows that says why. It is left out where such a file is sent.
M.REASON = "refused_because"

--- A number that another file, or the same one changed, does not have.
local function fingerprint(path)
  local file <close> = assert(io.open(path, "rb"))
  local words <const>, hash, size = 200, 0, 0
  local format = "<" .. ("i8"):rep(words)
  for block in file:lines(1 << 16) do
    size = size + #block
    local place = 1
    while place + 8 * words - 1 <= #block do
      local numbers = { string.unpack(format, block, place) }
      for i = 1, words do hash = (hash ~ numbers[i]) * 0x100000001b3 end
      place = place + 8 * words
    end
    for i = place, #block do hash = (hash ~ block:byte(i)) * 0x100000001b3 end
  end
  return ("%d bytes %016x"):format(size, hash)
end

--- The name of the checkpoint of a file as it is: changed, it is another one.
--- @param what string  What is done with its rows.
--- @param path string
--- @return string
function M.checkpoint(what, path) return ("%s %s %s"):format(what, path:match("[^/]*$"), fingerprint(path)) end

--- Reports a row that was not sent, on one line.
function M.report(entry, what, message)
  cli.note("row %d (line %d)%s: %s%s", entry.number, entry.line, entry.key and " " .. entry.key or "", what,
    (message:gsub("[\r\n]+", " ")))
end

--- A row as its fields in the file's order, to be kept as JSON: what is not UTF-8 as digits behind a null. A row that
--- is too short, or too long, stays so.
--- @param row table  By the names of `fields`; what stands behind them under its position.
--- @param fields string[]
function M.kept(row, fields)
  local last = #fields
  while last > 0 and row[fields[last]] == nil do last = last - 1 end
  for place in pairs(row) do
    if math.type(place) == "integer" and place > last then last = place end
  end
  local kept = json.array{}
  for place = 1, last do
    local value = row[place] or row[fields[place]] or ""
    if not utf8.len(value) then
      value = "\0" .. value:gsub(".", function(character) return ("%02x"):format(character:byte()) end)
    end
    kept[place] = value
  end
  return kept
end

local function unkept(value)
  if value:sub(1, 1) ~= "\0" then return value end
  return (value:sub(2):gsub("%x%x", function(digits) return string.char(tonumber(digits, 16)) end))
end

local function quoted(path) return "'" .. path:gsub("'", "'\\''") .. "'" end

--- Makes sure, before anything is sent, that refused rows can be kept: the file can be written, and is not the one that
--- is read. Ends the script where not.
--- @param name string  The script's.
--- @param refused? string  The file of refused rows.
--- @param path string  The file that is read.
function M.check_refused(name, refused, path)
  if not refused then return end
  if refused == path or os.execute(("[ %s -ef %s ]"):format(quoted(refused), quoted(path))) == true then
    cli.fail(cli.USAGE, "%s: --refused names the file that is read: give another one", name)
  end
  local ok, problem = pcall(function() atomic_file.create(refused):discard() end)
  if not ok then cli.fail(cli.USAGE, "%s: --refused: %s", name, tostring(problem)) end
end

--- Keeps refused rows as they stood in the file, each with the reason.
--- @param path? string  The file; nil where none is wanted.
--- @param separator? string
--- @param header string[]  As it stands in the file that was read.
--- @param rows { row: string[], because: string }[]  Rows as `kept` has them.
--- @return integer  How many.
function M.keep_refused(path, separator, header, rows)
  if not path then return 0 end
  local file <close> = atomic_file.create(path)
  local writer = csv.writer(file, { separator = separator })
  local names, places = {}, {}
  for place, column in ipairs(header) do
    if column ~= M.REASON then
      names[#names + 1] = column
      places[#places + 1] = place
    end
  end
  names[#names + 1] = M.REASON
  writer:write(names)
  for _, refused in ipairs(rows) do
    local line, row = {}, refused.row
    for index, place in ipairs(places) do
      if place <= #row then line[index] = unkept(row[place]) end
    end
    -- A row that is too short stays so, that it is refused again: the reason would stand in another column.
    local is_short = #line < #places
    for place = #header + 1, #row do line[#line + 1] = unkept(row[place]) end
    if not is_short then line[#line + 1] = refused.because end
    writer:write(line)
  end
  file:commit()
  return #rows
end

--- Ends the script with one sentence where names are misspelt that a portal has to know.
--- @param what string  `property`, `field`.
--- @param names string[]  Those that are used.
--- @param known string[]
function M.check_names(script, what, names, known)
  local has, unknown = {}, {}
  for _, name in ipairs(known) do has[name] = true end
  for _, name in ipairs(names) do
    if not has[name] then
      local nearest = known_names.nearest(name, known)
      unknown[#unknown + 1] = ("'%s'"):format(name) .. (nearest and (" (did you mean '%s'?)"):format(nearest) or "")
    end
  end
  if #unknown > 0 then
    cli.fail(cli.USAGE, "%s: there is no %s %s; nothing was sent", script, what, table.concat(unknown, ", "))
  end
end

return M
