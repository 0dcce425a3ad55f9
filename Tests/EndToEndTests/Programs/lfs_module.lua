local lfs = require("lfs")
print(lfs.attributes("/", "mode"), lfs.attributes("/no/such/file"), type(lfs.currentdir()))
local names = {}
for name in lfs.dir("/") do names[name] = true end
print(names["."], names.etc, pcall(lfs.dir, "/no/such/folder"))
local folder = os.tmpname() os.remove(folder)
print(lfs.mkdir(folder), lfs.attributes(folder).mode, lfs.rmdir(folder))
for name in coroutine.wrap(function() for name in lfs.dir("/") do if name == "etc" then coroutine.yield(name) end end end) do print(name) end
