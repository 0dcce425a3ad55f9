local module, primitives = ...
local bodies = {}

local function copied(opts)
  local copy = {}
  for key, value in next, opts or {} do copy[key] = value end
  return copy
end

local function is_bad(why) primitives.raise{ kind = "bad_response", message = why } end

-- Where the page behind a page begins; nil after the last.
local function after_of(page)
  local paging = type(page) == "table" and page.paging
  local following = type(paging) == "table" and paging.next
  local after = nil
  if type(following) == "table" then after = following.after end
  if after == nil or math.type(after) == "integer" then return after end
  if type(after) ~= "string" or after == "" then
    is_bad("HubSpot's page does not say where the next one begins: its paging.next.after is "
      .. (after == "" and "an empty string" or "a " .. type(after)))
  end
  return after
end

-- Brent's algorithm: a walk that goes round meets a mark that was left behind, wherever its circle begins. The
-- state is three fields, however long the walk.
local function stepped(brent, mark)
  if brent and brent.mark == mark then return nil end
  local steps = brent and brent.steps + 1 or 0
  if not brent or steps == brent.power then
    return { mark = mark, steps = 0, power = brent and brent.power * 2 or 1 }
  end
  return { mark = brent.mark, steps = steps, power = brent.power }
end

-- Answers a function that says whether a walk has been at a mark before: at once where that is no more than 1,000
-- steps back, and sooner or later for every greater circle.
local function memory()
  local recent, ring, at, brent = {}, {}, 0, nil
  return function(mark)
    if recent[mark] then return true end
    at = at % 1000 + 1
    if ring[at] ~= nil then recent[ring[at]] = nil end
    ring[at], recent[mark] = mark, true
    brent = stepped(brent, mark)
    return brent == nil
  end
end

local function went_round(after)
  is_bad("HubSpot's pages go round: the page after '" .. tostring(after):sub(1, 80) .. "' was there before")
end

-- The key that tells an element from others; nil where it has none.
local function identity(element)
  if type(element) ~= "table" then return nil end
  local get = rawget
  local id = get(element, "id") or get(element, "recordId") or get(element, "toObjectId") or get(element, "listId")
    or get(element, "conversionId")
  if type(id) == "string" or type(id) == "number" then return tostring(id) end
  local sent, values = get(element, "submittedAt"), get(element, "values")
  if sent == nil or type(values) ~= "table" then return nil end
  local parts = { tostring(sent) }
  for _, field in ipairs(values) do parts[#parts + 1] = type(field) == "table" and tostring(field.value) or "" end
  return table.concat(parts, "\1")
end

-- The key that tells a page from others: its first and last element, and how many there are.
local function mark_of(results)
  local first, last = identity(results[1]), identity(results[#results])
  return first and last and #results .. "\0" .. first .. "\0" .. last or nil
end

-- Fetches a page and remembers how the one behind it is fetched: page:next().
local function paged(fetch, opts, walked)
  local page = fetch(opts)
  local after = after_of(page)
  if after ~= nil then
    if walked == nil and opts and opts.after ~= nil then walked = stepped(nil, tostring(opts.after)) end
    local further = stepped(walked, tostring(after))
    local rest = copied(opts)
    rest.after = after
    getmetatable(page).continuations[page] = function()
      if not further then went_round(after) end
      return paged(fetch, rest, further)
    end
  end
  return page
end

-- Iterates over the elements of pages. `fetch(cursor)` answers a page and the cursor of the next one, nil after
-- the last, with a text that tells that cursor from others; that page is fetched while the elements of this one
-- are used. After an error the iterator stands where it stood: to call it again is to try again.
local function each(fetch, first, max)
  local results, following, index, count = nil, first, 0, 0
  local ahead, is_busy, failure
  local was_at, was_shown, empty = memory(), memory(), 0
  if first ~= nil then was_at(tostring(first)) end

  -- The elements of a page that was not there before.
  local function elements_of(page)
    local list = page.results
    if list == nil then list = {} end
    if type(list) ~= "table" then is_bad("HubSpot's page holds no list of results") end
    local mark = mark_of(list)
    if mark and was_shown(mark) then is_bad("HubSpot's pages go round: the same results came again") end
    return list
  end

  local function check_cursor(cursor, name)
    if was_at(name or tostring(cursor)) then went_round(name or cursor) end
    if empty == 100 then is_bad("100 of HubSpot's pages in a row are empty, and each names a next one") end
  end

  local function load()
    local task = ahead
    ahead = nil
    if not task then return fetch(following) end
    local answer = table.pack(pcall(primitives.await, task))
    if answer[1] then return table.unpack(answer, 2, answer.n) end
    local problem = answer[2]
    if type(problem) == "table" and problem.kind == "cancelled" then return fetch(following) end
    error(problem, 0)
  end

  local function iterator()
    while is_busy do primitives.sleep(0.001) end  -- not 0: a script that is always ready keeps a virtual clock still
    while count ~= max do
      if results then
        index = index + 1
        local value = results[index]
        if value ~= nil then
          count = count + 1
          return value
        end
        if failure == nil and following == nil then return nil end
      end
      if failure ~= nil then error(failure, 0) end
      do
        is_busy = true
        local free <close> = setmetatable({}, { __close = function() is_busy = false end })
        local page, cursor, name = load()
        local ok, answer = pcall(elements_of, page)
        -- To ask again would change nothing: the walk is over.
        if not ok then
          failure = answer
          error(failure, 0)
        end
        empty = #answer == 0 and empty + 1 or 0
        results, following, index = answer, cursor, 0
        if cursor ~= nil then
          local goes_on, problem = pcall(check_cursor, cursor, name)
          if not goes_on then failure = problem end
        end
      end
      if failure == nil and following ~= nil and (max == nil or count + #results < max) then
        ahead = primitives.spawn_quiet(fetch, following)
      end
    end
    return nil
  end

  -- A loop that ends early does not wait for the page ahead.
  local closing = setmetatable({}, { __close = function()
    if ahead then primitives.cancel(ahead) end
  end })
  return iterator, nil, nil, closing
end

-- Declares bodies[name], which answers one page: `opts` stands behind `places` other arguments.
local function pages(name, places)
  bodies[name] = function(...)
    local given = table.pack(...)
    return paged(function(opts)
      given[places + 1] = opts
      return primitives[name](table.unpack(given, 1, places + 1))
    end, given[places + 1])
  end
end

-- Declares bodies[name], which iterates over the pages of another function with the same arguments. The primitive
-- of that name checks them, and answers the page size.
local function iterator(name, page_name, places)
  bodies[name] = function(...)
    local given = table.pack(...)
    local rest = copied(given[places + 1])
    rest.limit = primitives[name](table.unpack(given, 1, places + 1))
    local max = rest.max
    rest.max = nil
    given[places + 1] = rest
    return each(function(cursor)
      rest.after = cursor
      local page = primitives[page_name](table.unpack(given, 1, places + 1))
      return page, after_of(page)
    end, rest.after, max)
  end
end
