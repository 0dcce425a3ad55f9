local _, primitives = ...

-- The text of a value of a portal, on one line and with nothing that a terminal would carry out.
local function plain(value)
  if type(value) == "table" then
    local parts = {}
    for i, part in ipairs(value) do parts[i] = tostring(part) end
    value = table.concat(parts, ";")
  end
  return (tostring(value):gsub("%c", function(control) return string.format("\\%d", control:byte()) end))
end

-- The names of properties in the order in which a person wants to see them.
local leading = {
  "email", "firstname", "lastname", "name", "dealname", "subject", "company", "phone", "lifecyclestage", "amount",
  "dealstage", "domain",
}
local doubled = { hs_object_id = true, createdate = true, lastmodifieddate = true, hs_lastmodifieddate = true }
local function ordered(properties)
  local names, is_named = {}, {}
  for _, name in ipairs(leading) do
    if rawget(properties, name) ~= nil then names[#names + 1], is_named[name] = name, true end
  end
  local others = {}
  for name in next, properties do
    if type(name) == "string" and not is_named[name] and not doubled[name] then others[#others + 1] = name end
  end
  table.sort(others)
  return table.move(others, 1, #others, #names + 1, names)
end

-- A record on one line, for print.
local function record_text(record)
  local properties = rawget(record, "properties")
  local parts = {}
  local names = type(properties) == "table" and ordered(properties) or {}
  for i = 1, math.min(#names, 8) do parts[i] = names[i] .. " = " .. plain(properties[names[i]]) end
  if #names > 8 then parts[9] = #names - 8 .. " more" end
  return "record " .. plain(rawget(record, "id")) .. (#parts > 0 and ": " .. table.concat(parts, ", ") or "")
end

-- Any other element of a page on one line: what names it.
local function element_text(element)
  if type(element) ~= "table" then return plain(element) end
  local metatable = getmetatable(element)
  if type(metatable) == "table" and rawget(metatable, "__name") == "hubspot.record" then return record_text(element) end
  local parts = {}
  for _, name in ipairs{ "id", "listId", "toObjectId", "conversionId", "name", "label", "email", "submittedAt" } do
    local value = rawget(element, name)
    if value ~= nil then parts[#parts + 1] = (#parts == 0 and "" or name .. " = ") .. plain(value) end
  end
  return table.concat(parts, ", ")
end

-- What a record has beside its properties, whether or not it is there.
local own = {}
for name in ("id properties propertiesWithHistory associations createdAt updatedAt archived archivedAt new dry_run url "
  .. "objectWriteTraceId"):gmatch("%S+") do own[name] = true end

-- Tells, at the prompt alone, of a property that is nil since it was not asked for: it need not be empty.
local function tell_unfetched(properties, name)
  if type(name) ~= "string" or own[name] or name:sub(1, 1) == "_" then return end
  local empty = primitives.nulls(properties) or {}
  if empty[name] then return end
  local known = {}
  for other in next, properties do known[#known + 1] = tostring(other) end
  for other in next, empty do known[#known + 1] = other end
  primitives.unfetched(name, known)
end

-- record.properties.email is the same with the way said in full.
if primitives.unfetched then
  primitives.metatable("hubspot.properties", {
    __index = function(properties, name)
      tell_unfetched(properties, name)
      return nil
    end,
  })
end

-- record.email reads record.properties.email; a name of the record itself comes first.
primitives.metatable("hubspot.record", {
  __name = "hubspot.record",
  __index = function(record, name)
    local properties = rawget(record, "properties")
    if type(properties) ~= "table" then return nil end
    local value = rawget(properties, name)
    if value == nil and primitives.unfetched then tell_unfetched(properties, name) end
    return value
  end,
  __tostring = record_text,
  __newindex = function(record, name, value)
    if type(name) ~= "string" then return rawset(record, name, value) end
    primitives.refuse("bad argument '" .. name .. "' to a record (what is assigned to it would not reach HubSpot; "
      .. "write hubspot.….update(record.id, { " .. name .. " = … }), or rawset for a field of your own)")
  end,
})

-- How the page behind a page is fetched, as long as the page is in use.
local continuations = setmetatable({}, { __mode = "k" })
local function next_of(page)
  if type(page) ~= "table" then
    primitives.refuse("bad argument 'self' to 'page:next' (a page expected; write page:next())")
  end
  local fetch = continuations[page]
  if fetch then return fetch() end
  return nil
end

primitives.metatable("hubspot.page", {
  __name = "hubspot.page",
  continuations = continuations,
  -- #page, page[i] and ipairs(page) are its results.
  __len = function(page)
    local results = rawget(page, "results")
    return type(results) == "table" and #results or 0
  end,
  __index = function(page, name)
    if name == "next" then return next_of end
    local results = rawget(page, "results")
    if math.type(name) == "integer" and type(results) == "table" then return results[name] end
    return nil
  end,
  __tostring = function(page)
    local results = rawget(page, "results")
    if type(results) ~= "table" then results = {} end
    local total = rawget(page, "total")
    local lines = { "page of " .. #results .. (math.type(total) == "integer" and " of " .. total or "")
      .. (continuations[page] and ", with more behind it: page:next()" or "") }
    for i, element in ipairs(results) do lines[i + 1] = "  " .. element_text(element) end
    return table.concat(lines, "\n")
  end,
})

local function grouped(number)
  local digits = string.format("%d", number)
  local first = #digits % 3
  local parts = { first > 0 and digits:sub(1, first) or nil }
  for at = first + 1, #digits, 3 do parts[#parts + 1] = digits:sub(at, at + 2) end
  return table.concat(parts, ",")
end

local function counted(number, noun) return grouped(number) .. " " .. noun .. (number == 1 and "" or "s") end

local function time(seconds)
  if seconds >= 7200 then return string.format("about %.1f h", seconds / 3600) end
  if seconds >= 120 then return string.format("about %.0f min", seconds / 60) end
  return seconds < 1 and "less than a second" or string.format("about %.0f s", seconds)
end

primitives.metatable("hubspot.plan", {
  __name = "hubspot.plan",
  __tostring = function(plan)
    local text = counted(plan.records, "record") .. " in " .. counted(plan.requests, "request") .. ", "
      .. time(plan.seconds)
    local day = plan.day
    if day.share then text = text .. string.format(", %.2g %% of the day's quota", day.share * 100) end
    if not day.fits then text = text .. " (only " .. grouped(day.remaining) .. " requests of it are left)" end
    if plan.refused > 0 then
      local why = {}
      for i, refusal in ipairs(plan.refusals) do
        if i > 5 then
          why[i] = "and " .. #plan.refusals - 5 .. " more reasons"
          break
        end
        why[i] = refusal.message .. (refusal.count > 1 and " (" .. grouped(refusal.count) .. " times)" or "")
      end
      text = text .. "; " .. grouped(plan.refused) .. " would be refused: " .. table.concat(why, "; ")
    end
    return text
  end,
})

primitives.metatable("hubspot.limits", { infinity_is_null = true })

primitives.metatable("hubspot.calls", {
  empty_is_list = true,
  __tostring = function(calls)
    if #calls == 0 then return "no calls yet" end
    local lines = {}
    for i, call in ipairs(calls) do
      local line = string.format("%.3f s  %s", call.waited, call.call or call.request)
      if call.batch then
        line = line .. string.format("  batch %d: %d of %d", call.batch, call.position or 1, call.size or 1)
      end
      if call.why ~= "" then line = line .. "  " .. call.why end
      lines[i] = line
    end
    return table.concat(lines, "\n")
  end,
})
