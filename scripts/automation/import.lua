#!/usr/bin/env moonspot
-- Writes the rows of a CSV file to records of any type: creates or updates them by a unique property, updates them by
-- their ids, or creates them; links them to others, and archives what the file does not name.
--
-- Rows travel in chunks, one after the other: so two rows of one record are applied in the file's order. A chunk is an
-- item of a checkpoint that belongs to the file as it is: started again, the import goes on where it stopped.

local cli = require("cli")
local csv = require("csv")
local csv_text = require("csv_text")
local import_columns = require("import_columns")
local sending = require("import_sending")
local sent_rows = require("sent_rows")

local CHUNK_SIZE <const> = 1000 -- Ten of HubSpot's batches: bounds memory, keeps requests busy.
-- Another script may fix the type: it hands a table over, where a command line has text.
local fixed = type((...)) == "table" and (...) or {}
local NAME <const> = fixed.name or "import.lua"

--- `COLUMN=TYPE`, for ids, or `COLUMN=TYPE:PROPERTY`, for values of a unique property.
local function association(text)
  local column, type_name, property = text:match("^(.+)=([^:=]+):([^:=]+)$")
  if not column then column, type_name = text:match("^(.+)=([^:=]+)$") end
  if not column then return nil, ("COLUMN=TYPE or COLUMN=TYPE:PROPERTY expected, got %q"):format(text) end
  return { column = column, type = type_name, property = property }
end

local KIND <const> = { "TYPE", required = true, help = "contacts, companies, a custom object's name, ..." }
local FILE <const> = { "FILE", required = true, help = "the CSV file; - for standard input" }

local opts = cli.start({
  name = NAME,
  summary = fixed.summary or "Writes the rows of a CSV file to records. Its first row names HubSpot's properties.",
  options = {
    { "--by", "-b", value = "PROPERTY",
      help = "what a record is known by: a property whose values are\n"
        .. "unique, or id (default: email for contacts, else id\n"
        .. "where the file has it); unknown ones are created, but\nfor id" },
    { "--create", help = "each row is a new record" },
    { "--map", "-m", value = "COLUMN=PROPERTY", kind = "pair", many = true,
      help = "a column's property, where the header does not name it;\n"
        .. "COLUMN= leaves the column out. COLUMN is its name,\n"
        .. "NAME#2 the second of that name, or #3 the third column" },
    { "--associate", "-a", value = "COLUMN=TYPE[:PROPERTY]", kind = association, many = true,
      help = "links each record to the one that the column names, by\nits id or by a unique property" },
    { "--separator", "-s", value = "CHARACTER", kind = csv.separator,
      help = "between the fields of a row; the word tab for a tab\n"
        .. "(default: what a first line sep=; names, else a comma)" },
    { "--clear-empty", help = "an empty field empties the property (default: the property is left as it is)" },
    { "--refused", "-r", value = "FILE",
      help = "where the rows go that are refused, to be mended and\nimported again" },
    { "--mirror", help = "archives the records that the file does not name, after a question" },
    { "--yes", "-y", help = "answers that question with yes" },
    { "--on-unknown", value = "WHAT", choices = { "send", "skip" },
      help = "for a row that may have been written before a crash,\n"
        .. "where no look-up can tell (--create): send or skip" },
  },
  arguments = {
    table.unpack(fixed.type and { FILE } or { KIND, FILE }),
  },
  notes = [[
A row is known by its number as in a spreadsheet (the header is row 1) and by its line. Two rows of one record are
applied in the file's order, so the later one wins. An import that was stopped goes on when it is started again with
the same file (or by moonspot resume): nothing is lost, and nothing is done twice.
Exit status: 0 all rows imported, 1 some were not, 2 wrong usage; 3, 4, 5 as moonspot's own.]],
})

local path, from_input = opts.FILE, opts.FILE == "-"
local TYPE <const> = fixed.type or opts.TYPE
local objects = hubspot.objects(TYPE)
local is_contacts = TYPE == "contacts" or TYPE == "contact" or TYPE == "0-1"
local columns = import_columns.new(opts, path, is_contacts)
if opts.create and opts.by then cli.fail(cli.USAGE, "%s: --create knows no record: leave --by out", NAME) end
if opts.create and opts.mirror then cli.fail(cli.USAGE, "%s: --mirror needs rows of records that are known", NAME) end

local function open()
  local settings = { separator = opts.separator, header = function(header) return columns:read(header) end }
  if not from_input then return csv.open(path, settings) end
  settings.name = "standard input"
  return csv.read(io.stdin, settings)
end

--- A function that returns the next chunk of rows, or nil. An error that ends the file early is raised behind the rows
--- before it.
local function chunks(reader)
  local next_row, ended, failure = reader:rows(), false, nil
  return function()
    if failure then error(failure, 0) end
    local chunk = { rows = {}, records = {} }
    while not ended and #chunk.rows < CHUNK_SIZE do
      local ok, row, number, line, problem = pcall(next_row)
      if not ok then failure = row end
      ended = not ok or not row
      if not ended and not csv_text.is_blank(row) then
        local entry = { number = number, line = line, row = row }
        local key, properties = columns:record(row, problem)
        if key then
          chunk.records[#chunk.records + 1] = opts.create and properties or { id = key, properties = properties }
          entry.key, entry.record = key ~= true and key or nil, #chunk.records
        else
          entry.problem = properties
        end
        chunk.rows[#chunk.rows + 1] = entry
      end
    end
    if #chunk.rows > 0 then return chunk end
    if failure then error(failure, 0) end
  end
end

local function send(records)
  if opts.create then return objects.batch.create(records) end
  if columns.by == "id" then return objects.batch.update(records) end
  return objects.batch.upsert(records, { idProperty = columns.by })
end

local report = sent_rows.report

--- Writes a chunk. Its counts, and its refused rows, are what its checkpoint keeps. Where rows have no certain end,
--- that is an error: the chunk is not done, and runs again the next time.
local function import_chunk(chunk)
  local failures, uncertain, first, shown = {}, 0, nil, 0
  local done = { rows = #chunk.rows, created = 0, updated = 0, skipped = 0, bad = 0, unlinked = 0, refused = {} }
  local answer = { results = {}, errors = {} }
  if opts.create and #opts.associate > 0 then sending.check_links(opts.associate, columns.links, chunk) end
  if #chunk.records > 0 then
    local ok, problem = pcall(sending.write, send, chunk.records)
    if ok then
      answer = problem
    else
      if type(problem) ~= "table" or sending.fate_of(problem) ~= "unknown" then error(problem, 0) end
      -- It was sent, and no record of it was answered.
      for index = 1, #chunk.records do failures[index] = problem end
    end
  end
  for _, failure in pairs(answer.errors) do failures[failure.index] = failure end
  local skipped = {} -- By what a record is known by, or by its place among those that did not fail.
  for index, result in ipairs(answer.results) do
    if result.fate == "unknown" then
      -- --on-unknown skip: not sent again, and nothing tells whether it is there.
      done.skipped = done.skipped + 1
      local key = not opts.create and (columns.by == "id" and result.id or (result.properties or {})[columns.by])
      skipped[key and key:lower() or index] = true
    elseif result.new or opts.create then
      done.created = done.created + 1
    end
    if result.dry_run then shown = shown + 1 end
  end

  local refused = {}
  local function refuse(entry, message, what)
    if refused[entry] then return end
    refused[entry] = true
    what = what or "bad"
    done[what] = done[what] + 1
    report(entry, "", message)
    -- A new record that could not be linked is there, and must not be made again.
    if opts.refused and not (opts.create and what == "unlinked") then
      done.refused[#done.refused + 1] = { row = sent_rows.kept(entry.row, columns.fields), because = message }
    end
  end
  local nth = 0
  for _, entry in ipairs(chunk.rows) do
    local failure = entry.record and failures[entry.record]
    if entry.record and not failure then
      nth = nth + 1
      if skipped[opts.create and nth or (entry.key or ""):lower()] then
        report(entry, "skipped: ", "it may be there or not")
      end
    end
    local fate = entry.problem and "bad" or failure and sending.fate_of(failure)
    if fate == "bad" then
      refuse(entry, entry.problem or sending.message_of(failure))
    elseif fate then
      uncertain, first = uncertain + 1, first or failure
      if sending.HOPELESS[failure.kind] then first = failure end
      if failure.kind == "fate_unknown" then
        report(entry, "fate unknown: ", "it may have been written before; --on-unknown send or skip decides")
      else
        report(entry, fate == "unknown" and "fate unknown: " or "not sent: ", sending.message_of(failure))
      end
    end
  end
  if uncertain > 0 then
    if sending.HOPELESS[first.kind] then error(first, 0) end
    cli.raise("%s: %d row%s had no certain end", path, uncertain, uncertain == 1 and "" or "s")
  end
  done.shown = shown
  if #opts.associate > 0 then
    local function unlinked(entry, message) refuse(entry, message, "unlinked") end
    local ids = sending.ids_of(objects, columns.by, chunk, answer, failures)
    for place, link in ipairs(opts.associate) do
      sending.link(TYPE, link, columns.links[place], chunk, ids, unlinked)
    end
  end
  done.updated = done.rows - done.bad - done.created - done.skipped
  return done
end

-- The file -----------------------------------------------------------------------------------------------------------

--- Reads the whole file once before anything is sent, so that a quote gone wrong does not stop the import half way. The
--- keys of its rows, where they are wanted.
local function check()
  local keys = opts.mirror and {} or nil
  local reader <close> = open()
  for row, _, _, problem in reader:rows() do
    if keys and not csv_text.is_blank(row) then
      local key = columns:record(row, problem)
      if key then keys[columns.by == "id" and key or key:lower()] = true end
    end
  end
  return keys
end

--- The rows that were refused, as they stood in the file, each with the reason.
local function keep_refused(results)
  local rows = {}
  for _, done in ipairs(results) do table.move(done.refused, 1, #done.refused, #rows + 1, rows) end
  return sent_rows.keep_refused(opts.refused, opts.separator, columns.header, rows)
end

--- Ends the script, before anything is sent, where the portal has no such properties, or records are not told apart by
--- the one that they are to be known by. A portal that does not say which there are is not asked.
local function check_names()
  local ok, answer = pcall(hubspot.properties.list, TYPE)
  if not ok then
    if answer.kind == "forbidden" or answer.kind == "not_allowed" then return end
    cli.note("%s: nothing was sent", path)
    error(answer, 0)
  end
  local known, unique, is_unique = { "hs_object_id" }, {}, { id = true, email = is_contacts or nil }
  for _, definition in ipairs(answer.results) do
    known[#known + 1] = definition.name
    if definition.hasUniqueValue then
      unique[#unique + 1], is_unique[definition.name] = definition.name, true
    end
  end
  local names, has = {}, {}
  for _, name in ipairs(known) do has[name] = true end
  for _, column in ipairs(columns.columns) do
    if column.property ~= "id" then names[#names + 1] = column.property end
  end
  -- What holds sensitive data is listed where it is asked for alone.
  for _, name in ipairs(names) do
    if not has[name] then
      for _, sensitivity in ipairs{ "sensitive", "highly_sensitive" } do
        local listed, more = pcall(hubspot.properties.list, TYPE, { dataSensitivity = sensitivity })
        for _, definition in ipairs(listed and more.results or {}) do known[#known + 1] = definition.name end
      end
      break
    end
  end
  sent_rows.check_names(NAME, "property of " .. TYPE .. " named", names, known)
  if columns.by and not is_unique[columns.by] then
    table.sort(unique)
    cli.fail(cli.USAGE, "%s: --by %s: records may share its values; %s %s; nothing was sent", NAME, columns.by, TYPE,
      "are known by " .. (is_contacts and "email, " or "") .. table.concat(unique, ", ")
        .. (#unique > 0 and " or " or "") .. "id")
  end
end

-- Mirroring ----------------------------------------------------------------------------------------------------------

local function is_confirmed(count)
  if opts.yes then return true end
  local terminal = io.open("/dev/tty", "r+")
  if not terminal then
    cli.fail(cli.DENIED, "%s: --mirror would archive %d %s; there is no terminal to ask at: say --yes", path, count,
      TYPE)
  end
  terminal:write(("Archive %d %s that %s does not name? [y/N] "):format(count, TYPE, path))
  terminal:flush()
  local answer = terminal:read("l") or ""
  terminal:close()
  return answer:lower() == "y" or answer:lower() == "yes"
end

--- Archives the records that the file does not name: how many, and why others are left, in the portal's order.
local function mirror(keys)
  local gone = {}
  for record in objects.each{ properties = { columns.by == "id" and "hs_object_id" or columns.by } } do
    local key = columns.by == "id" and record.id or (record.properties[columns.by] or ""):lower()
    if not keys[key] then gone[#gone + 1] = record.id end
  end
  if #gone == 0 then return 0 end
  if next(keys) == nil then
    cli.fail(cli.DENIED, "%s: the file names no %s, and --mirror would archive all of them: nothing is archived", path,
      TYPE)
  end
  -- What is only shown or planned needs no answer.
  if not hubspot.session.dry_run and not is_confirmed(#gone) then
    cli.note("nothing is archived")
    return 0
  end
  local archived = objects.batch.archive(gone, { confirm = true })
  local failures = {}
  for _, failure in pairs(archived.errors) do failures[#failures + 1] = failure end
  table.sort(failures, function(one, other) return one.index < other.index end)
  for _, failure in ipairs(failures) do
    -- What stops the whole run is told once, at its end.
    if not sending.HOPELESS[failure.kind] then
      cli.note("%s: not archived: %s", gone[failure.index], sending.message_of(failure))
    end
  end
  return #archived.results, failures
end

-- The import ---------------------------------------------------------------------------------------------------------

local function summary(results)
  local total = { rows = 0, created = 0, updated = 0, skipped = 0, bad = 0, unlinked = 0, shown = 0 }
  for _, done in ipairs(results) do
    for name in pairs(total) do total[name] = total[name] + (done[name] or 0) end
  end
  local parts = { ("%d created"):format(total.created), ("%d updated"):format(total.updated) }
  if total.shown > 0 then parts = { ("%d shown, none sent"):format(total.shown) } end
  if total.skipped > 0 then parts[#parts + 1] = ("%d skipped, which may be there or not"):format(total.skipped) end
  parts[#parts + 1] = ("%d bad"):format(total.bad)
  if total.unlinked > 0 then parts[#parts + 1] = ("%d not linked"):format(total.unlinked) end
  return ("%d row%s: %s"):format(total.rows, total.rows == 1 and "" or "s", table.concat(parts, ", ")), total
end

cli.main(NAME, function()
  local keys
  if not from_input then
    keys = check()
  elseif opts.mirror then
    cli.fail(cli.USAGE, "%s: --mirror reads the file twice: it needs a file", NAME)
  end
  sent_rows.check_refused(NAME, opts.refused, path)
  local reader <close> = open()
  check_names()
  if #columns.left_out > 0 then cli.note("left out: %s", table.concat(columns.left_out, ", ")) end
  local last = 1
  local ok, results = pcall(task.map, chunks(reader), function(chunk)
    local done = import_chunk(chunk)
    last = chunk.rows[#chunk.rows].number
    return done
  end, {
    concurrency = 1,
    checkpoint = not from_input and sent_rows.checkpoint("import " .. TYPE, path) or nil,
    key = not from_input and function(chunk) return chunk.rows[1].number end or nil,
    on_unknown = not from_input and opts.on_unknown or nil,
  })
  if not ok then
    if last > 1 or not from_input then
      cli.note("%s: not finished; start it again, or say moonspot resume, to go on", path)
    end
    error(results, 0)
  end
  local text, total = summary(results)
  print(text)
  local refused = keep_refused(results)
  if refused > 0 then cli.note("%d refused: mend %s and import it", refused, opts.refused) end
  local failures = {}
  if keys and total.bad > 0 then
    cli.note("nothing is archived, since not all rows were imported")
  elseif keys then
    local archived
    archived, failures = mirror(keys)
    failures = failures or {}
    local words = hubspot.session.dry_run and "%d would be archived" or "%d archived"
    print((words .. (#failures > 0 and ", %d not" or "")):format(archived, #failures))
  end
  for _, failure in ipairs(failures) do
    if sending.HOPELESS[failure.kind] then error(failure, 0) end
  end
  if total.bad + total.unlinked + #failures > 0 then cli.exit(cli.FAILED) end
end)
