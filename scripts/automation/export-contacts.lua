#!/usr/bin/env moonspot
-- Writes every contact of the portal to CSV or JSON lines, a page at a time, so memory stays flat for any number of
-- them. A file appears when it is complete: after a failure the old one is still there.

local atomic_file = require("atomic_file")
local cli = require("cli")
local csv = require("csv")

local NAME <const> = "export-contacts.lua"

local opts = cli.start({
  name = NAME,
  summary = "Writes all contacts, or those that match, as CSV or JSON lines.",
  options = {
    { "--output", "-o", value = "FILE", help = "the file to write (default: standard output)" },
    { "--format", "-f", value = "FORMAT", choices = { "csv", "jsonl" },
      help = "csv or jsonl (default: by the file's ending, else csv)" },
    { "--properties", "-p", value = "A,B,C", kind = "list",
      default = { "id", "email", "firstname", "lastname", "createdate", "lastmodifieddate" },
      help = "the columns, in this order; `id` is the record's id\n"
        .. "(default: id,email,firstname,lastname,createdate,lastmodifieddate)" },
    { "--where", "-w", value = "PROPERTY=VALUE", kind = "pair", many = true,
      help = "only contacts with this value; several are all required" },
    { "--archived", help = "the contacts in the recycle bin instead" },
    { "--separator", "-s", value = "CHARACTER", kind = csv.separator, default = ",",
      help = "between the fields of a row; the word tab for a tab (default: a comma)" },
    { "--bom", help = "begin with the mark by which Excel tells UTF-8" },
    { "--protect-formulas", help = "put ' before values that a spreadsheet would run; this changes the data" },
  },
  notes = [[
Exit status: 0 fine, 1 the export failed (an older FILE is left as it was), 2 wrong usage; 3, 4, 5 as moonspot's own.]],
})

if opts.archived and #opts.where > 0 then
  cli.fail(cli.USAGE, NAME .. ": HubSpot's search does not know archived contacts: give --archived or --where")
end

local columns, named = opts.properties, {}
for _, name in ipairs(columns) do
  if named[name] then cli.fail(cli.USAGE, "%s: --properties names %s twice", NAME, name) end
  named[name] = true
end
local format = opts.format or (opts.output and opts.output:lower():find("%.jsonl$") and "jsonl") or "csv"
if opts.bom and format ~= "csv" then cli.fail(cli.USAGE, NAME .. ": --bom is for csv: JSON begins with no mark") end

--- An iterator over the contacts that are asked for.
local function contacts()
  local properties = {}
  for _, name in ipairs(columns) do
    if name ~= "id" then properties[#properties + 1] = name end
  end
  -- HubSpot answers with its default properties where none are named; those are few.
  if #properties == 0 then properties[1] = "hs_object_id" end
  if #opts.where == 0 then
    return hubspot.contacts.each({ properties = properties, limit = 100, archived = opts.archived or nil })
  end
  local where = {}
  for _, pair in ipairs(opts.where) do
    local name, value = pair[1], pair[2]
    if where[name] ~= nil then cli.fail(cli.USAGE, "%s: --where names %s twice", NAME, name) end
    where[name] = value
  end
  return hubspot.contacts.search_each({ where = where, properties = properties, limit = 200 })
end

--- Properties by name, with the record's id among them.
local function row_of(record)
  local row = record.properties
  row.id = record.id
  return row
end

--- A function that writes one row to `sink` (anything with `write`) in the chosen format.
local function row_writer(sink)
  if format == "csv" then
    local writer = csv.writer(sink, {
      header = columns, separator = opts.separator, protect = opts.protect_formulas, bom = opts.bom,
    })
    return function(row) writer:write(row) end
  end
  -- By hand, since the fields keep the order of --properties, and each line has them all.
  local names = {}
  for index, name in ipairs(columns) do names[index] = json.encode(name) .. ":" end
  return function(row)
    local parts = {}
    for index, name in ipairs(columns) do
      local value = row[name]
      if type(value) == "string" and not value:find('[%c"\\]') then
        parts[index] = names[index] .. '"' .. value .. '"' -- Most values, many times as fast.
      else
        parts[index] = names[index] .. (value == nil and "null" or json.encode(value))
      end
    end
    sink:write("{", table.concat(parts, ","), "}\n")
  end
end

--- Standard output with checked writes. A reader that has seen enough (`| head`) ends the export quietly.
local BROKEN_PIPE <const> = 32
local standard_output = {}
local function check_output(ok, message, code)
  if ok then return end
  if code == BROKEN_PIPE then cli.exit(0) end
  cli.raise("cannot write to standard output: %s", message)
end
function standard_output.write(_, ...)
  check_output(io.stdout:write(...))
  return standard_output
end
function standard_output.commit() check_output(io.stdout:flush()) end

local function export(sink)
  local write, count = row_writer(sink), 0
  for record in contacts() do
    write(row_of(record))
    count = count + 1
  end
  sink:commit()
  return count
end

cli.main(NAME, function()
  local count
  if opts.output then
    local file <close> = atomic_file.create(opts.output)
    count = export(file)
  else
    io.stdout:setvbuf("full", 65536)
    count = export(standard_output)
  end
  cli.note("%d contact%s written%s", count, count == 1 and "" or "s", opts.output and " to " .. opts.output or "")
end)
