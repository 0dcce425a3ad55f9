--- A misspelt name of a module is told where it is read.
local known_names = require("known_names")

local tests = {}

tests["every module tells the nearest of its names"] = function(t)
  for name, misspelt in pairs({
    csv = "raed", cli = "strat", atomic_file = "craete", dates = "parze", log = "inof", utf8_case = "fould",
    inspect = "tetx", testing = "runn",
  }) do
    local module = require(name)
    local ok, problem = pcall(function() return module[misspelt] end)
    t.equal(ok, false, name)
    local nearest = problem:match("'" .. name .. "' has no '" .. misspelt .. "'; did you mean '([%w_]+)'%?$")
    t.equal(rawget(module, nearest or "") ~= nil, true, problem)
  end
end

tests["a name that is near to none is told what there is"] = function(t)
  t.raises("'dates' has no 'wombat'; it has add, days", function() return require("dates").wombat end)
end

tests["the error stands at the line that reads"] = function(t)
  local _, problem = pcall(assert(load("local csv = ...\ncsv.raed('x')", "=script")), require("csv"))
  t.equal(problem:match("^script:2: ") ~= nil, true, problem)
end

tests["an option that is misspelt is told, at the line that calls"] = function(t)
  for call, hint in pairs({
    ["csv.read('a', { headr = true })"] = "'opts' to 'csv.read' (unknown option 'headr'; did you mean 'header'?)",
    ["csv.open('/nowhere', { seperator = ';' })"] = "'csv.open' (unknown option 'seperator'; did you mean 'separator'?",
    ["csv.writer(print, { newlin = ';' })"] = "'csv.writer' (unknown option 'newlin'; did you mean 'newline'?)",
    ["log.new({ nme = 'x' })"] = "'log.new' (unknown option 'nme'; did you mean 'name'?)",
    ["inspect({}, { dept = 1 })"] = "'inspect' (unknown option 'dept'; did you mean 'depth'?)",
    ["inspect.text({}, { dept = 1 })"] = "'inspect' (unknown option 'dept'; did you mean 'depth'?)",
    ["dates.add(0, { month = 1 })"] = "'span' to 'dates.add' (unknown option 'month'; did you mean 'months'?)",
    ["dates.time({ year = 2026, mnth = 1 })"] = "to 'dates.time' (unknown option 'mnth'; did you mean 'month'?)",
    ["cli.parse({ name = 'x', sumary = '' }, {})"] = "'spec' to 'cli.parse' (unknown option 'sumary'; did you mean",
    ["cli.parse({ options = { { '--x', defualt = 1 } } }, {})"] = "'spec.options[1]' to 'cli.parse' (unknown option",
    ["cli.start({ arguments = { { 'X', requird = true } } }, {})"] = "did you mean 'required'?",
  }) do
    local text = "local csv, log, inspect, dates, cli = ...\n" .. call
    local ok, problem = pcall(assert(load(text, "=script")), require("csv"), require("log"), require("inspect"),
      require("dates"), require("cli"))
    t.equal(ok, false, call)
    t.equal(problem:find(hint, 1, true) ~= nil, true, problem)
    t.equal(problem:match("^script:2: ") ~= nil, true, problem)
  end
  t.raises("bad argument 'opts' to 'csv.read' (table expected, got boolean)", require("csv").read, "a", true)
end

tests["a metatable that a module has stays"] = function(t)
  t.equal(require("inspect")({ 1 }), require("inspect").text({ 1 }))
end

tests["case, dashes and a swap count little"] = function(t)
  local names = { "set_level", "enabled", "new" }
  t.equal(known_names.nearest("SetLevel", names), "set_level")
  t.equal(known_names.nearest("nwe", names), "new")
  t.equal(known_names.nearest("wombat", names), nil)
end

return tests
