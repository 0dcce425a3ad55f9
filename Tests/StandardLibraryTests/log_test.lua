local log = require("log")

local tests = {}

local function collected(opts)
  local lines = {}
  opts.write = function(line) lines[#lines + 1] = line end
  opts.clock = function() return 0 end
  return log.new(opts), lines
end

tests["writes a time, a level, a message and fields in order"] = function(t)
  local logger, lines = collected({ name = "import" })
  logger.warn("two\nlines", { b = "with space", a = 1, c = "x\ny", d = "" })
  t.equal(lines, { '1970-01-01T00:00:00Z WARN  import: two lines a=1 b="with space" c="x\\ny" d=""' })
end

tests["leaves out what is below its level"] = function(t)
  local logger, lines = collected({ level = "warn" })
  logger.info("no")
  logger.error("yes")
  logger.set_level("trace")
  logger.trace("yes")
  t.equal(#lines, 2)
  t.equal(logger.enabled("debug"), true)
  logger.set_level("off")
  logger.error("no")
  t.equal(#lines, 2)
  t.equal(logger.enabled("error"), false)
end

tests["writes JSON where that is asked for"] = function(t)
  local logger, lines = collected({ format = "json", fields = { run = 7 } })
  logger.info('say "hi"\n', { nan = 0 / 0, ok = true })
  t.equal(lines[1]:match('"message":(%b"")') ~= nil, true)
  t.equal(lines[1]:find('"message":"say \\"hi\\"\\u000a"', 1, true) ~= nil, true)
  t.equal(lines[1]:find('"run":7', 1, true) ~= nil, true)
  t.equal(lines[1]:find('"ok":true', 1, true) ~= nil, true)
  t.equal(lines[1]:find('"nan":"', 1, true) ~= nil, true)
end

tests["hands fields and level on"] = function(t)
  local logger, lines = collected({ level = "warn", fields = { a = 1 } })
  local further = logger.with({ b = 2 })
  further.info("no")
  further.warn("yes")
  t.equal(lines[1]:find("a=1 b=2", 1, true) ~= nil, true)
  t.equal(#lines, 1)
end

tests["refuses a level that there is not"] = function(t)
  t.raises("level 'loud'", log.new, { level = "loud" })
end

return tests
