#!/usr/bin/env moonspot
-- Creates or updates contacts from a CSV file, by their email address.
--
-- Rows travel in chunks, of which one is under way while the next is read: only so are two rows of one contact, be they
-- of its main and of another address, applied in the file's order. The progress file says up to which row everything is
-- settled; an upsert can be repeated without harm, so going on from there loses and doubles nothing.

local cli = require("cli")
local csv = require("csv")
local csv_columns = require("csv_columns")
local csv_text = require("csv_text")

local NAME <const> = "import-contacts.lua"
local CHUNK_SIZE <const> = 1000 -- Ten of HubSpot's batches: bounds memory, keeps requests busy.

local opts = cli.start({
  name = NAME,
  summary = "Creates or updates contacts from a CSV file whose first row names HubSpot's properties.",
  options = {
    { "--map", "-m", value = "COLUMN=PROPERTY", kind = "pair", many = true,
      help = "a column's property, where the header does not name it;\n"
        .. "COLUMN= leaves the column out. COLUMN is its name,\n"
        .. "NAME#2 the second of that name, or #3 the third column" },
    { "--separator", "-s", value = "CHARACTER", kind = csv.separator,
      help = "between the fields of a row; the word tab for a tab\n"
        .. "(default: what a first line sep=; names, else a comma)" },
    { "--clear-empty", help = "an empty field empties the property (default: the property is left as it is)" },
    { "--resume", help = "go on where the last import of this file stopped, and try again what had no certain end" },
    { "--progress", value = "FILE", help = "where the progress is kept (default: the CSV file's name and .progress)" },
  },
  arguments = { { "FILE", required = true, help = "the CSV file; - for standard input" } },
  notes = [[
A row is known by its number as in a spreadsheet (the header is row 1) and by its line. Two rows with the same address
are applied in the file's order, so the later one wins. A row whose request was sent but never answered is listed with
its fate unknown: --resume tries it again, which makes no double.
Exit status: 0 all rows imported, 1 some were not, 2 wrong usage; 3, 4, 5 as moonspot's own.]],
})

local path, from_input = opts.FILE, opts.FILE == "-"
local progress_path = opts.progress or (not from_input and path .. ".progress") or nil
if opts.resume and not progress_path then
  cli.fail(cli.USAGE, NAME .. ": --resume from standard input needs --progress")
end

-- Columns ------------------------------------------------------------------------------------------------------------

--- Set by HubSpot itself; an export has them, and an import cannot write them.
local READ_ONLY <const> = { id = true, hs_object_id = true, createdate = true, lastmodifieddate = true }

local function no_address(header)
  if #header == 0 then cli.raise("%s: the file is empty", path) end
  local other = csv_columns.likely_separator(header)
  local hint = other and ("is it --separator '%s'?"):format(other) or "name the column with --map COLUMN=email"
  cli.raise("%s: no column is named email: %s", path, hint)
end

--- Columns to import, `property` and, for messages, `label`; the labels of those that are left out; the header.
local columns, left_out, raw_header = {}, {}, {}

local mapped = {}
for _, pair in ipairs(opts.map or {}) do
  if mapped[pair[1]] then cli.fail(cli.USAGE, "--map names the column %q twice; give one property for it", pair[1]) end
  mapped[pair[1]] = true
end

--- A property for each column of the header: `csv` names the fields by them.
local function names_of(header)
  columns, left_out, raw_header = {}, {}, header
  local names, taken = {}, {}
  local given, missing = csv_columns.mapped(header, opts.map)
  if not given then
    cli.fail(cli.USAGE, "%s: --map names the column %q, which the file does not have", path, missing)
  end
  for index, column in ipairs(header) do
    if not utf8.len(column) then
      cli.raise("%s: the header is not UTF-8 (convert the file: iconv -f WINDOWS-1252 -t UTF-8)", path)
    end
    local property = given[index] or column:match("^%s*(.-)%s*$")
    if property:lower() == "email" then property = "email" end
    if property == "" and not given[index] then
      names[index] = "" -- Nothing stands below it, or the row says so.
    elseif property == "" or READ_ONLY[property] then
      names[index] = "#" .. index
      left_out[#left_out + 1] = csv_columns.label(header, index)
    elseif taken[property] then
      local first, second = csv_columns.label(header, taken[property]), csv_columns.label(header, index)
      cli.raise('%s: the header names %s twice, in the columns %q and %q; leave one out: --map "%s="', path, property,
        first, second, second)
    else
      taken[property] = index
      names[index] = property
      columns[#columns + 1] = { property = property, label = csv_columns.label(header, index) }
    end
  end
  if not taken.email then no_address(header) end
  return names
end

-- Progress -----------------------------------------------------------------------------------------------------------

--- The state of the import: everything up to row `settled` has its fate, but for the rows in `again`.
local progress = { settled = 1, again = {}, counts = { created = 0, updated = 0, bad = 0 } }

--- The file that the progress is about: another one with the same name is not gone on with.
local function fingerprint()
  local size = "-"
  if not from_input then
    local file <close> = io.open(path, "rb")
    size = file and file:seek("end") or "-"
  end
  return ("moonspot-import 1 size %s header %q"):format(size, table.concat(raw_header, "\31")):gsub("[\r\n]", " ")
end

--- Lines: the fingerprint; `rows N created C updated U bad B` (settled up to row N, counts so far); `again N` (row N is
--- to be tried again); `done N` (it was). A torn last line is left by a killed process, and does not count.
local function read_progress(about)
  local file = io.open(progress_path, "rb")
  if not file then
    cli.note("%s: no progress is kept there, starting at the first row", progress_path)
    return false
  end
  local text = file:read("a")
  file:close()
  if text:match("^([^\n]*)\n") ~= about then
    cli.raise("%s is the progress of another file, or %s has changed since: import it without --resume",
      progress_path, path)
  end
  for line in text:gmatch("([^\n]*)\n") do
    local settled, created, updated, bad = line:match("^rows (%d+) created (%d+) updated (%d+) bad (%d+)$")
    if settled then
      progress.settled = math.tointeger(settled)
      progress.counts = {
        created = math.tointeger(created), updated = math.tointeger(updated), bad = math.tointeger(bad),
      }
    end
    local again, done = line:match("^again (%d+)$"), line:match("^done (%d+)$")
    if again then progress.again[math.tointeger(again)] = true end
    if done then progress.again[math.tointeger(done)] = nil end
  end
  cli.note("going on after row %d", progress.settled)
  -- Appended text begins on a line of its own.
  return true, text:sub(-1) ~= "\n"
end

local journal

local function note_progress(text)
  if not journal then return end
  local ok, message = journal:write(text)
  if ok then ok, message = journal:flush() end
  if not ok then cli.raise("cannot write %s: %s", progress_path, message) end
end

local function open_progress()
  if not progress_path then return end
  local about = fingerprint()
  local found, torn = false, false
  if opts.resume then found, torn = read_progress(about) end
  local message
  journal, message = io.open(progress_path, found and "ab" or "wb")
  if not journal then cli.raise("cannot keep the progress: %s (--progress names another file)", message) end
  note_progress(found and (torn and "\n" or "") or about .. "\n")
end

-- Rows ---------------------------------------------------------------------------------------------------------------

--- The contact of a row: its address and its properties. Or nil and the row's fault.
local function contact_of(row, problem)
  -- A row that is too short for columns that are left out is none the worse for it.
  if problem and row[columns[#columns].property] == nil then return nil, problem end
  for key in pairs(row) do
    if math.type(key) == "integer" then return nil, problem end
  end
  local address, properties = csv_text.trimmed(row.email or ""), {}
  if address == "" then return nil, "no email address" end
  for _, column in ipairs(columns) do
    local value = row[column.property] or ""
    if not utf8.len(value) then
      return nil, ("%s is not UTF-8 (convert the file: iconv -f WINDOWS-1252 -t UTF-8)"):format(column.label)
    end
    if value ~= "" or opts.clear_empty then properties[column.property] = value end
  end
  properties.email = address
  return address, properties
end

-- Sending ------------------------------------------------------------------------------------------------------------

local UNANSWERED <const> = { network = true, timeout = true, unavailable = true, bad_response = true, cancelled = true }
--- The session's own failures: no other row would fare better.
local HOPELESS <const> = {
  unauthenticated = true, forbidden = true, daily_limit = true, read_only = true, not_allowed = true,
}

--- The fate of a row by its error: "bad" (the row itself is wrong), "unknown" (sent, and never answered), "unsent".
local function fate_of(failure)
  local kind, request = failure.kind, failure.request or ""
  if HOPELESS[kind] or kind == "rate_limited" then return "unsent" end
  if not UNANSWERED[kind] then return "bad" end
  local only_read = request:find("^GET ") or request:find("/batch/read$") or request:find("/search$")
  return only_read and "unsent" or "unknown"
end

--- Upserts a list of any length, in its order: HubSpot's answer. Where all are refused before anything is sent, the
--- list is halved until the culprit stands alone; an error that is not about a contact is raised.
local function upsert(contacts)
  local ok, answer = pcall(hubspot.contacts.batch.upsert, contacts, { idProperty = "email" })
  if ok then return answer end
  if type(answer) ~= "table" or fate_of(answer) ~= "bad" then error(answer, 0) end
  if #contacts == 1 then
    answer.index = 1
    return { results = {}, errors = { answer } }
  end
  local half = #contacts // 2
  local first = upsert(table.move(contacts, 1, half, 1, {}))
  local second = upsert(table.move(contacts, half + 1, #contacts, 1, {}))
  for _, failure in pairs(second.errors) do
    failure.index = failure.index + half
    table.insert(first.errors, failure)
  end
  table.move(second.results, 1, #second.results, #first.results + 1, first.results)
  return first
end

--- Sends a chunk. Runs as a task, which leaves its answer or its failure with it.
local function send(chunk)
  if #chunk.contacts == 0 then return end
  local ok, answer = pcall(upsert, chunk.contacts)
  chunk[ok and "answer" or "failure"] = answer
end

local unknown, unsent, shown = 0, 0, 0 -- Rows of this run, by fates that are in no progress file.

--- Reports a row that was not imported, on one line.
local function report(entry, what, message)
  cli.note("row %d (line %d)%s: %s%s", entry.number, entry.line, entry.address and " " .. entry.address or "", what,
    (message:gsub("[\r\n]+", " ")))
end

local function message_of(failure)
  if type(failure) ~= "table" or not failure.kind then return tostring(failure) end
  -- Each property's fault, where HubSpot names it: its own message wraps that in JSON.
  local parts = {}
  for _, part in ipairs(failure.errors or {}) do parts[#parts + 1] = part.message end
  if #parts > 0 then return ("%s (%s)"):format(table.concat(parts, "; "), failure.kind) end
  return ("%s (%s)"):format(failure.message or failure.kind, failure.kind)
end

--- Books the rows of a chunk that has been answered, in the file's order. Returns an error that ends the import.
local function settle(chunk)
  chunk.task:await()
  local failures, hopeless, created, is_dry = {}, nil, 0, false
  local answer = chunk.answer or { results = {}, errors = {} }
  if chunk.failure then
    if type(chunk.failure) ~= "table" or fate_of(chunk.failure) ~= "unknown" then return chunk.failure end
    -- It was sent, and no record of it was answered.
    for index = 1, #chunk.contacts do failures[index] = chunk.failure end
  end
  for _, failure in pairs(answer.errors) do
    failures[failure.index] = failure
    if HOPELESS[failure.kind] then hopeless = failure end
  end
  for _, result in ipairs(answer.results) do
    if result.new then created = created + 1 end
    if result.dry_run then is_dry = true end
  end

  local counts, lines, last = progress.counts, {}, progress.settled
  for _, entry in ipairs(chunk.rows) do
    last = math.max(last, entry.number)
    local failure = entry.contact and failures[entry.contact]
    local fate = entry.problem and "bad" or failure and fate_of(failure)
    if fate == "bad" then
      counts.bad = counts.bad + 1
      report(entry, "", entry.problem or message_of(failure))
    elseif fate == "unknown" then
      unknown = unknown + 1
      report(entry, "fate unknown: ", message_of(failure))
    elseif fate == "unsent" then
      unsent = unsent + 1
      report(entry, "not sent: ", message_of(failure))
    elseif is_dry then
      shown = shown + 1
    else
      counts.updated = counts.updated + 1
    end
    local open = fate == "unknown" or fate == "unsent"
    if open and not progress.again[entry.number] then
      lines[#lines + 1] = ("again %d\n"):format(entry.number)
    elseif not open and progress.again[entry.number] then
      lines[#lines + 1] = ("done %d\n"):format(entry.number)
    end
  end
  counts.created, counts.updated = counts.created + created, counts.updated - created
  progress.settled = last
  if shown > 0 then return hopeless end -- A dry run settles nothing.
  lines[#lines + 1] =
    ("rows %d created %d updated %d bad %d\n"):format(last, counts.created, counts.updated, counts.bad)
  note_progress(table.concat(lines))
  return hopeless
end

-- The import ---------------------------------------------------------------------------------------------------------

local function open()
  local settings = { separator = opts.separator, header = names_of }
  if not from_input then return csv.open(path, settings) end
  settings.name = "standard input"
  return csv.read(io.stdin, settings)
end

--- Reads the whole file once before anything is sent, so that a quote gone wrong does not stop the import half way.
local function check()
  local reader <close> = open()
  for _ in reader:rows() do end -- luacheck: ignore 542
end

--- A function that returns the next chunk of rows without a fate, or nil; and an error that ended the file early.
local function chunks(reader)
  local next_row, ended = reader:rows(), false
  return function()
    local chunk, failure = { rows = {}, contacts = {} }, nil
    while not ended and #chunk.contacts < CHUNK_SIZE and #chunk.rows < 2 * CHUNK_SIZE do
      local ok, row, number, line, problem = pcall(next_row)
      if not ok then failure = row end
      ended = not ok or not row
      local has_fate = not ended and number <= progress.settled and not progress.again[number]
      if not ended and not has_fate and not csv_text.is_blank(row) then
        local entry = { number = number, line = line }
        local address, properties = contact_of(row, problem)
        if address then
          chunk.contacts[#chunk.contacts + 1] = properties
          entry.address, entry.contact = address, #chunk.contacts
        else
          entry.problem = properties
        end
        chunk.rows[#chunk.rows + 1] = entry
      end
    end
    return #chunk.rows > 0 and chunk or nil, failure
  end
end

--- Imports every row that has no fate yet. Returns the error that ended it before its time, if any.
local function import(reader)
  local next_chunk, under_way, failure = chunks(reader), nil, nil -- luacheck: ignore 311
  repeat
    local chunk, torn = next_chunk()
    failure = under_way and settle(under_way)
    under_way = nil
    if chunk and not failure then
      chunk.task = task.spawn(send, chunk)
      under_way = chunk
    end
    failure = failure or torn
  until failure or not chunk
  return under_way and settle(under_way) or failure
end

local finished = false

local function summary()
  local counts = progress.counts
  local parts = { ("%d created"):format(counts.created), ("%d updated"):format(counts.updated) }
  if shown > 0 then parts = { ("%d shown, none sent"):format(shown) } end
  parts[#parts + 1] = ("%d bad"):format(counts.bad)
  if unknown > 0 then parts[#parts + 1] = ("%d with unknown fate"):format(unknown) end
  if unsent > 0 then parts[#parts + 1] = ("%d not sent"):format(unsent) end
  local total = counts.created + counts.updated + counts.bad + shown + unknown + unsent
  return ("%d row%s: %s"):format(total, total == 1 and "" or "s", table.concat(parts, ", "))
end

cli.main(NAME, function()
  local on_end <close> = setmetatable({}, { -- luacheck: ignore 211
    __close = function()
      if finished or not journal then return end
      cli.note("%s: not finished; --resume goes on after row %d", path, progress.settled)
    end,
  })

  if not from_input then check() end
  local reader <close> = open()
  if #left_out > 0 then cli.note("left out: %s", table.concat(left_out, ", ")) end
  open_progress()
  local failure = import(reader)
  print(summary())

  if failure then error(failure, 0) end
  finished = unknown + unsent == 0
  if finished and journal then
    journal:close()
    journal = nil
    os.remove(progress_path)
  end
  if not finished or progress.counts.bad > 0 then
    if not finished and journal then cli.note("try the rest again with --resume") end
    finished = true
    cli.exit(cli.FAILED)
  end
end)
