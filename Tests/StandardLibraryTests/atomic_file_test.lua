local atomic_file = require("atomic_file")

local tests = {}

--- The number of files beside `path` that its temporary name could be.
local function leftovers(path)
  local folder, name = path:match("^(.*/)([^/]*)$")
  local list = assert(io.popen(("ls -A %s | grep -c -F %s"):format(folder, "." .. name .. ".")))
  local count = tonumber(list:read("a"))
  list:close()
  return count
end

tests["appears only when it is complete"] = function(t)
  local path = t.path()
  t.write(path, "old")
  local file = atomic_file.create(path)
  file:write("new", 1, "\n"):write("more")
  t.equal(t.read(path), "old")
  file:commit()
  t.equal(t.read(path), "new1\nmore")
  t.equal(leftovers(path), 0)
  file:discard()
  t.equal(t.read(path), "new1\nmore")
end

tests["leaves the old file where an error comes between"] = function(t)
  local path = t.path()
  t.write(path, "old")
  t.raises("between", function()
    local file <close> = atomic_file.create(path)
    file:write("half")
    error("between")
  end)
  t.equal(t.read(path), "old")
  t.equal(leftovers(path), 0)
end

tests["makes no file where it is given up"] = function(t)
  local path = t.path(".new")
  local file = atomic_file.create(path)
  file:write("half")
  file:discard()
  file:discard()
  t.equal(t.read(path), nil)
end

tests["names the target where the disk is full, and the folder missing"] = function(t)
  local full = atomic_file.create("/dev/full")
  full:write("x")
  t.raises("cannot write /dev/full: No space left on device", full.commit, full)
  full = atomic_file.create("/dev/full")
  t.raises("cannot write /dev/full: No space left on device", full.write, full, ("x"):rep(200000))
  t.raises("No such file or directory", atomic_file.create, "/nonexistent/folder/file")
  t.raises("Is a directory", atomic_file.create, "/tmp")
end

tests["writes to devices and pipes instead of replacing them"] = function(t)
  local file = atomic_file.create("/dev/null")
  t.equal(file.temporary, nil)
  file:write("x")
  file:commit()
  local pipe = t.path(".pipe")
  assert(os.execute("mkfifo " .. pipe))
  local answer = t.path()
  local reader = assert(io.popen(("cat %s > %s"):format(pipe, answer), "w"))
  file = atomic_file.create(pipe)
  t.equal(file.temporary, nil)
  file:write("through")
  file:commit()
  reader:close()
  t.equal(t.read(answer), "through")
end

return tests
