--- Writes log lines to standard error: a time, a level, a message, and fields by name.
---
--- Example:
---     local log = require("log")
---     local lines = {}
---     local import = log.new({ name = "import", level = "info", write = function(line) lines[#lines + 1] = line end })
---     import.debug("not written")
---     import.info("row read", { row = 2, email = "ada@example.org" })
---     import.with({ run = 7 }).warn("no email")
---     assert(lines[1]:find("INFO  import: row read email=ada@example.org row=2", 1, true))
---     assert(lines[2]:find("WARN  import: no email run=7", 1, true))
local known_names = require("known_names")

local M = {}

local LEVELS <const> = { trace = 1, debug = 2, info = 3, warn = 4, error = 5, off = 6 }
local NAMES <const> = { "trace", "debug", "info", "warn", "error" }

--- @alias log.Level "trace"|"debug"|"info"|"warn"|"error"|"off"

--- @class log.Opts
--- @field name? string               Stands before each message.
--- @field level? log.Level           The least that is written: "info" by default, or what `MOONSPOT_LOG` says.
--- @field format? "text"|"json"      "text" by default; "json" writes an object a line.
--- @field fields? table<string, any>  Go with every line.
--- @field write? fun(line: string)   Where lines go, without their newline; standard error by default.
--- @field clock? fun(): integer      The time, in seconds since 1970; `os.time` by default.

--- @class log.Logger
--- @field trace fun(message: string, fields?: table<string, any>)  Writes a line of that level.
--- @field debug fun(message: string, fields?: table<string, any>)  Writes a line of that level.
--- @field info fun(message: string, fields?: table<string, any>)  Writes a line of that level.
--- @field warn fun(message: string, fields?: table<string, any>)  Writes a line of that level.
--- @field error fun(message: string, fields?: table<string, any>)  Writes a line of that level.
--- @field enabled fun(level: log.Level): boolean         Whether a line of that level would be written.
--- @field with fun(fields: table<string, any>): log.Logger   The same with further fields.
--- @field set_level fun(level: log.Level)               From now on lines of this level and above are written.

local function rank(level)
  return LEVELS[level] or error(("level '%s': one of trace, debug, info, warn, error, off expected")
    :format(tostring(level)), 3)
end

--- A line has no room for control characters, and what holds spaces is quoted.
local function quoted(value)
  local text = tostring(value)
  if text ~= "" and not text:find("[%s%c\"=]") then return text end
  return '"' .. text:gsub('[%c"\\]', function(c)
    return c == "\n" and "\\n" or c == "\t" and "\\t" or (c == '"' or c == "\\") and "\\" .. c
      or ("\\x%02x"):format(c:byte())
  end) .. '"'
end

local function sorted(fields)
  local keys = {}
  for key in pairs(fields) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  return keys
end

local function text_line(at, level, name, message, fields)
  local parts = { os.date("!%Y-%m-%dT%H:%M:%SZ", at), ("%-5s"):format(level:upper()) }
  parts[#parts + 1] = (name and name .. ": " or "") .. message:gsub("%c", " ")
  for _, key in ipairs(sorted(fields)) do parts[#parts + 1] = tostring(key) .. "=" .. quoted(fields[key]) end
  return table.concat(parts, " ")
end

local function json_text(value)
  if type(value) == "number" and value == value and math.abs(value) ~= math.huge or type(value) == "boolean" then
    return tostring(value)
  end
  return '"' .. tostring(value):gsub('[%c"\\]', function(c)
    return (c == '"' or c == "\\") and "\\" .. c or ("\\u%04x"):format(c:byte())
  end) .. '"'
end

local function json_line(at, level, name, message, fields)
  local parts = {
    '"time":' .. json_text(os.date("!%Y-%m-%dT%H:%M:%SZ", at)), '"level":' .. json_text(level),
    '"message":' .. json_text(message),
  }
  if name then parts[#parts + 1] = '"logger":' .. json_text(name) end
  for _, key in ipairs(sorted(fields)) do
    parts[#parts + 1] = json_text(tostring(key)) .. ":" .. json_text(fields[key])
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

local function merged(first, second)
  local all = {}
  for key, value in pairs(first or {}) do all[key] = value end
  for key, value in pairs(second or {}) do all[key] = value end
  return all
end

--- Makes a logger. Its functions take a message and fields; fields come sorted by name.
--- Raises an error at a level or a format that is misspelt.
--- Example:
---     local lines = {}
---     local import = log.new({ name = "import", write = function(line) lines[#lines + 1] = line end })
---     import.info("row read", { row = 2 })
---     assert(lines[1]:find("INFO  import: row read row=2", 1, true))
--- @param opts? log.Opts  What it writes, and where.
--- @return log.Logger
function M.new(opts)
  known_names.options("log.new", opts, { "name", "level", "format", "fields", "write", "clock" })
  opts = opts or {}
  local getenv = os.getenv or function() return nil end -- an untrusted script has none
  local from_environment = getenv("MOONSPOT_LOG")
  local least = rank(opts.level or LEVELS[from_environment] and from_environment or "info")
  local line = opts.format == "json" and json_line or text_line
  assert(opts.format == nil or opts.format == "text" or opts.format == "json", 'format: "text" or "json" expected')
  local write = opts.write or function(text) io.stderr:write(text, "\n") end
  local clock = opts.clock or os.time
  local logger = {}
  for _, level in ipairs(NAMES) do
    logger[level] = function(message, fields)
      if fields ~= nil and type(fields) ~= "table" then error("fields: a table expected, got " .. type(fields), 2) end
      if LEVELS[level] < least then return end
      write(line(clock(), level, opts.name, tostring(message), merged(opts.fields, fields)))
    end
  end
  function logger.enabled(level) return rank(level) >= least and level ~= "off" end
  function logger.set_level(level) least = rank(level) end
  function logger.with(fields)
    local further = merged(opts)
    further.fields = merged(opts.fields, fields)
    further.level = NAMES[least] or "off"
    return M.new(further)
  end
  return logger
end

local default = M.new()
--- Writes a line that only who looks for a fault wants to see. Fields come sorted by name.
--- Raises an error where the fields are no table.
--- Example:
---     require("log").trace("row read", { row = 2, email = "ada@example.org" })
--- @param message string                What happened.
--- @param fields? table<string, any>    What goes with it, by name.
function M.trace(message, fields) return default.trace(message, fields) end

--- Writes a line for who develops the script. Fields come sorted by name.
--- Raises an error where the fields are no table.
--- Example:
---     require("log").debug("row read", { row = 2, email = "ada@example.org" })
--- @param message string                What happened.
--- @param fields? table<string, any>    What goes with it, by name.
function M.debug(message, fields) return default.debug(message, fields) end

--- Writes a line that says what goes on. Fields come sorted by name.
--- Raises an error where the fields are no table.
--- Example:
---     require("log").info("row read", { row = 2, email = "ada@example.org" })
--- @param message string                What happened.
--- @param fields? table<string, any>    What goes with it, by name.
function M.info(message, fields) return default.info(message, fields) end

--- Writes a line about what may be wrong. Fields come sorted by name.
--- Raises an error where the fields are no table.
--- Example:
---     require("log").warn("row read", { row = 2, email = "ada@example.org" })
--- @param message string                What happened.
--- @param fields? table<string, any>    What goes with it, by name.
function M.warn(message, fields) return default.warn(message, fields) end

--- Writes a line about what went wrong. Fields come sorted by name.
--- Raises an error where the fields are no table.
--- Example:
---     require("log").error("row read", { row = 2, email = "ada@example.org" })
--- @param message string                What happened.
--- @param fields? table<string, any>    What goes with it, by name.
function M.error(message, fields) return default.error(message, fields) end

--- Whether a line of that level would be written.
--- Raises an error at a level that is misspelt.
--- Example:
---     local log = require("log")
---     if log.enabled("debug") then log.debug("the whole page", { size = 100 }) end
--- @param level log.Level  trace, debug, info, warn, error or off.
--- @return boolean
function M.enabled(level) return default.enabled(level) end

--- From now on lines of this level and above are written by the module's own functions.
--- Raises an error at a level that is misspelt.
--- Example:
---     require("log").set_level("info")
--- @param level log.Level  trace, debug, info, warn, error or off.
function M.set_level(level) return default.set_level(level) end

--- A logger whose lines have further fields.
--- Example:
---     require("log").with({ run = 7 }).info("begun")
--- @param fields table<string, any>  What goes with every line, by name.
--- @return log.Logger
function M.with(fields) return default.with(fields) end

return known_names.only("log", M)
