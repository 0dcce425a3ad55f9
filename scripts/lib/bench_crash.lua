-- What scripts/bench crash kills again and again: creates with and without a unique value, updates, links, submissions.
-- Usage: bench_crash.lua COMPANY ITEMS UNKNOWN_FILE. A write of which nobody can tell whether it was carried out is
-- noted in the file, and taken as it is.

local COMPANY <const>, ITEMS <const>, NOTES <const> = arg[1], tonumber(arg[2]), arg[3]
local FORM <const> = "11111111-1111-4111-8111-111111111111"

local function noting(what, f, ...)
  local ok, answer = pcall(f, ...)
  if ok then return answer end
  if type(answer) ~= "table" or answer.kind ~= "fate_unknown" then error(answer, 0) end
  local file <close> = assert(io.open(NOTES, "a"))
  assert(file:write(what, "\n"))
end

local function numbers()
  local i = 0
  return function()
    i = i + 1
    return i <= ITEMS and i or nil
  end
end

task.each(numbers(), function(i)
  local known = hubspot.contacts.create{ email = ("keyed%d@example.org"):format(i) }
  noting("plain " .. i, hubspot.contacts.create, { firstname = "plain" .. i })
  hubspot.contacts.update(known.id, { city = "Rome" .. i })
  hubspot.associations.link("contacts", known.id, "companies", COMPANY)
  noting("submitted " .. i, hubspot.forms.submit, FORM,
    { email = ("submitted%d@example.org"):format(i), firstname = "Ada", lastname = "Byron" })
  hubspot.contacts.upsert(("upserted%d@example.org"):format(i), { city = "Oslo" .. i })
end, { checkpoint = "crash", concurrency = 3 })
