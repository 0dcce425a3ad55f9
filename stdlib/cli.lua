--- Reads a script's options, prints its usage, and ends it with the status that moonspot's own commands use.
---
--- Example:
---     local opts = cli.start({
---       name = "greet.lua",
---       summary = "Greets people.",
---       options = { { "--loud", help = "in capitals" }, { "--times", value = "N", kind = "integer", default = 1 } },
---       arguments = { { "NAME", many = true, required = true } },
---     })
---     for _, name in ipairs(opts.NAME) do print(opts.loud and name:upper() or name) end
local known_names = require("known_names")

local M = {}

--- Statuses of the process, as moonspot's own: a script that failed, wrong usage, not authenticated or not allowed, the
--- day's quota used up, HubSpot out of reach.
M.FAILED = 1
M.USAGE = 2
M.DENIED = 3
M.QUOTA = 4
M.UNREACHABLE = 5

--- The exit status of each kind of HubSpot's errors, where it is not `FAILED`.
local STATUS <const> = {
  unauthenticated = M.DENIED, forbidden = M.DENIED, read_only = M.DENIED, not_allowed = M.DENIED,
  not_confirmed = M.DENIED, daily_limit = M.QUOTA, network = M.UNREACHABLE, timeout = M.UNREACHABLE,
  unavailable = M.UNREACHABLE,
}

--- @class cli.Option
--- @field [1] string       `--name`; its value is found under `name`, dashes as underscores.
--- @field [2]? string      A short form, `-o`.
--- @field value? string    The placeholder of the value in the usage text; an option without it is a switch.
--- @field kind? "string"|"integer"|"list"|"pair"|fun(text: string): any, string?   list: `a,b,c`; pair: `KEY=VALUE`,
---                         given as `{ key, value }`; a function answers the value, or nil and its fault.
--- @field choices? string[]  The values that it takes.
--- @field default? any     Its value where it is not given.
--- @field many? boolean    May be given several times; its value is a list.
--- @field help string      What it does, for the usage text.

--- @class cli.Argument
--- @field [1] string       Its name in the usage text, and the field in the result.
--- @field required? boolean  Whether it must be given.
--- @field many? boolean    Takes the rest; its value is a list.
--- @field kind? "string"|"pair"|fun(text: string): any, string?  As an option's.
--- @field help? string     What it is, for the usage text.

--- @class cli.Spec
--- @field name string      The script's.
--- @field summary string   What it does, in one sentence.
--- @field options? cli.Option[]  Words that begin with dashes.
--- @field arguments? cli.Argument[]  The other words, in order.
--- @field notes? string    Printed below the options.

local function field_of(option)
  return (option[1]:gsub("^%-+", ""):gsub("%-", "_"))
end

--- The value of an option or argument from its text, or nil and its fault.
local function convert(spec, text)
  local kind = spec.kind or "string"
  if type(kind) == "function" then return kind(text) end
  if spec.choices then
    for _, choice in ipairs(spec.choices) do
      if choice == text then return text end
    end
    return nil, ("one of %s expected, got %q"):format(table.concat(spec.choices, ", "), text)
  elseif kind == "integer" then
    local number = math.tointeger(tonumber(text))
    if not number or number < 1 then return nil, ("a whole number of at least 1 expected, got %q"):format(text) end
    return number
  elseif kind == "list" then
    local list = {}
    for part in text:gmatch("[^,]+") do
      part = part:match("^%s*(.-)%s*$")
      if part ~= "" then list[#list + 1] = part end
    end
    if #list == 0 then return nil, "a list such as a,b,c expected" end
    return list
  elseif kind == "pair" then
    local key, value = text:match("^([^=]+)=(.*)$")
    if not key then return nil, ("NAME=VALUE expected, got %q"):format(text) end
    return { key, value }
  end
  return text
end

--- Refuses what is misspelt in what a script says that it takes.
local function check(f, spec)
  known_names.options(f, spec, { "name", "summary", "options", "arguments", "notes" }, "spec", 2)
  for i, option in ipairs(spec.options or {}) do
    known_names.options(f, option, { 1, 2, "value", "kind", "choices", "default", "many", "help" },
      ("spec.options[%d]"):format(i), 2)
  end
  for i, argument in ipairs(spec.arguments or {}) do
    known_names.options(f, argument, { 1, "required", "many", "kind", "choices", "help" },
      ("spec.arguments[%d]"):format(i), 2)
  end
end

--- The usage text.
--- Example:
---     print(cli.usage({ name = "greet.lua", summary = "Greets.", options = { { "--loud", help = "in capitals" } } }))
--- @param spec cli.Spec  What the script takes.
--- @return string
function M.usage(spec)
  local line = { "usage: " .. spec.name }
  if spec.options and #spec.options > 0 then line[#line + 1] = "[options]" end
  for _, argument in ipairs(spec.arguments or {}) do
    local text = argument[1] .. (argument.many and "..." or "")
    line[#line + 1] = argument.required and text or "[" .. text .. "]"
  end
  local lines = { table.concat(line, " "), spec.summary, "" }
  local rows, width = {}, 0
  local function row(left, right)
    rows[#rows + 1] = { left, right }
    width = math.max(width, #left)
  end
  for _, argument in ipairs(spec.arguments or {}) do
    if argument.help then row(argument[1], argument.help) end
  end
  for _, option in ipairs(spec.options or {}) do
    local left = (option[2] and option[2] .. ", " or "") .. option[1] .. (option.value and " " .. option.value or "")
    row(left, option.help)
  end
  row("-h, --help", "this text")
  for _, pair in ipairs(rows) do
    -- Help of several lines goes on below its beginning.
    lines[#lines + 1] = ("  %-" .. width .. "s  %s"):format(pair[1], (pair[2]:gsub("\n", "\n" .. (" "):rep(width + 4))))
  end
  if spec.notes then
    lines[#lines + 1] = ""
    lines[#lines + 1] = spec.notes
  end
  return table.concat(lines, "\n")
end

--- Reads a list of words. Returns the values by name, or nil and the fault, or nil alone where help was asked for.
--- Raises an error at a field of `spec` that is misspelt.
--- Example:
---     local spec = { name = "greet.lua", summary = "Greets.", options = { { "--loud", help = "in capitals" } } }
---     assert(cli.parse(spec, { "--loud" }).loud == true)
---     local values, problem = cli.parse(spec, { "--lout" })
---     assert(values == nil and problem == "unknown option --lout")
--- @param spec cli.Spec   What the script takes.
--- @param words string[]  What it was given.
--- @return table<string, any>? values  Under the options' and arguments' names.
--- @return string? problem  What is wrong with the words.
function M.parse(spec, words)
  check("cli.parse", spec)
  local by_name, result, extra = {}, {}, {}
  for _, option in ipairs(spec.options or {}) do
    by_name[option[1]] = option
    if option[2] then by_name[option[2]] = option end
    if option.many then result[field_of(option)] = {} end
  end

  local position, only_arguments = 1, false
  while position <= #words do
    local word = words[position]
    position = position + 1
    if only_arguments or word == "-" or word:sub(1, 1) ~= "-" then
      extra[#extra + 1] = word
    elseif word == "--" then
      only_arguments = true
    elseif word == "--help" or word == "-h" then
      return nil
    else
      local name, text = word:match("^(%-%-[^=]+)=(.*)$")
      local option = by_name[name or word]
      if not option then return nil, "unknown option " .. (name or word) end
      local field = field_of(option)
      if not option.value then
        if text then return nil, option[1] .. " takes no value" end
        result[field] = true
      else
        if not text then
          text = words[position]
          position = position + 1
          if not text then return nil, ("%s needs a value: %s"):format(option[1], option.value) end
        end
        local value, problem = convert(option, text)
        if value == nil then return nil, ("%s: %s"):format(option[1], problem) end
        if option.many then
          table.insert(result[field], value)
        else
          result[field] = value
        end
      end
    end
  end
  for _, option in ipairs(spec.options or {}) do
    local field = field_of(option)
    if result[field] == nil then result[field] = option.default end
  end

  local taken = 0
  for _, argument in ipairs(spec.arguments or {}) do
    local name, last = argument[1], argument.many and #extra or taken + 1
    if argument.many then result[name] = {} end
    if argument.required and taken >= #extra then return nil, name .. " is missing" end
    for index = taken + 1, math.min(last, #extra) do
      local value, problem = convert(argument, extra[index])
      if value == nil then return nil, ("%s: %s"):format(name, problem) end
      if argument.many then
        table.insert(result[name], value)
      else
        result[name] = value
      end
    end
    taken = math.max(taken, last)
  end
  if taken < #extra then return nil, ("unexpected argument %q"):format(extra[taken + 1]) end
  return result
end

--- Ends the process with a status, everything printed before having been written.
--- Example:
---     if not opts.sure then cli.exit(cli.USAGE) end
--- @param status integer  0, or one of `cli.FAILED`, `USAGE`, `DENIED`, `QUOTA`, `UNREACHABLE`.
function M.exit(status)
  io.stdout:flush()
  io.stderr:flush()
  os.exit(status)
end

--- Prints one line to standard error.
--- Example:
---     cli.note("%d rows read", 7)
--- @param text string  The line.
--- @param ... any  For `string.format`.
function M.note(text, ...)
  io.stderr:write(select("#", ...) > 0 and text:format(...) or text, "\n")
end

--- Ends the script with a message on standard error.
--- Example:
---     if not opts.sure then cli.fail(cli.USAGE, "greet.lua: %s", "say --sure") end
--- @param status integer  As `cli.exit` takes it.
--- @param text string     The message.
--- @param ... any  For `string.format`.
function M.fail(status, text, ...)
  M.note(text, ...)
  M.exit(status)
end

--- Ends the script's body with an error that is the user's to mend: `M.main` shows its text alone, and closes open
--- files on the way.
--- Raises cli.Error, always.
--- Example:
---     local ok, problem = pcall(cli.raise, "row %d has no email", 7)
---     assert(not ok and tostring(problem) == "row 7 has no email")
--- @param text string  The message.
--- @param ... any  For `string.format`.
function M.raise(text, ...)
  local message = select("#", ...) > 0 and text:format(...) or text
  error(setmetatable({ message = message }, M.Error), 0)
end
M.Error = { __name = "cli.Error", __tostring = function(failure) return failure.message end }

--- Runs the body of a script. An error that is the user's or HubSpot's (a table that prints) ends it with one line on
--- standard error and moonspot's status for it; one of the script itself (a string) with its traceback.
--- Example:
---     cli.main("greet.lua", function() print("Hello") end)
--- @param name string  The script's.
--- @param body fun()   What it does.
function M.main(name, body)
  local ok, failure = xpcall(body, function(failure)
    local metatable = getmetatable(failure)
    if type(metatable) == "table" and metatable.__tostring then return failure end
    return debug and debug.traceback(tostring(failure), 2) or tostring(failure)
  end)
  if ok then return end
  local text = tostring(failure)
  if type(failure) == "table" then text = text:gsub("^[^\n:]+%.lua:%d+: ", "") end -- Where it was called is no news.
  M.fail(type(failure) == "table" and STATUS[failure.kind] or M.FAILED, "%s: %s", name, text)
end

--- Reads the script's arguments (`arg`): answers `--help` and wrong usage itself, and ends the script then.
--- Raises an error at a field of `spec` that is misspelt.
--- Example:
---     local opts = cli.start({ name = "greet.lua", summary = "Greets.", arguments = { { "NAME", required = true } } })
---     print("Hello " .. opts.NAME)
--- @param spec cli.Spec     What the script takes.
--- @param words? string[]   What it was given; `arg` if left out.
--- @return table<string, any>  Under the options' and arguments' names.
function M.start(spec, words)
  check("cli.start", spec)
  local result, problem = M.parse(spec, words or arg or {})
  if result then return result end
  if problem then
    M.fail(M.USAGE, "%s: %s\n%s", spec.name, problem, M.usage(spec):match("^[^\n]*") .. "   (--help says more)")
  end
  io.stdout:write(M.usage(spec), "\n")
  M.exit(0)
  return {}
end

return known_names.only("cli", M)
