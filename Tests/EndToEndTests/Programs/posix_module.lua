local posix = require("posix")
print(posix.getpid("pid") > 0, posix.getcwd() ~= nil, posix.access("/", "r"), select(2, posix.access("/none", "r")))
local r, w = posix.pipe()
print(posix.write(w, "through a pipe"), posix.read(r, 100), posix.close(r), posix.close(w))
io.stdout:flush()
local child = posix.fork()
if child == 0 then posix._exit(7) end
print(select(2, posix.wait(child)), select(3, posix.wait(child)) ~= nil, pcall(posix.stat))
