#!/usr/bin/env moonspot
-- Creates or updates contacts from a CSV file, by their email address.
--
-- Rows travel in batches of 100, several at a time, and are reported in the file's order. The progress file says up to
-- which row everything is settled; an upsert can be repeated without harm, so going on from there loses and doubles
-- nothing, whatever ended the import before.

local cli = require("cli")
local csv = require("csv")

local NAME <const> = "import-contacts.lua"
local BATCH_SIZE <const> = 100 -- What HubSpot takes in one request.
local WINDOW <const> = 16 -- Batches read ahead of the oldest unsettled one: bounds memory, keeps requests busy.

local opts = cli.start({
  name = NAME,
  summary = "Creates or updates contacts from a CSV file whose first row names HubSpot's properties.",
  options = {
    { "--map", "-m", value = "COLUMN=PROPERTY", kind = "pair", many = true,
      help = "a column's property, where the header does not name it;\nCOLUMN= leaves the column out" },
    { "--separator", "-s", value = "CHARACTER", default = ",",
      help = "between the fields of a row; the word tab for a tab (default: a comma)" },
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

local path = opts.FILE
local from_input = path == "-"
local progress_path = opts.progress or (not from_input and path .. ".progress") or nil
local separator = opts.separator == "tab" and "\t" or opts.separator
if #separator ~= 1 then cli.fail(cli.USAGE, NAME .. ": --separator: one character, or the word tab, expected") end
if opts.resume and not progress_path then
  cli.fail(cli.USAGE, NAME .. ": --resume from standard input needs --progress")
end

-- Columns ------------------------------------------------------------------------------------------------------------

--- Set by HubSpot itself; an export has them, and an import cannot write them.
local READ_ONLY <const> = { id = true, hs_object_id = true, createdate = true, lastmodifieddate = true }

--- The columns to import, `{ column, property }` each, and the one that holds the address.
local function columns_of(header)
  local renamed = {}
  for _, pair in ipairs(opts.map) do renamed[pair[1]] = pair[2] end
  local columns, left_out, taken, email = {}, {}, {}, nil
  for _, column in ipairs(header) do
    local property = renamed[column] or column:match("^%s*(.-)%s*$")
    renamed[column] = nil
    if property:lower() == "email" then property = "email" end
    if property == "" or READ_ONLY[property] then
      left_out[#left_out + 1] = column
    elseif taken[property] then
      cli.fail(cli.FAILED, "%s: the columns %q and %q are both the property %s", path, taken[property], column,
        property)
    else
      taken[property] = column
      columns[#columns + 1] = { column = column, property = property }
      if property == "email" then email = column end
    end
  end
  local unknown = next(renamed)
  if unknown then cli.fail(cli.USAGE, "%s: --map names the column %q, which the file does not have", path, unknown) end
  if not email then
    local hint = "name the column with --map COLUMN=email"
    for _, other in ipairs({ ";", "\t", "|" }) do
      if #header == 1 and header[1]:find(other, 1, true) then
        hint = ("is it --separator '%s'?"):format(other == "\t" and "tab" or other)
      end
    end
    cli.fail(cli.FAILED, "%s: no column is named email: %s", path, hint)
  end
  if #left_out > 0 then cli.note("left out: %s", table.concat(left_out, ", ")) end
  return columns, email
end

-- Progress -----------------------------------------------------------------------------------------------------------

--- What is known about the import: everything up to row `settled` has its fate, but for the rows in `again`.
local progress = { settled = 1, again = {}, counts = { created = 0, updated = 0, bad = 0 } }

--- The file that the progress is about: another one with the same name is not gone on with.
local function fingerprint(header)
  local size = "-"
  if not from_input then
    local file <close> = assert(io.open(path, "rb"))
    size = file:seek("end") or "-"
  end
  return ("moonspot-import 1 size %s header %q"):format(size, table.concat(header, "\31")):gsub("[\r\n]", " ")
end

--- Lines: the fingerprint; `rows N created C updated U bad B` (settled up to row N, counts so far); `again N` (row N is
--- to be tried again); `done N` (it was). A torn last line is what a killed process leaves, and does not count.
local function read_progress(about)
  local file = io.open(progress_path, "rb")
  if not file then
    cli.note("%s: no progress is kept there, starting at the first row", progress_path)
    return false
  end
  local text = file:read("a")
  file:close()
  if text:match("^([^\n]*)\n") ~= about then
    cli.fail(cli.FAILED, "%s is the progress of another file, or %s has changed since: import it without --resume",
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
  -- What is appended begins on a line of its own.
  return true, text:sub(-1) ~= "\n"
end

local journal

local function note_progress(...)
  if not journal then return end
  local ok, message = journal:write(...)
  if ok then ok, message = journal:flush() end
  if not ok then error(("cannot write %s: %s"):format(progress_path, message), 0) end
end

local function open_progress(header)
  if not progress_path then return end
  local about = fingerprint(header)
  local found, torn = false, false
  if opts.resume then found, torn = read_progress(about) end
  local message
  journal, message = io.open(progress_path, found and "ab" or "wb")
  if not journal then error(("cannot keep the progress: %s (--progress names another file)"):format(message), 0) end
  note_progress(found and (torn and "\n" or "") or about .. "\n")
end

-- Rows ---------------------------------------------------------------------------------------------------------------

--- The contact of a row: its address in lower case and its properties. Or nil and what is wrong with the row.
local function contact_of(row, columns, email_column, problem)
  if problem then
    -- Spreadsheets leave empty fields behind the last column.
    local extra = false
    for key, value in pairs(row) do
      if math.type(key) == "integer" and value ~= "" then extra = true end
    end
    if extra or row[columns[#columns].column] == nil then return nil, problem end
  end
  local address = (row[email_column] or ""):match("^%s*(.-)%s*$")
  if address == "" then return nil, "no email address" end
  local properties = {}
  for _, column in ipairs(columns) do
    local value = row[column.column] or ""
    if not utf8.len(value) then
      return nil, ("%s is not UTF-8 (convert the file: iconv -f WINDOWS-1252 -t UTF-8)"):format(column.column)
    end
    if value ~= "" or opts.clear_empty then properties[column.property] = value end
  end
  properties.email = address
  return address:lower(), properties
end

local function is_empty(row)
  for _, value in pairs(row) do
    if value ~= "" then return false end
  end
  return true
end

--- One value over another, as if they had been written one after the other: `;x` appends to a list.
local function over(earlier, later)
  if earlier == nil or later:sub(1, 1) ~= ";" then return later end
  return earlier == "" and later:sub(2) or earlier .. later
end

--- A batch: its rows in order, and the contacts they make, one for each address.
local function new_batch()
  return { rows = {}, contacts = {}, by_address = {}, after = {} }
end

--- Adds a row to a batch. An address that occurs twice in it makes one contact, since HubSpot refuses doubles.
local function add(batch, entry)
  batch.rows[#batch.rows + 1] = entry
  if entry.problem then return end
  local index = batch.by_address[entry.address]
  if index then
    local merged = batch.contacts[index]
    for name, value in pairs(entry.properties) do merged[name] = over(merged[name], value) end
    entry.repeats = true
  else
    index = #batch.contacts + 1
    batch.contacts[index] = entry.properties
    batch.by_address[entry.address] = index
  end
  entry.contact, entry.properties = index, nil
end

-- Sending ------------------------------------------------------------------------------------------------------------

local UNANSWERED <const> = { network = true, timeout = true, unavailable = true, bad_response = true, cancelled = true }
--- The session's own failures: no other row would fare better.
local HOPELESS <const> = {
  unauthenticated = true, forbidden = true, daily_limit = true, read_only = true, not_allowed = true,
}

--- What an error means for its row: "bad" (the row itself is wrong), "unknown" (sent, and never answered), "unsent".
local function fate_of(failure)
  local kind, request = failure.kind, failure.request or ""
  if HOPELESS[kind] or kind == "rate_limited" then return "unsent" end
  if not UNANSWERED[kind] then return "bad" end
  local only_read = request:find("^GET ") or request:find("/batch/read$") or request:find("/search$")
  return only_read and "unsent" or "unknown"
end

local function upsert(contacts)
  return pcall(hubspot.contacts.batch.upsert, contacts, { idProperty = "email" })
end

--- Sends contacts one by one: where all are refused before anything is sent, only the first error is raised.
local function upsert_singly(contacts)
  local answer = { results = {}, errors = {} }
  for index, contact in ipairs(contacts) do
    local ok, one = upsert({ contact })
    local failure = one
    if ok then failure = one.errors[1] end
    if failure then
      failure.index = index
      answer.errors[#answer.errors + 1] = failure
    else
      answer.results[#answer.results + 1] = one.results[1]
    end
  end
  return answer
end

--- Sends a batch once the earlier ones with an address of its own are through. Runs as a task.
local function send(batch)
  for earlier in pairs(batch.after) do earlier.task:await() end
  batch.after = nil
  if #batch.contacts == 0 then return end
  local ok, answer = upsert(batch.contacts)
  if ok then
    batch.answer = answer
  elseif type(answer) == "table" and fate_of(answer) == "bad" then
    batch.answer = upsert_singly(batch.contacts)
  else
    batch.failure = answer
  end
end

local unknown, unsent, shown = 0, 0, 0

--- Reports a row that was not imported, on one line.
local function report(entry, what, message)
  cli.note("row %d (line %d)%s: %s%s", entry.number, entry.line, entry.address and " " .. entry.address or "", what,
    (message:gsub("[\r\n]+", " ")))
end

local function message_of(failure)
  if type(failure) ~= "table" or not failure.kind then return tostring(failure) end
  -- What is wrong with each property, where HubSpot says so: its own message wraps that in JSON.
  local parts = {}
  for _, part in ipairs(failure.errors or {}) do parts[#parts + 1] = part.message end
  if #parts > 0 then return ("%s (%s)"):format(table.concat(parts, "; "), failure.kind) end
  return ("%s (%s)"):format(failure.message or failure.kind, failure.kind)
end

--- Books the rows of a batch that has been answered, in the file's order. Returns an error that ends the import.
local function settle(batch)
  batch.task:await()
  local failures, created, hopeless = {}, {}, nil
  local answer = batch.answer or { results = {}, errors = {} }
  if batch.failure then
    if type(batch.failure) ~= "table" or fate_of(batch.failure) ~= "unknown" then return batch.failure end
    -- It was sent, and no record of it was answered.
    for index = 1, #batch.contacts do failures[index] = batch.failure end
  end
  for _, failure in pairs(answer.errors) do
    failures[failure.index] = failure
    if HOPELESS[failure.kind] then hopeless = failure end
  end
  -- Results follow the order of the contacts, without those that failed.
  local position = 0
  for index = 1, #batch.contacts do
    if not failures[index] then
      position = position + 1
      local result = answer.results[position]
      created[index] = result and result.new
      if result and result.dry_run then shown = shown + 1 end
    end
  end

  local counts, lines, last = progress.counts, {}, progress.settled
  for _, entry in ipairs(batch.rows) do
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
    elseif created[entry.contact] and not entry.repeats then
      counts.created = counts.created + 1
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
  progress.settled = last
  if shown > 0 then return hopeless end -- A dry run settles nothing.
  lines[#lines + 1] =
    ("rows %d created %d updated %d bad %d\n"):format(last, counts.created, counts.updated, counts.bad)
  note_progress(table.concat(lines))
  return hopeless
end

-- The import ---------------------------------------------------------------------------------------------------------

local function open()
  local settings = { header = true, separator = separator }
  if not from_input then return csv.open(path, settings) end
  settings.name = "standard input"
  return csv.read(io.stdin, settings)
end

--- Reads the whole file once before anything is sent, so that a quote gone wrong does not stop the import half way.
local function check()
  local reader <close> = open()
  for _ in reader:rows() do end
end

--- Imports every row that has no fate yet. Returns what ended it before its time, if anything.
local function import(reader, columns, email_column)
  local next_row = reader:rows()
  local in_flight, first, last = {}, 1, 0 -- Batches that are not settled, oldest first.
  local latest = {} -- Address -> the batch in flight that wrote it last.
  local batch = new_batch()

  local function start()
    batch.task = task.spawn(send, batch)
    last = last + 1
    in_flight[last] = batch
    batch = new_batch()
  end

  local function settle_oldest()
    local oldest = in_flight[first]
    in_flight[first] = nil
    first = first + 1
    for address in pairs(oldest.by_address) do
      if latest[address] == oldest then latest[address] = nil end
    end
    return settle(oldest)
  end

  local failure
  while not failure do
    local ok, row, number, line, problem = pcall(next_row)
    if not ok then
      failure = row
      break
    end
    if not row then break end
    local has_fate = number <= progress.settled and not progress.again[number]
    if not has_fate and not is_empty(row) then
      local address, properties = contact_of(row, columns, email_column, problem)
      local entry = { number = number, line = line }
      if address then
        entry.address, entry.properties = address, properties
        local earlier = latest[address]
        if earlier and earlier ~= batch then batch.after[earlier] = true end
        latest[address] = batch
      else
        entry.problem = properties
      end
      add(batch, entry)
      if #batch.contacts == BATCH_SIZE or #batch.rows == 10 * BATCH_SIZE then
        start()
        if last - first + 1 >= WINDOW then failure = settle_oldest() end
      end
    end
  end
  if not failure or type(failure) == "string" then
    if #batch.rows > 0 then start() end
  end
  while first <= last do
    if failure and type(failure) ~= "string" then
      -- The rest was sent, or failed in the same way. It comes again with --resume.
      in_flight[first].task:await()
      first = first + 1
    else
      failure = settle_oldest() or failure
    end
  end
  return failure
end

local finished = false
local on_end <close> = setmetatable({}, {
  __close = function()
    if finished or not journal then return end
    cli.note("%s: not finished; --resume goes on after row %d", path, progress.settled)
  end,
})

if not from_input then check() end
local reader <close> = open()
local columns, email_column = columns_of(reader.header)
open_progress(reader.header)
local failure = import(reader, columns, email_column)

local counts = progress.counts
local parts = { ("%d created"):format(counts.created), ("%d updated"):format(counts.updated) }
if shown > 0 then parts = { ("%d shown, none sent"):format(shown) } end
parts[#parts + 1] = ("%d bad"):format(counts.bad)
if unknown > 0 then parts[#parts + 1] = ("%d with unknown fate"):format(unknown) end
if unsent > 0 then parts[#parts + 1] = ("%d not sent"):format(unsent) end
local total = counts.created + counts.updated + counts.bad + unknown + unsent
print(("%d row%s: %s"):format(total, total == 1 and "" or "s", table.concat(parts, ", ")))

if failure then error(failure, 0) end
finished = unknown + unsent == 0
if finished and journal then
  journal:close()
  journal = nil
  os.remove(progress_path)
end
if not finished or counts.bad > 0 then
  if not finished and journal then cli.note("try the rest again with --resume") end
  finished = true
  cli.exit(cli.FAILED)
end
