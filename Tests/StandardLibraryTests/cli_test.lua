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
  t.equal(
    cli.parse(spec, { "-l", "a", "--how-often=3", "b", "--map", "x=1", "--map=y=2=3", "-f", "csv", "--names", "p, q,", "c" }),
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
