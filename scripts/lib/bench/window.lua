-- Calls one after the other in a window that holds many places already: `window.lua ID PLACES COUNT`. Prints processor
-- seconds for a call.
local id, places, count = ...
places, count = math.tointeger(tonumber(places)), math.tointeger(tonumber(count))

local taken = 0
task.each(function()
  taken = taken + 1
  return taken <= places and taken or nil
end, function() hubspot.contacts.get(id) end)
local begun = os.clock()
for _ = 1, count do hubspot.contacts.get(id) end
print((os.clock() - begun) / count)
