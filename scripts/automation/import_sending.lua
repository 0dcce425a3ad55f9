--- Sends the records of import.lua's chunks, and links them.
local csv_text = require("csv_text")

local M = {}

local UNANSWERED <const> = {
  network = true, timeout = true, unavailable = true, bad_response = true, cancelled = true, fate_unknown = true,
}
--- The session's own failures: no other row would fare better.
M.HOPELESS = {
  unauthenticated = true, forbidden = true, daily_limit = true, read_only = true, not_allowed = true,
  not_confirmed = true, checkpoint_mismatch = true,
}

--- The fate of a row by its error: "bad" (the row itself is wrong), "unknown" (sent, and never answered), "unsent".
function M.fate_of(failure)
  local kind, request = failure.kind, failure.request or ""
  if M.HOPELESS[kind] or kind == "rate_limited" then return "unsent" end
  if not UNANSWERED[kind] then return "bad" end
  local only_read = request:find("^GET ") or request:find("/batch/read$") or request:find("/search$")
  return only_read and "unsent" or "unknown"
end

--- Writes a list of any length, in its order: HubSpot's answer. Where all are refused before anything is sent, the list
--- is halved until the culprit stands alone; an error that is not about a record is raised.
function M.write(send, records)
  local ok, answer = pcall(send, records)
  if ok then return answer end
  if type(answer) ~= "table" or M.fate_of(answer) ~= "bad" then error(answer, 0) end
  if #records == 1 then
    answer.index = 1
    return { results = {}, errors = { answer } }
  end
  local half = #records // 2
  local first = M.write(send, table.move(records, 1, half, 1, {}))
  local second = M.write(send, table.move(records, half + 1, #records, 1, {}))
  for _, failure in pairs(second.errors) do
    failure.index = failure.index + half
    table.insert(first.errors, failure)
  end
  table.move(second.results, 1, #second.results, #first.results + 1, first.results)
  return first
end

function M.message_of(failure)
  if type(failure) ~= "table" or not failure.kind then return tostring(failure) end
  -- Each property's fault, where HubSpot names it: its own message wraps that in JSON.
  local parts = {}
  for _, part in ipairs(failure.errors or {}) do parts[#parts + 1] = part.message end
  if #parts > 0 then return ("%s (%s)"):format(table.concat(parts, "; "), failure.kind) end
  return ("%s (%s)"):format(failure.message or failure.kind, failure.kind)
end

--- The ids of the records that were written, by the places of their rows in the chunk. Results follow the list's order
--- without doubles, so a record is found by what it is known by.
function M.ids_of(objects, by, chunk, answer, failures)
  local ids = {}
  if by and by ~= "id" then
    local known = {}
    for _, result in ipairs(answer.results) do
      local value = result.properties and result.properties[by]
      if value then known[value:lower()] = result.id end
    end
    local missing = {}
    for place, record in ipairs(chunk.records) do
      ids[place] = known[record.id:lower()]
      if not ids[place] and not failures[place] then missing[#missing + 1] = record.id end
    end
    if #missing > 0 then
      local read = objects.batch.read(missing, { idProperty = by, properties = { by } })
      for _, result in ipairs(read.results) do known[(result.properties[by] or ""):lower()] = result.id end
      for place, record in ipairs(chunk.records) do ids[place] = ids[place] or known[record.id:lower()] end
    end
    return ids
  end
  local next_result = 0
  for place, record in ipairs(chunk.records) do
    if by == "id" then
      ids[place] = not failures[place] and record.id or nil
    elseif not failures[place] then
      next_result = next_result + 1
      ids[place] = answer.results[next_result] and answer.results[next_result].id
    end
  end
  return ids
end

--- What the rows of a chunk name in a column: `{ entry, value }` each, several in one field parted by semicolons as an
--- export has them; and the ids of those that there are, by value in lower case.
local function named(link, field, chunk)
  local wanted, values, seen = {}, {}, {}
  for _, entry in ipairs(chunk.rows) do
    for part in (entry.record and entry.row[field] or ""):gmatch("[^;]+") do
      local value = csv_text.trimmed(part)
      if value ~= "" then
        wanted[#wanted + 1] = { entry = entry, value = value }
        if not seen[value:lower()] then values[#values + 1], seen[value:lower()] = value, true end
      end
    end
  end
  local known, name = {}, link.property or "hs_object_id"
  if #values > 0 then
    local read = hubspot.objects(link.type).batch.read(values, { idProperty = link.property, properties = { name } })
    for _, failure in pairs(read.errors) do
      if failure.kind ~= "not_found" and failure.kind ~= "validation" then error(failure, 0) end
    end
    for _, result in ipairs(read.results) do
      known[link.property and (result.properties[name] or ""):lower() or result.id] = result.id
    end
  end
  return wanted, known
end

local function missing(link, value)
  return ("%s: there is no %s whose %s is %q"):format(link.column, link.type, link.property or "id", value)
end

--- Takes the rows out of a chunk that name a record which there is not, before anything is made of them: made once more
--- when they are mended, they would be there twice.
function M.check_links(links, fields, chunk)
  local has_problem = false
  for place, link in ipairs(links) do
    local wanted, known = named(link, fields[place], chunk)
    for _, one in ipairs(wanted) do
      if not known[one.value:lower()] and not one.entry.problem then
        one.entry.problem, has_problem = missing(link, one.value), true
      end
    end
  end
  if not has_problem then return end
  local records = {}
  for _, entry in ipairs(chunk.rows) do
    local record = entry.record and not entry.problem and chunk.records[entry.record] or nil
    if record then records[#records + 1] = record end
    entry.record = record and #records or nil
  end
  chunk.records = records
end

--- Links the records of a chunk to those that its columns name. A row whose other record there is not is refused.
function M.link(target, link, field, chunk, ids, refuse)
  local wanted, known = named(link, field, chunk)
  local links, entries = {}, {}
  for _, one in ipairs(wanted) do
    local from, id = ids[one.entry.record], known[one.value:lower()]
    if from and id then
      links[#links + 1] = { from = from, to = id }
      entries[#entries + 1] = one.entry
    elseif from then
      refuse(one.entry, missing(link, one.value))
    end
  end
  if #links > 0 then
    local linked = hubspot.associations.batch.link(target, link.type, links)
    for _, failure in pairs(linked.errors) do
      if M.fate_of(failure) ~= "bad" then error(failure, 0) end
      refuse(entries[failure.index], link.column .. ": " .. M.message_of(failure))
    end
  end
end

return M
