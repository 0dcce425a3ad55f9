local testing = require("testing")

local tests = {}

local source = [[
local order = {}
test("plain", function(t) t.equal(1, 1) end)
describe("a group", function()
  before_each(function() order[#order + 1] = "before" end)
  after_each(function() order[#order + 1] = "after" end)
  it("runs what is around it", function(t) t:equal(order, { "before" }) end)
  it("fails", function() expect(1).to_equal(2) end)
  it("is skipped", function(t) t.skip("not yet") end)
  it("breaks", function() local x = nil; return x.y end)
end)
]]

tests["collects names and runs one of them"] = function(t)
  t.equal(testing.run(source, "@x_test.lua", 0), {
    "plain", "a group runs what is around it", "a group fails", "a group is skipped", "a group breaks",
  })
  t.equal(testing.run(source, "@x_test.lua", 1), "passed")
  t.equal(testing.run(source, "@x_test.lua", 2), "passed")
  local outcome, message = testing.run(source, "@x_test.lua", 3)
  t.equal({ outcome, message }, { "failed", "x_test.lua:7: expected 1 to equal 2" })
  t.equal({ testing.run(source, "@x_test.lua", 4) }, { "skipped", "not yet" })
  local _, problem, traceback = testing.run(source, "@x_test.lua", 5)
  t.equal(problem:find("x_test.lua:9: attempt to index a nil value", 1, true), 1)
  t.equal(traceback:find("x_test.lua:9", 1, true) ~= nil, true)
end

tests["tells a file that does not load"] = function(t)
  local outcome, message = testing.run("local x = = 1", "@x_test.lua", 0)
  t.equal(outcome, "failed")
  t.equal(message:find("x_test.lua:1: unexpected symbol near '='", 1, true) ~= nil, true)
end

tests["compares tables by what they hold"] = function(t)
  local a = testing.assertions()
  local x, y = { 1 }, { 1 }
  x.self, y.self = x, y
  a.equal(x, y)
  a.not_equal({ 1, 2 }, { 1 })
  t.raises('expected { 1 }, got { 1, b = 2 }', function() a.equal({ 1, b = 2 }, { 1 }) end)
  t.raises("shoes: expected", function() a.truthy(nil, "shoes") end)
end

tests["looks for an error by kind, by text and by fields"] = function(t)
  local a = testing.assertions()
  local function f() error({ kind = "conflict", status = 409 }) end
  t.equal(a.raises(f, "conflict").status, 409)
  a.raises(f, { status = 409 })
  a.raises("conflict", f)
  a.raises(function() error("it rains") end, "rain")
  t.raises("none was raised", function() a.raises(function() end) end)
  t.raises("expected the error", function() a.raises(f, "not_found") end)
  testing.expect(f).to_raise("conflict")
  testing.expect(f).never.to_raise("not_found")
end

tests["expects in the words of several frameworks"] = function(t)
  local expect = testing.expect
  expect({ 1, 2 }):to_contain(2)
  expect("abc").toMatch("^a")
  expect(3).to.equal(3)
  expect(3).to_not.equal(4)
  expect({}).to_have_length(0)
  t.raises("did not expect 1 to equal 1", function() expect(1).never.to_equal(1) end)
  t.raises("expected nil to be true", function() expect(nil).to_be_true() end)
end

return tests
