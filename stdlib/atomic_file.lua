--- Files that appear whole or not at all: written beside their target and renamed over it when complete. Whatever goes
--- wrong before that (a full disk, an error, a stop), the old file stays as it was.
---
--- Example:
---     local file <close> = atomic_file.create("contacts.csv")
---     file:write("email\n")
---     file:commit()
local M = {}

--- The error of a failed write: `message`, and `code`, the system's error number.
M.Error = { __name = "atomic_file.Error" }
M.Error.__tostring = function(failure) return failure.message end

local function fail(path, message, code)
  error(setmetatable({ message = ("cannot write %s: %s"):format(path, message), path = path, code = code }, M.Error), 0)
end

local EACCES <const> = 13

--- The kind of the path: "none", "file", "special" (a device, a pipe, a folder) or "forbidden" (a file that may not
--- be written). Lua itself cannot tell; opening a pipe to find out would disturb its reader.
local function kind_of(path)
  local quoted = "'" .. path:gsub("'", "'\\''") .. "'"
  local test = "[ -e %s ] || exit 10; [ -f %s ] || exit 11; [ -w %s ] || exit 12; exit 13"
  local _, _, status = os.execute((test:gsub("%%s", function() return quoted end)))
  return ({ [11] = "special", [12] = "forbidden", [13] = "file" })[status] or "none"
end

--- @class atomic_file.File
--- @field path string  Where it will be.
local File = {}

--- Begins a file at `path`. Nothing is seen there until `commit`; closing without it (an error, a `<close>` variable)
--- leaves the old file and removes the new one. Devices and pipes are written to directly.
--- Raises atomic_file.Error, which prints, where the folder or the file may not be written.
--- Example:
---     local file <close> = require("atomic_file").create("numbers.txt")
---     file:write("one\n", 2, "\n"):commit()
--- @param path string  Where the file will be.
--- @return atomic_file.File  To be written to; `file:write`, `file:commit`, `file:discard`.
function M.create(path)
  assert(type(path) == "string" and path ~= "", "path: a string that is not empty expected")
  local kind, temporary = kind_of(path), path
  if kind == "forbidden" then fail(path, "Permission denied", EACCES) end
  local special = kind == "special"
  if not special then
    local folder, name = path:match("^(.*/)([^/]*)$")
    folder, name = folder or "", name or path
    -- Lua cannot ask for a file that must not exist yet; an address and a random number make a name of its own.
    local mark = ("%s%08x"):format(tostring({}):match("0x(%x+)") or "", math.random(0, 0xffffffff))
    temporary = ("%s.%s.%s.partial"):format(folder, name, mark)
  end
  local handle, message, code = io.open(temporary, "wb")
  if not handle then fail(path, message:gsub("^.*: ", ""), code) end
  handle:setvbuf("full", 65536)
  local self = { path = path, handle = handle, temporary = not special and temporary or nil }
  return setmetatable(self, { __index = File, __close = File.discard, __name = "atomic_file.File" })
end

--- Writes strings or numbers.
--- Raises atomic_file.Error where that fails, as on a full disk; the new file is gone then.
--- Example:
---     local file <close> = require("atomic_file").create("numbers.txt")
---     file:write("one\n", 2, "\n")
--- @param ... string|number  What is written, one behind the other.
--- @return atomic_file.File  The same file.
function File:write(...)
  local ok, message, code = self.handle:write(...)
  if not ok then
    self:discard()
    fail(self.path, message, code)
  end
  return self
end

--- Puts the file in its place. Everything written has reached the system by then, or the old file is left.
--- Raises atomic_file.Error where that fails.
--- Example:
---     local file <close> = require("atomic_file").create("numbers.txt")
---     file:write("one\n")
---     file:commit()
function File:commit()
  local handle = self.handle
  local ok, message, code = handle:flush()
  if ok then
    self.handle = nil
    ok, message, code = handle:close()
  end
  if ok and self.temporary then ok, message, code = os.rename(self.temporary, self.path) end
  if not ok then
    self:discard()
    fail(self.path, message, code)
  end
  self.temporary = nil
end

--- Gives the file up: the bytes written so far are removed. Does nothing after `commit`.
--- Example:
---     local file = require("atomic_file").create("numbers.txt")
---     file:write("one\n")
---     file:discard()
function File:discard()
  if self.handle then
    self.handle:close()
    self.handle = nil
  end
  if self.temporary then
    os.remove(self.temporary)
    self.temporary = nil
  end
end

return require("known_names").only("atomic_file", M)
