local cli = require("cli")

local spec = {
  name = "greet.lua",
  summary = "Greets people.",
  options = {
    { "--loud", "-l", help = "in capitals" },
    { "--how-often", value = "N", kind = "integer", default = 1, help = "times\n(at least 1)" },
    { "--names", value = "A,B", kind = "list", help = "names" },
    { "--map", value = "A=B", kind = "pair", many = true, help = "names for names" },
    { "--format", "-f", value = "FORMAT", choices = { "csv", "jsonl" }, help = "csv or jsonl" },
  },
  arguments = { { "FIRST", required = true, help = "the first" }, { "REST", many = true } },
}

local tests = {}

tests["reads switches, values, lists, pairs and arguments"] = function(t)
  t.equal(cli.parse(spec, { "a" }), { how_often = 1, map = {}, FIRST = "a", REST = {} })
  local words = {
    "-l", "a", "--how-often=3", "b", "--map", "x=1", "--map=y=2=3", "-f", "csv", "--names", "p, q,", "c",
  }
  t.equal(cli.parse(spec, words),
    {
      loud = true, how_often = 3, map = { { "x", "1" }, { "y", "2=3" } }, format = "csv", names = { "p", "q" },
      FIRST = "a", REST = { "b", "c" },
    })
  t.equal(cli.parse(spec, { "--", "--loud", "-" }), { how_often = 1, map = {}, FIRST = "--loud", REST = { "-" } })
  t.equal(cli.parse(spec, { "-" }).FIRST, "-")
end

tests["says what is wrong"] = function(t)
  local cases = {
    { {}, "FIRST is missing" },
    { { "a", "--lod" }, "unknown option --lod" },
    { { "a", "--loud=yes" }, "--loud takes no value" },
    { { "a", "--how-often" }, "--how-often needs a value: N" },
    { { "a", "--how-often", "0" }, '--how-often: a whole number of at least 1 expected, got "0"' },
    { { "a", "--how-often=x" }, '--how-often: a whole number of at least 1 expected, got "x"' },
    { { "a", "--format", "xml" }, '--format: one of csv, jsonl expected, got "xml"' },
    { { "a", "--map", "x" }, '--map: NAME=VALUE expected, got "x"' },
    { { "a", "--names", "," }, "--names: a list such as a,b,c expected" },
  }
  for _, case in ipairs(cases) do
    local result, problem = cli.parse(spec, case[1])
    t.equal(result, nil)
    t.equal(problem, case[2])
  end
  local _, problem = cli.parse({ name = "x", summary = "y" }, { "a" })
  t.equal(problem, 'unexpected argument "a"')
end

tests["has values checked by a function"] = function(t)
  local function even(text)
    local number = math.tointeger(tonumber(text))
    if number and number % 2 == 0 then return number end
    return nil, "an even number expected"
  end
  local own = { name = "x", summary = "y", options = { { "--even", value = "N", kind = even, help = "" } } }
  t.equal(cli.parse(own, { "--even", "4" }), { even = 4 })
  local _, problem = cli.parse(own, { "--even", "3" })
  t.equal(problem, "--even: an even number expected")
end

--- Runs a script's body as `cli.main` does. Answers what it printed and its status.
local function main(body)
  local exit, note = cli.exit, cli.note
  local printed, status = {}, 0
  cli.exit = function(with) status = with end
  cli.note = function(text, ...) printed[#printed + 1] = text:format(...) end
  cli.main("x.lua", body)
  cli.exit, cli.note = exit, note
  return table.concat(printed, "\n"), status
end

tests["ends a script by its user's or HubSpot's fault with one line and moonspot's status"] = function(t)
  local metatable = { __tostring = function(failure) return failure.kind .. ": no" end }
  for kind, expected in pairs({
    forbidden = 3, read_only = 3, daily_limit = 4, network = 5, timeout = 5, unavailable = 5, not_found = 1,
  }) do
    t.equal({ main(function() error(setmetatable({ kind = kind }, metatable)) end) },
      { "x.lua: " .. kind .. ": no", expected })
  end
  t.equal({ main(function() cli.raise("%s is missing", "file") end) }, { "x.lua: file is missing", 1 })
  t.equal({ main(function() end) }, { "", 0 })
end

tests["shows where a script itself went wrong"] = function(t)
  local printed, status = main(function() error("a defect") end)
  t.equal(status, 1)
  t.equal(printed:find("a defect\nstack traceback:", 1, true) ~= nil, true)
end

tests["answers a wish for help with neither values nor a problem"] = function(t)
  for _, word in ipairs({ "--help", "-h" }) do
    local result, problem = cli.parse(spec, { "a", word, "--nonsense" })
    t.equal({ result, problem }, {})
  end
end

tests["prints its usage"] = function(t)
  t.equal(cli.usage(spec), [[
usage: greet.lua [options] FIRST [REST...]
Greets people.

  FIRST                the first
  -l, --loud           in capitals
  --how-often N        times
                       (at least 1)
  --names A,B          names
  --map A=B            names for names
  -f, --format FORMAT  csv or jsonl
  -h, --help           this text]])
end

return tests
