--- Every module's example is run as it stands in the comment at its head.
local tests = {}

local folder = arg[0]:match("^(.*)/[^/]*$") or "."

--- The lines below `--- Example:` at the head of a module.
local function example(path)
  local lines, is_example = {}, false
  for line in io.lines(path) do
    if line:sub(1, 3) ~= "---" then break end
    if is_example then lines[#lines + 1] = line:match("^%-%-%-     (.*)$") end
    is_example = is_example or line == "--- Example:"
  end
  return table.concat(lines, "\n")
end

local modules = { "csv", "cli", "atomic_file", "log", "dates", "inspect", "utf8_case", "testing", "known_names" }
for _, name in ipairs(modules) do
  tests["of " .. name .. " runs"] = function(t)
    local text = example(folder .. "/../../stdlib/" .. name .. ".lua")
    t.equal(text ~= "", true)
    local directory = os.tmpname()
    os.remove(directory)
    assert(os.execute("mkdir " .. directory))
    t.write(directory .. "/people.csv", "email,name\nada@example.org,Ada\n")
    -- Its files lie in a folder of its own, what it prints is dropped, and it gets the arguments that it asks for.
    local function here(path) return path and directory .. "/" .. path end
    local given = { [0] = "example.lua", "ada" }
    local environment = setmetatable({ print = function() end, arg = given }, { __index = _G })
    environment.csv = setmetatable({ open = function(path, ...) return require("csv").open(here(path), ...) end },
      { __index = require("csv") })
    environment.cli, environment.atomic_file = require("cli"), setmetatable({
      create = function(path, ...) return require("atomic_file").create(here(path), ...) end,
    }, { __index = require("atomic_file") })
    local saved = arg
    _G.arg = given
    local ok, problem = xpcall(assert(load(text, "=example of " .. name, "t", environment)), debug.traceback)
    _G.arg = saved
    os.execute("rm -r " .. directory)
    assert(ok, problem)
  end
end

return tests
