--- The example of every module and of every public function is run as it stands in its comment.
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

--- The functions of a module that a script may call, each with the comment above it.
local function functions(path)
  local found, comment = {}, {}
  for line in io.lines(path) do
    local name = line:match("^function M[.:]([%w_.:]+)%(") or line:match("^function (%u%w*:[%w_]+)%(")
    if name then found[#found + 1] = { name = name, comment = comment, line = line } end
    if line:sub(1, 3) == "---" then comment[#comment + 1] = line else comment = {} end
  end
  return found
end

--- The lines of Lua in a comment.
local function example_in(comment)
  local lines, is_example = {}, false
  for _, line in ipairs(comment) do
    if is_example then
      local code = line:match("^%-%-%-     (.*)$")
      if not code then break end
      lines[#lines + 1] = code
    end
    is_example = is_example or line == "--- Example:"
  end
  return table.concat(lines, "\n")
end

local stdlib = folder .. "/../../stdlib/"

--- Runs an example in a folder of its own; what it prints is dropped, and it gets the arguments that it asks for.
local function run(t, text, name)
  local directory = os.tmpname()
  os.remove(directory)
  assert(os.execute("mkdir " .. directory))
  t.write(directory .. "/people.csv", "email,name\nada@example.org,Ada\n")
  local function here(path) return path and directory .. "/" .. path end
  local given = { [0] = "example.lua", "ada" }
  local csv = setmetatable({ open = function(path, ...) return require("csv").open(here(path), ...) end },
    { __index = require("csv") })
  local atomic_file = setmetatable({
    create = function(path, ...) return require("atomic_file").create(here(path), ...) end,
  }, { __index = require("atomic_file") })
  local quiet = { write = function() end }
  local log = require("log").new({ write = function() end })
  local own = {
    csv = csv, atomic_file = atomic_file,
    inspect = setmetatable({ print = function(...) return require("inspect").text(...) end }, {
      __index = require("inspect"), __call = function(_, ...) return require("inspect")(...) end,
    }),
    cli = setmetatable({ note = function(...) return string.format(...) end }, { __index = require("cli") }),
    log = setmetatable({ new = require("log").new }, { __index = log }),
  }
  local environment = setmetatable({
    print = function() end, arg = given, opts = { sure = true }, csv = csv, atomic_file = atomic_file, cli = own.cli,
    log = own.log, io = setmetatable({ stderr = quiet }, { __index = io }),
    require = function(module) return own[module] or require(module) end,
  }, { __index = _G })
  local saved = arg
  _G.arg = given
  local ok, problem = xpcall(assert(load(text, "=example of " .. name, "t", environment)), debug.traceback)
  _G.arg = saved
  os.execute("rm -r " .. directory)
  assert(ok, problem)
end

local modules = {
  "csv", "csv_columns", "cli", "atomic_file", "log", "dates", "inspect", "utf8_case", "testing", "known_names",
}
for _, name in ipairs(modules) do
  tests["of " .. name .. " runs"] = function(t)
    local text = example(stdlib .. name .. ".lua")
    t.equal(text ~= "", true)
    run(t, text, name)
  end
end

--- What `csv` hands on is declared in its parts.
local handed_on = { csv_writer = { writer = true }, csv_text = { separator = true } }
for _, name in ipairs({ "csv_writer", "csv_text", table.unpack(modules) }) do
  for _, declared in ipairs(functions(stdlib .. name .. ".lua")) do
    if not handed_on[name] or handed_on[name][declared.name] then
      tests["of " .. name .. "." .. declared.name .. " runs, and its arguments are told"] = function(t)
        local text = example_in(declared.comment)
        t.equal(text ~= "", true, "it has no example")
        run(t, text, name .. "." .. declared.name)
        local comment = table.concat(declared.comment, "\n")
        for argument in declared.line:match("%((.-)%)"):gmatch("[%w_.]+") do
          local pattern = "@param " .. argument:gsub("%.", "%%.") .. "%?? [^\n]-  +[^\n ]"
          t.equal(comment:find(pattern) ~= nil, true, "nothing tells of " .. argument)
        end
      end
    end
  end
end

return tests
