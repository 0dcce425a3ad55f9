-- Many tasks that wait at once: the cost of each, in Lua's memory and in the process's, and how long it all takes.
local count = tonumber((...)) or 100000

local function resident()
  local file = assert(io.open("/proc/self/status"))
  local text = file:read("a")
  file:close()
  return tonumber(text:match("VmRSS:%s+(%d+)")) * 1024
end

-- Once with few, so that lazily made parts are there.
for _ = 1, 100 do task.spawn(function() task.sleep(0.01) end) end
task.sleep(0.05)
collectgarbage()
collectgarbage()
local process, lua = resident(), collectgarbage("count") * 1024

local begun = os.clock()
local started, ended = 0, 0
local function work()
  started = started + 1
  task.sleep(5)
  ended = ended + 1
end
local tasks = {}
for i = 1, count do tasks[i] = task.spawn(work) end
task.sleep(0)
while started < count do task.sleep(0.01) end
local spawned = os.clock() - begun
collectgarbage()
local full_process, full_lua = resident() - process, collectgarbage("count") * 1024 - lua
for i = 1, count do
  tasks[i]:await()
  tasks[i] = nil
end
assert(ended == count)
print(count, spawned, os.clock() - begun, full_lua / count, (full_process - full_lua) / count)
