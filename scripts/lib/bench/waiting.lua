-- Tasks that all wait for one another's request at once: `waiting.lua ID COUNT TURNS`. Prints processor seconds for a task.
local id, count, turns = ...
count, turns = math.tointeger(tonumber(count)), math.tointeger(tonumber(turns))

local function turn()
  local tasks = {}
  for i = 1, count do tasks[i] = task.spawn(function() return hubspot.contacts.get(id).id end) end
  for i = 1, count do assert(tasks[i]:await() == id) end
end

turn()
local begun = os.clock()
for _ = 1, turns do turn() end
print((os.clock() - begun) / turns / count)
