#!/usr/bin/env moonspot
-- Submits a form, or shows the request and what HubSpot would object to.

local cli = require("cli")

local NAME <const> = "submit-form.lua"

local opts = cli.start({
  name = NAME,
  summary = "Submits a HubSpot form.",
  options = {
    { "--preview", "-n", help = "send nothing: show the request, and what is wrong with it" },
    { "--page-uri", value = "URL", help = "the page that the visitor was on" },
    { "--page-name", value = "TITLE", help = "its title" },
    { "--hutk", value = "COOKIE", help = "the visitor's hubspotutk cookie" },
    { "--ip-address", value = "ADDRESS", help = "the visitor's address" },
    { "--consent", value = "TEXT", help = "consent to processing: the text that the visitor agreed to" },
    { "--communication", value = "ID=TEXT", kind = "pair", many = true,
      help = "consent to a subscription type: its id, and the text agreed to" },
    { "--portal", value = "ID", kind = "integer", help = "another portal's form (default: the session's portal)" },
    { "--public", help = "submit without the token, as a browser does" },
  },
  arguments = {
    { "FORM", required = true, help = "the form's GUID" },
    { "FIELD=VALUE", many = true, kind = "pair",
      help = "a field of the form; 0-2/name=Acme for one of another object type.\n"
        .. "A field given several times takes several values." },
  },
  notes = [[
Exit status: 0 accepted, 1 refused (or, with --preview, sure to be refused), 2 wrong usage; 3, 4, 5 as moonspot's
own.]],
})

--- The fields in the order given, the values of a field that is given several times joined as HubSpot has it.
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

--- nil where nothing is known about the visit.
local function visit()
  local context = {
    pageUri = opts.page_uri, pageName = opts.page_name, hutk = opts.hutk, ipAddress = opts.ip_address,
  }
  return next(context) and context or nil
end

local function show_problems(problems)
  for _, problem in ipairs(problems) do
    local field = problem.field and problem.field .. ": " or ""
    cli.note("%s%s (%s)", field, problem.message or "", problem.errorType or problem.code or "refused")
  end
end

local form, fields = opts.FORM, fields_of(opts["FIELD=VALUE"])
if #fields == 0 then cli.fail(cli.USAGE, NAME .. ": FIELD=VALUE is missing") end
local settings = {
  portalId = opts.portal, context = visit(), legalConsentOptions = legal_consent(), secure = not opts.public,
}

local function preview()
  local shown = hubspot.forms.preview(form, fields, settings)
  local request = shown.request
  print(("%s %s"):format(request.method, request.url))
  local names = {}
  for name in pairs(request.headers or {}) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do print(("%s: %s"):format(name, request.headers[name])) end
  print()
  print(type(request.body) == "string" and request.body or json.encode(request.body))
  show_problems(shown.problems)
  if #shown.problems > 0 then cli.exit(cli.FAILED) end
end

local function submit()
  local ok, answer = pcall(hubspot.forms.submit, form, fields, settings)
  if not ok then
    if type(answer) == "table" and answer.kind == "validation" and answer.errors then
      cli.note("refused: %s", answer.message or "")
      show_problems(answer.errors)
      cli.exit(cli.FAILED)
    end
    error(answer, 0)
  end
  print(answer.redirectUri or answer.inlineMessage or "accepted")
end

cli.main(NAME, opts.preview and preview or submit)
