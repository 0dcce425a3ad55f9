#!/usr/bin/env moonspot
-- Writes every record of a type to CSV, JSON lines or an SQLite database, a page at a time, so memory stays flat for
-- any number of them. A file appears when it is complete: after a failure the old one is still there.

local atomic_file = require("atomic_file")
local cli = require("cli")
local known_names = require("known_names")
local csv = require("csv")

local NAME <const> = arg[0]:match("[^/]*$")
--- The type that a script's own name says.
local FIXED <const> = ({ ["export-contacts.lua"] = "contacts" })[NAME]

local DEFAULTS <const> = {
  contacts = { "id", "email", "firstname", "lastname", "createdate", "lastmodifieddate" },
  companies = { "id", "name", "domain", "createdate", "hs_lastmodifieddate" },
  deals = {
    "id", "dealname", "amount", "pipeline", "dealstage", "closedate", "createdate", "hs_lastmodifieddate",
  },
  tickets = { "id", "subject", "hs_pipeline", "hs_pipeline_stage", "createdate", "hs_lastmodifieddate" },
}
local OPERATORS <const> = {
  eq = "one", neq = "one", lt = "one", lte = "one", gt = "one", gte = "one", contains = "one", not_contains = "one",
  one_of = "list", none_of = "list", between = "pair", has = "flag",
}
local SECONDS <const> = { s = 1, m = 60, h = 3600, d = 86400, w = 604800 }

--- `PROPERTY=VALUE` or `PROPERTY:OPERATOR=VALUE`, as { property, operator, value }.
local function condition(text)
  local name, operator, value = text:match("^([^:=]+):([%a_]+)=(.*)$")
  if not name then
    operator, name, value = "eq", text:match("^([^=]+)=(.*)$")
  end
  if not name then return nil, ("PROPERTY=VALUE or PROPERTY:OPERATOR=VALUE expected, got %q"):format(text) end
  local kind = OPERATORS[operator]
  if not kind then
    local names = {}
    for known in pairs(OPERATORS) do names[#names + 1] = known end
    table.sort(names)
    return nil, ("no operator %q; there are %s"):format(operator, table.concat(names, ", "))
  end
  if kind == "flag" then
    if value ~= "true" and value ~= "false" then return nil, ("%s:has=true or false expected"):format(name) end
    value = value == "true"
  elseif kind ~= "one" then
    local list = {}
    for part in value:gmatch("[^,]+") do list[#list + 1] = part end
    if #list == 0 or kind == "pair" and #list ~= 2 then
      return nil, ("%s:%s=%s expected, got %q"):format(name, operator, kind == "pair" and "A,B" or "A,B,C", value)
    end
    value = list
  end
  return { name, operator, value }
end

--- `7d`, `12h`, or a date or time in ISO 8601.
local function moment(text)
  local count, unit = text:match("^(%d+)([smhdw])$")
  if count then return os.time() - math.tointeger(tonumber(count)) * SECONDS[unit] end
  local day <const> = "^%d%d%d%d%-%d%d%-%d%d"
  if text:match(day .. "$") or text:match(day .. "T[%d:.]+[Z+%-][%d:]*$") then return text end
  return nil, ("an age such as 12h or 7d, or a date such as 2026-11-21 expected, got %q"):format(text)
end

local opts = cli.start({
  name = NAME,
  summary = "Writes all records of a type, or those that match, as CSV, JSON lines or an SQLite database.",
  options = {
    { "--output", "-o", value = "FILE", help = "the file to write (default: standard output)" },
    { "--format", "-f", value = "FORMAT", choices = { "csv", "jsonl", "sqlite" },
      help = "csv, jsonl or sqlite (default: by the file's ending, else csv)" },
    { "--properties", "-p", value = "A,B,C", kind = "list",
      help = "the columns, in this order; `id` is the record's id, and * stands\n"
        .. "for every property (default: the usual ones of the type)" },
    { "--associations", "-a", value = "A,B,C", kind = "list", default = {},
      help = "types of linked records: a column for each, with ids joined by ;" },
    { "--where", "-w", value = "PROPERTY=VALUE", kind = condition, many = true,
      help = "only records with this value; several are all required. Others than\n"
        .. "equal: PROPERTY:OPERATOR=VALUE with neq, lt, lte, gt, gte, contains,\n"
        .. "not_contains, one_of=A,B,C, none_of=A,B,C, between=A,B, has=true|false" },
    { "--updated-since", value = "TIME", kind = moment,
      help = "only records that changed since: 12h, 7d, 2026-11-21" },
    { "--archived", help = "the records in the recycle bin instead" },
    { "--separator", "-s", value = "CHARACTER", kind = csv.separator, default = ",",
      help = "between the fields of a row; the word tab for a tab (default: a comma)" },
    { "--bom", help = "begin with the mark by which Excel tells UTF-8" },
    { "--protect-formulas", help = "put ' before values that a spreadsheet would run; this changes the data" },
  },
  arguments = not FIXED and {
    { "TYPE", required = true, help = "contacts, companies, deals, ..., or a custom object's name or id" },
  } or {},
  notes = [[
An SQLite database is written by the sqlite3 tool: a table named like the type, its columns texts.
Exit status: 0 fine, 1 the export failed (an older FILE is left as it was), 2 wrong usage; 3, 4, 5 as moonspot's own.]],
})

local TYPE <const> = FIXED or opts.TYPE
local objects

if opts.archived and (#opts.where > 0 or opts.updated_since) then
  cli.fail(cli.USAGE,
    NAME .. ": HubSpot's search does not know archived records: give --archived or --where and --updated-since")
end

local function format_of(path)
  local ending = path and path:lower():match("%.(%w+)$")
  return ({ jsonl = "jsonl", sqlite = "sqlite", sqlite3 = "sqlite", db = "sqlite" })[ending] or "csv"
end
local format = opts.format or format_of(opts.output)
if opts.bom and format ~= "csv" then cli.fail(cli.USAGE, NAME .. ": --bom is for csv: JSON begins with no mark") end
if format == "sqlite" then
  if not opts.output then cli.fail(cli.USAGE, NAME .. ": an SQLite database is a file: give --output FILE") end
  if not os.execute("command -v sqlite3 >/dev/null 2>&1") then
    cli.fail(cli.USAGE, NAME .. ": the sqlite3 tool, which writes the database, is missing (apt install sqlite3)")
  end
end
local seen = {}
for _, name in ipairs(opts.properties or {}) do
  if seen[name] then cli.fail(cli.USAGE, "%s: --properties names %s twice", NAME, name) end
  seen[name] = true
end

-- Columns ------------------------------------------------------------------------------------------------------------

--- The portal's properties of the type, or nil where they may not be read.
local function definitions()
  local ok, answer = pcall(hubspot.properties.list, TYPE)
  if ok then
    local names, known = {}, {}
    for _, definition in ipairs(answer.results) do
      names[#names + 1], known[definition.name] = definition.name, true
    end
    table.sort(names)
    return names, known
  end
  if answer.kind ~= "forbidden" and answer.kind ~= "not_allowed" then error(answer, 0) end
  return nil
end

local function hint(name, names)
  local nearest = known_names.nearest(name, names)
  return nearest and ("; did you mean '%s'?"):format(nearest) or ""
end

--- Columns, and properties to ask for. Names are checked before the first record is read.
local function columns_of()
  local names, known = definitions()
  local columns = opts.properties or DEFAULTS[TYPE]
  if opts.properties and #opts.properties == 1 and opts.properties[1] == "*" then
    if not names then cli.raise("the properties of %s may not be read, so that * means nothing", TYPE) end
    columns = table.move(names, 1, #names, 2, { "id" })
  elseif not columns then
    columns = { "id" }
    for _, name in ipairs(names or {}) do
      if not name:find("^hs_") then columns[#columns + 1] = name end
    end
    for _, name in ipairs({ "hs_createdate", "hs_lastmodifieddate" }) do
      if known and known[name] then columns[#columns + 1] = name end
    end
  end
  local function check(name)
    if known and name ~= "id" and not known[name] then
      cli.raise("there is no property '%s' of %s%s", name, TYPE, hint(name, names))
    end
  end
  local properties = {}
  for _, name in ipairs(columns) do
    check(name)
    if name ~= "id" then properties[#properties + 1] = name end
  end
  for _, filter in ipairs(opts.where) do check(filter[1]) end
  -- HubSpot answers with its default properties where none are named; those are few.
  if #properties == 0 then properties[1] = "hs_object_id" end
  local all = table.move(columns, 1, #columns, 1, {})
  table.move(opts.associations, 1, #opts.associations, #all + 1, all)
  return all, properties
end

-- Records ------------------------------------------------------------------------------------------------------------

--- The conditions of --where and --updated-since, or nil.
local function where_of()
  local where = {}
  for _, filter in ipairs(opts.where) do
    local name, operator, value = table.unpack(filter)
    local conditions = where[name] or {}
    if conditions[operator] ~= nil then
      cli.raise(operator == "eq" and "--where names %s twice" or "--where names %s:%s twice", name, operator)
    end
    conditions[operator] = value
    where[name] = conditions
  end
  if opts.updated_since then
    local name = TYPE == "contacts" and "lastmodifieddate" or "hs_lastmodifieddate"
    where[name] = where[name] or {}
    where[name].gte = opts.updated_since
  end
  return next(where) and where or nil
end

--- An iterator over the records that are asked for.
local function records(properties)
  local associations = #opts.associations > 0 and opts.associations or nil
  local where = where_of()
  if where then
    return objects.search_each({ where = where, properties = properties, limit = 200, associations = associations })
  end
  return objects.each({
    properties = properties, limit = 100, archived = opts.archived or nil, associations = associations,
  })
end

--- Values by column.
local function row_of(record)
  local row = record.properties
  row.id = record.id
  for _, type in ipairs(opts.associations) do
    local links, ids = record.associations and record.associations[type], {}
    for index, link in ipairs(links and links.results or {}) do ids[index] = link.id end
    row[type] = #ids > 0 and table.concat(ids, ";") or nil
  end
  return row
end

-- Formats ------------------------------------------------------------------------------------------------------------

--- A function that writes one row to `sink` (anything with `write`) in the chosen format.
local function row_writer(sink, columns)
  if format == "csv" then
    local writer = csv.writer(sink, {
      header = columns, separator = opts.separator, protect = opts.protect_formulas, bom = opts.bom,
    })
    return function(row) writer:write(row) end
  end
  -- By hand, since the fields keep the order of the columns, and each line has them all.
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

local function export(sink, columns, properties)
  local write, count = row_writer(sink, columns), 0
  for record in records(properties) do
    write(row_of(record))
    count = count + 1
  end
  sink:commit()
  return count
end

--- Writes the database beside its place, and moves it there when it is complete.
local function export_database(columns, properties)
  local temporary = opts.output .. ".partial"
  os.remove(temporary)
  local function name(text) return '"' .. text:gsub('"', '""') .. '"' end
  local function value(text) return text == nil and "NULL" or "'" .. tostring(text):gsub("'", "''") .. "'" end
  local tool = assert(io.popen("sqlite3 -bail '" .. temporary:gsub("'", "'\\''") .. "'", "w"))
  tool:setvbuf("full", 65536)
  local _ <close> = setmetatable({}, { __close = function() os.remove(temporary) end })
  local names = {}
  for index, column in ipairs(columns) do
    names[index] = name(column) .. (column == "id" and " TEXT PRIMARY KEY" or " TEXT")
  end
  local function put(...)
    local ok, message = tool:write(...)
    if not ok then cli.raise("cannot write %s: %s", opts.output, message) end
  end
  put("BEGIN;\nCREATE TABLE ", name(TYPE), " (", table.concat(names, ", "), ");\n")
  local count = 0
  for record in records(properties) do
    local row, values = row_of(record), {}
    for index, column in ipairs(columns) do values[index] = value(row[column]) end
    put("INSERT INTO ", name(TYPE), " VALUES (", table.concat(values, ", "), ");\n")
    count = count + 1
  end
  put("COMMIT;\n")
  local ok, _, status = tool:close()
  if not ok then cli.raise("sqlite3 could not write %s (status %s)", opts.output, status) end
  local moved, message = os.rename(temporary, opts.output)
  if not moved then cli.raise("cannot write %s", message) end
  return count
end

cli.main(NAME, function()
  objects = hubspot.objects(TYPE)
  local columns, properties = columns_of()
  local count
  if format == "sqlite" then
    count = export_database(columns, properties)
  elseif opts.output then
    local file <close> = atomic_file.create(opts.output)
    count = export(file, columns, properties)
  else
    io.stdout:setvbuf("full", 65536)
    count = export(standard_output, columns, properties)
  end
  local noun = TYPE == "contacts" and "contact" or "record"
  cli.note("%d %s%s written%s", count, noun, count == 1 and "" or "s", opts.output and " to " .. opts.output or "")
end)
