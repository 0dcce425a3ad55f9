-- Runs the tests of stdlib/: `lua5.4 Tests/StandardLibraryTests/run.lua`, or the same with moonspot.
-- Each *_test.lua returns a table of tests: name -> function(t). Prints a line for each failure and one at the end.

local folder = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = folder .. "/../../stdlib/?.lua;" .. folder .. "/?.lua;" .. package.path

--- Lua text for a value, the keys in order: what a failed comparison shows, and how tables are compared.
local function show(value)
  if type(value) == "string" then return ("%q"):format(value) end
  if type(value) ~= "table" then return tostring(value) end
  local parts = {}
  for key, field in pairs(value) do parts[#parts + 1] = "[" .. show(key) .. "]=" .. show(field) end
  table.sort(parts)
  return "{" .. table.concat(parts, ", ") .. "}"
end

local t = {}

--- Fails unless both values are equal, tables by what they hold.
function t.equal(actual, expected, message)
  local a, b = show(actual), show(expected)
  if a ~= b then error(("%sexpected %s, got %s"):format(message and message .. ": " or "", b, a), 2) end
end

--- Fails unless `f(...)` raises an error whose text contains `part`.
function t.raises(part, f, ...)
  local ok, message = pcall(f, ...)
  if ok then error("no error was raised; expected one with: " .. part, 2) end
  if not tostring(message):find(part, 1, true) then
    error(("expected an error with %q, got %q"):format(part, tostring(message)), 2)
  end
end

--- A path in a folder for temporary files; the file is removed when the tests end.
local made = {}
function t.path(name)
  local path = os.tmpname()
  made[#made + 1] = path
  if not name then return path end
  made[#made + 1] = path .. name
  return path .. name
end

function t.write(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  assert(file:close())
end

--- The bytes of a file, or nil where there is none.
function t.read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read("a")
  file:close()
  return text
end

local passed, failed = 0, 0
local suites = {
  "csv", "csv_writer", "cli", "atomic_file", "log", "dates", "inspect", "utf8_case", "testing", "known_names",
  "examples",
}
for _, suite in ipairs(suites) do
  local names, tests = {}, assert(loadfile(("%s/%s_test.lua"):format(folder, suite)))()
  for name in pairs(tests) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    local ok, message = xpcall(tests[name], debug.traceback, t)
    if ok then
      passed = passed + 1
    else
      failed = failed + 1
      print(("not ok: %s %s\n  %s"):format(suite, name, message))
    end
  end
end
for _, path in ipairs(made) do os.remove(path) end
print(("stdlib: %d tests passed, %d failed"):format(passed, failed))
if failed > 0 then os.exit(1) end
