#!/usr/bin/env moonspot
-- Submits a form, once or for each row of a CSV file: checks what it sends before, and says what became of it.
--
-- A row is an item of a checkpoint that belongs to the file as it is: started again, the script goes on where it
-- stopped, and sends nothing twice.

local cli = require("cli")
local csv = require("csv")
local csv_columns = require("csv_columns")
local csv_text = require("csv_text")
local sent_rows = require("sent_rows")

local NAME <const> = "submit-form.lua"
--- What a column says beside the form's fields.
local VISIT <const> = { "pageUri", "pageName", "hutk", "ipAddress" }

local opts = cli.start({
  name = NAME,
  summary = "Submits a HubSpot form, once or for each row of a CSV file.",
  options = {
    { "--preview", "-n", help = "send nothing: show the request, and what is wrong with it" },
    { "--rows", "-f", value = "FILE",
      help = "submit each row of a CSV file, whose first row names the\n"
        .. "fields; context.pageUri, context.pageName, context.hutk\n"
        .. "and context.ipAddress name what is known of the visit" },
    { "--map", "-m", value = "COLUMN=FIELD", kind = "pair", many = true,
      help = "a column's field, where the header does not name it;\nCOLUMN= leaves the column out" },
    { "--separator", "-s", value = "CHARACTER", kind = csv.separator,
      help = "between the fields of a row; the word tab for a tab\n"
        .. "(default: what a first line sep=; names, else a comma)" },
    { "--refused", "-r", value = "FILE",
      help = "where the rows go that are refused, to be mended and\nsubmitted again" },
    { "--on-unknown", value = "WHAT", choices = { "send", "skip" },
      help = "for a row that may have been submitted before a crash:\nsend or skip" },
    { "--wait", "-w", help = "wait for the contact, and say what has changed and\nwhat did not arrive" },
    { "--page-uri", value = "URL", help = "the page that the visitor was on" },
    { "--page-name", value = "TITLE", help = "its title" },
    { "--hutk", value = "COOKIE", help = "the visitor's hubspotutk cookie" },
    { "--ip-address", value = "ADDRESS", help = "the visitor's address" },
    { "--consent", value = "TEXT", help = "consent to processing: the text that the visitor agreed to" },
    { "--communication", value = "ID=TEXT", kind = "pair", many = true,
      help = "consent to a subscription type: its id, and the text agreed to" },
    { "--portal", value = "ID", kind = "integer",
      help = "another portal's form, by its GUID\n(default: the session's portal)" },
    { "--public", help = "submit without the token, as a browser does" },
  },
  arguments = {
    { "FORM", required = true, help = "the form's name or GUID" },
    { "FIELD=VALUE", many = true, kind = "pair",
      help = "a field of the form; 0-2/name=Acme for one of another object type.\n"
        .. "A field given several times takes several values. With --rows: for\n"
        .. "all rows that have none of their own." },
  },
  notes = [[
With --dry-run, and under moonspot plan, nothing is sent, and what HubSpot would refuse is said.
Exit status: 0 accepted, 1 refused, some rows too (or, with --preview, sure to be refused), 2 wrong usage; 3, 4, 5 as
moonspot's own.]],
})

-- What goes along ----------------------------------------------------------------------------------------------------

--- nil where the visitor agreed to nothing: HubSpot refuses an empty consent.
local function legal_consent()
  if not opts.consent and #opts.communication == 0 then return nil end
  local communications = json.array({})
  for index, pair in ipairs(opts.communication) do
    local id = math.tointeger(tonumber(pair[1]))
    if not id then
      cli.fail(cli.USAGE, "%s: --communication: a subscription type's id expected, got %q", NAME, pair[1])
    end
    communications[index] = { value = true, subscriptionTypeId = id, text = pair[2] }
  end
  return {
    consent = {
      consentToProcess = opts.consent ~= nil, text = opts.consent or "", communications = communications,
    },
  }
end

local consent <const> = legal_consent()

--- @param visit table<string, string>  What a row knows of it.
local function settings_of(visit)
  local context = {
    pageUri = opts.page_uri, pageName = opts.page_name, hutk = opts.hutk, ipAddress = opts.ip_address,
  }
  for name, value in pairs(visit) do context[name] = value end
  return {
    portalId = opts.portal, context = next(context) and context or nil, legalConsentOptions = consent,
    secure = not opts.public,
  }
end

--- The fields in the order given, the values of a field that is given several times joined as HubSpot has it.
--- @param pairs_given { [1]: string, [2]: string }[]
local function fields_of(pairs_given)
  local fields, by_name = {}, {}
  for _, pair in ipairs(pairs_given) do
    local object, name = pair[1]:match("^(%d+%-%d+)/(.+)$")
    object, name = object or "0-1", name or pair[1]
    local key = object .. "/" .. name
    local field = by_name[key]
    if field then
      field.value = field.value .. ";" .. pair[2]
    else
      field = { objectTypeId = object, name = name, value = pair[2] }
      by_name[key] = field
      fields[#fields + 1] = field
    end
  end
  return fields
end

-- One submission -----------------------------------------------------------------------------------------------------

local function words_of(problem)
  local field = problem.field and problem.field .. ": " or ""
  return ("%s%s (%s)"):format(field, problem.message or "", problem.errorType or problem.code or "refused")
end

--- What HubSpot would refuse, and what it takes and drops. Another portal's form is not known here.
local function check(form, fields, settings)
  local refused, dropped = {}, {}
  if opts.portal then return refused, dropped end
  for _, problem in ipairs(hubspot.forms.check(form, fields, settings)) do
    local list = problem.refused and refused or dropped
    list[#list + 1] = words_of(problem)
  end
  return refused, dropped
end

--- Submits: HubSpot's answer, with the contact's id where it was waited for; or nil and why it was refused.
local function submit(form, fields, settings)
  local submits = hubspot.forms.submit
  if opts.wait and not hubspot.session.dry_run then
    submits = function(...)
      local contact, answer = hubspot.forms.submit_and_wait(...)
      answer.contact = contact.id
      return answer
    end
  end
  local ok, answer = pcall(submits, form, fields, settings)
  if ok then return answer end
  if type(answer) == "table" and answer.kind == "validation" then
    local reasons = {}
    for _, problem in ipairs(answer.errors or {}) do reasons[#reasons + 1] = words_of(problem) end
    return nil, #reasons > 0 and reasons or { answer.message or "refused" }
  end
  error(answer, 0)
end

--- `contact 501 created; dropped: favourite_colour`
local function became(answer)
  if answer.dry_run then return "shown, not sent" end
  if not answer.contact then return answer.redirectUri or answer.inlineMessage or "accepted" end
  local parts = { ("contact %s %s"):format(answer.contact, answer.created and "created" or "was there") }
  for _, what in ipairs{ "changed", "dropped" } do
    local names = answer[what] or {}
    if #names > 0 then parts[#parts + 1] = ("%s: %s"):format(what, table.concat(names, ", ")) end
  end
  return table.concat(parts, "; ")
end

local form = opts.FORM
local given <const> = opts["FIELD=VALUE"]

local function preview()
  local shown = hubspot.forms.preview(form, fields_of(given), settings_of({}))
  local request = shown.request
  print(("%s %s"):format(request.method, request.url))
  local names = {}
  for name in pairs(request.headers or {}) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do print(("%s: %s"):format(name, request.headers[name])) end
  print()
  print(type(request.body) == "string" and request.body or json.encode(request.body))
  for _, problem in ipairs(shown.problems) do cli.note("%s", words_of(problem)) end
  if #shown.problems > 0 then cli.exit(cli.FAILED) end
end

local function once()
  local fields, settings = fields_of(given), settings_of({})
  local refused, dropped = check(form, fields, settings)
  local answer
  if #refused == 0 then
    for _, words in ipairs(dropped) do cli.note("dropped: %s", words) end
    local reasons
    answer, reasons = submit(form, fields, settings)
    refused = reasons or refused
  end
  if not answer then
    for _, words in ipairs(refused) do cli.note("refused: %s", words) end
    cli.exit(cli.FAILED)
  end
  print(became(answer))
end

-- A file's rows ------------------------------------------------------------------------------------------------------

--- The columns of a file: what each is, by the names under which `csv` has the fields of a row.
local columns = { header = {}, fields = {}, left_out = {} }

function columns:read(header)
  local mapped, missing = csv_columns.mapped(header, opts.map)
  if not mapped then
    cli.fail(cli.USAGE, "%s: --map names the column %q, which the file does not have", opts.rows, missing)
  end
  self.header, self.fields, self.left_out = header, {}, {}
  local taken = {}
  for index, column in ipairs(header) do
    local name = mapped[index] or csv_text.trimmed(column)
    if name == "" or name == sent_rows.REASON then
      self.fields[index] = name == "" and not mapped[index] and "" or "#" .. index
      if self.fields[index] ~= "" then self.left_out[#self.left_out + 1] = csv_columns.label(header, index) end
    elseif taken[name] then
      cli.fail(cli.USAGE, "%s: the header names %s twice; leave one out: --map \"%s=\"", opts.rows, name,
        csv_columns.label(header, index))
    else
      taken[name] = true
      self.fields[index] = name
    end
  end
  return self.fields
end

--- A row's fields, as pairs, and what it knows of the visit. Empty fields are none.
function columns:submission(row)
  local pairs_given, visit, has = {}, {}, {}
  for _, name in ipairs(self.fields) do
    local value = row[name] or ""
    if value ~= "" and name ~= "" and name:sub(1, 1) ~= "#" then
      local of_visit = name:match("^context%.(.+)$")
      if of_visit then
        visit[of_visit] = value
      else
        pairs_given[#pairs_given + 1], has[name] = { name, value }, true
      end
    end
  end
  for _, pair in ipairs(given) do
    if not has[pair[1]] then pairs_given[#pairs_given + 1] = pair end
  end
  return pairs_given, visit
end

--- Ends the script, before anything is sent, where the file has columns that are no fields of the form.
function columns:check(open_form)
  local known, names = {}, {}
  for _, field in ipairs(open_form.fields) do known[#known + 1] = field.key or field.name end
  for _, name in ipairs(VISIT) do known[#known + 1] = "context." .. name end
  for _, name in ipairs(self.fields) do
    if name ~= "" and name:sub(1, 1) ~= "#" then names[#names + 1] = name:gsub("^0%-1/", "") end
  end
  sent_rows.check_names(NAME, ("field of the form %s named"):format(open_form.name), names, known)
end

local function open()
  return csv.open(opts.rows, {
    separator = opts.separator, header = function(header) return columns:read(header) end,
  })
end

--- Submits a row: what its checkpoint keeps. A row of which no one knows whether it was submitted is an error.
local function submit_row(entry)
  local pairs_given, visit = columns:submission(entry.row)
  local fields, settings = fields_of(pairs_given), settings_of(visit)
  local refused, dropped, answer
  if entry.problem then
    refused, dropped = { entry.problem }, {}
  else
    refused, dropped = check(form, fields, settings)
  end
  if #refused == 0 then
    local reasons
    answer, reasons = submit(form, fields, settings)
    refused = reasons or refused
  end
  if answer then
    for _, words in ipairs(dropped) do sent_rows.report(entry, "dropped: ", words) end
    if answer.contact then sent_rows.report(entry, "", became(answer)) end
    return { what = answer.fate == "unknown" and "skipped" or answer.dry_run and "shown" or "accepted" }
  end
  local because = table.concat(refused, "; ")
  sent_rows.report(entry, "", because)
  local kept = opts.refused and sent_rows.kept(entry.row, columns.fields) or nil
  return { what = "refused", because = because, row = kept }
end

local function each_row()
  sent_rows.check_refused(NAME, opts.refused, opts.rows)
  if not opts.portal then
    local reader <close> = open()
    columns:check(hubspot.forms.open(form))
    -- A quote gone wrong is told before anything is sent.
    for _ in reader:rows() do end
  end
  local reader <close> = open()
  if #columns.left_out > 0 then cli.note("left out: %s", table.concat(columns.left_out, ", ")) end
  local next_row = reader:rows()
  local ok, results = pcall(task.map, function()
    local row, number, line, problem
    repeat row, number, line, problem = next_row() until not row or not csv_text.is_blank(row)
    return row and { row = row, number = number, line = line, problem = problem } or nil
  end, submit_row, {
    concurrency = 10, checkpoint = sent_rows.checkpoint("submit " .. form, opts.rows),
    key = function(entry) return entry.number end, on_unknown = opts.on_unknown,
  })
  if not ok then
    cli.note("%s: not finished; start it again, or say moonspot resume, to go on", opts.rows)
    error(results, 0)
  end
  local counts, rows = { accepted = 0, refused = 0, skipped = 0, shown = 0 }, {}
  for _, done in ipairs(results) do
    counts[done.what] = counts[done.what] + 1
    if done.row then rows[#rows + 1] = done end
  end
  local parts = { counts.shown > 0 and ("%d shown, none sent"):format(counts.shown) or ("%d accepted"):format(
    counts.accepted), ("%d refused"):format(counts.refused) }
  if counts.skipped > 0 then parts[#parts + 1] = ("%d skipped, which may be there or not"):format(counts.skipped) end
  print(("%d row%s: %s"):format(#results, #results == 1 and "" or "s", table.concat(parts, ", ")))
  local kept = sent_rows.keep_refused(opts.refused, opts.separator, columns.header, rows)
  if kept > 0 then cli.note("%d refused: mend %s and submit it", kept, opts.refused) end
  if counts.refused > 0 then cli.exit(cli.FAILED) end
end

if opts.rows and opts.preview then
  cli.fail(cli.USAGE, "%s: --preview shows one submission: leave --rows out, or say moonspot --dry-run", NAME)
elseif not opts.rows and #given == 0 then
  cli.fail(cli.USAGE, "%s: FIELD=VALUE or --rows FILE is missing", NAME)
elseif not opts.rows then
  for _, name in ipairs{ "map", "refused", "on_unknown", "separator" } do
    local value = opts[name]
    if value and (type(value) ~= "table" or #value > 0) then
      cli.fail(cli.USAGE, "%s: --%s belongs to --rows FILE", NAME, (name:gsub("_", "-")))
    end
  end
end

cli.main(NAME, opts.preview and preview or opts.rows and each_row or once)
