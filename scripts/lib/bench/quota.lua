-- Naive loops, as people write them: `quota.lua WORK FILE`. Prints how many calls failed.
local csv = require "csv"
local work, path = ...
local contacts = hubspot.contacts

local failed = 0
local function counting(call, ...)
  local ok, problem = pcall(call, ...)
  if not ok then
    failed = failed + 1
    if failed == 1 then io.stderr:write(tostring(problem), "\n") end
  end
end

local programs = {
  upsert = function(person)
    contacts.upsert(person.email, { firstname = person.firstname, lastname = person.lastname })
  end,
  whole = function(person)
    contacts.upsert(person.email, { firstname = person.firstname, lastname = person.lastname }, { whole = true })
  end,
  update = function(person)
    contacts.update(person.id, { firstname = person.firstname })
  end,
}

if work == "addresses" then
  -- id and address of every contact.
  local out = assert(io.open(path, "w"))
  for person in contacts.each{ properties = { "email" } } do out:write(person.id, ",", person.email, "\n") end
  out:close()
elseif work == "read" then
  -- One contact over and over, until the time is over or the process is killed.
  local id, seconds = path, tonumber((select(3, ...)))
  local ends = os.time() + seconds
  task.each(function() return os.time() < ends or nil end, function() counting(contacts.get, id) end)
else
  local people <close> = csv.open(path, { header = true })
  task.each(people:rows(), function(person) counting(programs[work], person) end)
end
print(failed)
