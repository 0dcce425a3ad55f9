local _, primitives = ...

-- record.email reads record.properties.email; a name of the record itself comes first.
primitives.metatable("hubspot.record", {
  __name = "hubspot.record",
  __index = function(record, name)
    local properties = rawget(record, "properties")
    if type(properties) == "table" then return properties[name] end
  end,
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
