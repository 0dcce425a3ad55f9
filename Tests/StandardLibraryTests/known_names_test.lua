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
