local module, primitives = ...
local bodies = {}

-- The elements of an iterator that is shown, and the value that ends its loop.
local rows = primitives.metatable("hubspot.rows", {})
local closing = primitives.metatable("hubspot.closing", { __close = function(loop) loop.cancel() end })

-- A page remembers how the one behind it is fetched: page:next().
local function paged(page, following)
  if following then
    getmetatable(page).continuations[page] = function() return paged(following()) end
  end
  return page
end

-- Iterates over the elements of pages, which a page holds under the name `list`. `fetch(number)` answers a page and
-- whether another follows; that one is fetched while the elements of this one are used. After an error the iterator
-- stands where it stood: to call it again is to try again.
local function each(fetch, max, list)
  local results, follows, number, index, count = nil, true, 1, 0, 0
  local ahead, is_busy

  local function load()
    local task = ahead
    ahead = nil
    if not task then return fetch(number) end
    local answer = table.pack(pcall(primitives.await, task))
    if answer[1] then return table.unpack(answer, 2, answer.n) end
    local problem = answer[2]
    if type(problem) == "table" and problem.kind == "cancelled" then return fetch(number) end
    error(problem, 0)
  end

  local function draw()
    while is_busy do primitives.sleep(0.001) end  -- not 0: a script that is always ready keeps a virtual clock still
    while count ~= max do
      if results then
        index = index + 1
        local value = results[index]
        if value ~= nil then
          count = count + 1
          return value
        end
        if not follows then return nil end
      end
      do
        is_busy = true
        local free <close> = setmetatable({}, { __close = function() is_busy = false end })
        local page
        page, follows = load()
        results, index, number = page[list] or {}, 0, number + 1
      end
      if follows and (max == nil or count + #results < max) then
        ahead = primitives.spawn_quiet(fetch, number)
      end
    end
    return nil
  end

  -- Elements that were looked at and are still to come, how many of them were shown, and how many have passed.
  local looked, front, back = {}, 1, 0
  local shown, passed = 0, 0
  local function iterator()
    local value
    if results and front > back and not is_busy and count ~= max then -- Most elements: the next one of the page.
      value = results[index + 1]
      if value ~= nil then
        index, count, passed = index + 1, count + 1, passed + 1
        return value
      end
    end
    if front > back then
      value = draw()
      if value == nil then return nil end
    else
      value = looked[front]
      looked[front] = nil
      front, shown = front + 1, math.max(shown - 1, 0)
    end
    passed = passed + 1
    return value
  end

  -- One element more than wanted says whether there are more.
  primitives.views[iterator] = function(most, passes)
    while passes and shown > 0 do iterator() end
    while most == nil or back - front < most do
      local value = draw()
      if value == nil then break end
      back = back + 1
      looked[back] = value
    end
    local seen = math.min(back - front + 1, most or math.huge)
    if seen == 0 and passes then error("those were the last rows", 0) end
    shown = math.max(shown, seen)
    local elements = table.move(looked, front, front + seen - 1, 1, primitives.array())
    return setmetatable({ results = elements, more = back - front + 1 > seen, passed = passed }, rows)
  end

  -- A loop that ends early does not wait for the page ahead.
  local cancel = function()
    if ahead then primitives.cancel(ahead) end
  end
  return iterator, nil, nil, setmetatable({ cancel = cancel }, closing)
end

-- Declares bodies[name], which answers one page.
local function pages(name)
  bodies[name] = function(...) return paged(primitives[name](...)) end
end

-- Declares bodies[name], which iterates over the elements of pages.
local function iterator(name, list)
  bodies[name] = function(...)
    local fetch, max = primitives[name](...)
    return each(fetch, max, list or "results")
  end
end
