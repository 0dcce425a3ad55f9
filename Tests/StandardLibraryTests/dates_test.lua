local dates = require("dates")

local tests = {}

tests["agrees with os.date over centuries"] = function(t)
  for time = -(1 << 34), 1 << 34, 86400 * 997 + 12345 do
    local f, other = dates.fields(time), os.date("!*t", time)
    t.equal({ f.year, f.month, f.day, f.hour, f.min, f.sec, f.yearday },
      { other.year, other.month, other.day, other.hour, other.min, other.sec, other.yday })
    t.equal(f.weekday, (other.wday + 5) % 7 + 1)
    t.equal(dates.time(f), time)
  end
end

tests["reads what it writes, and other forms of ISO 8601"] = function(t)
  for text, iso in pairs({
    ["2026-11-29"] = "2026-11-29T00:00:00Z", ["2026-11-29T13:05Z"] = "2026-11-29T13:05:00Z",
    ["2026-11-29 13:05:07"] = "2026-11-29T13:05:07Z", ["2026-11-29T13:05:07.250Z"] = "2026-11-29T13:05:07.250Z",
    ["2026-11-29T13:05:00+02:00"] = "2026-11-29T11:05:00Z", ["2026-11-29T23:05:00-0530"] = "2026-11-30T04:35:00Z",
    ["2026-11-29T13:05:00+01"] = "2026-11-29T12:05:00Z", ["1969-12-31T23:59:59Z"] = "1969-12-31T23:59:59Z",
  }) do
    t.equal(dates.iso(dates.parse(text)), iso, text)
  end
end

tests["says what it cannot read"] = function(t)
  for _, text in ipairs({ "", "yesterday", "2026-13-01", "2026-02-29", "2026-11-29T25:00", "2026-11-29T10:00+x" }) do
    local time, problem = dates.parse(text)
    t.equal(time, nil, text)
    t.equal(problem:find(text, 1, true) ~= nil, true)
  end
end

tests["adds months that end on their last day"] = function(t)
  local function added(text, span) return dates.iso(dates.add(dates.parse(text), span), "day") end
  t.equal(added("2024-01-31", { months = 1 }), "2024-02-29")
  t.equal(added("2024-02-29", { years = 1 }), "2025-02-28")
  t.equal(added("2026-03-31", { months = -13 }), "2025-02-28")
  t.equal(added("2026-12-30", { days = 3 }), "2027-01-02")
  t.equal(dates.iso(dates.add(0, { weeks = 1, hours = 1, minutes = 2, seconds = 3.5 })), "1970-01-08T01:02:03.500Z")
  t.raises("'month'", dates.add, 0, { month = 1 })
end

tests["finds where a unit begins"] = function(t)
  local time = dates.parse("2026-11-29T13:05:07.5Z")
  for unit, iso in pairs({
    second = "2026-11-29T13:05:07Z", minute = "2026-11-29T13:05:00Z", hour = "2026-11-29T13:00:00Z",
    day = "2026-11-29T00:00:00Z", week = "2026-11-23T00:00:00Z", month = "2026-11-01T00:00:00Z",
    quarter = "2026-10-01T00:00:00Z", year = "2026-01-01T00:00:00Z",
  }) do
    t.equal(dates.iso(dates.start_of(time, unit)), iso, unit)
  end
  t.raises("unit 'fortnight'", dates.start_of, 0, "fortnight")
end

tests["counts and walks days"] = function(t)
  local list = {}
  for day in dates.days(dates.parse("2024-02-28T23:00Z"), dates.parse("2024-03-01")) do
    list[#list + 1] = dates.iso(day, "day")
  end
  t.equal(list, { "2024-02-28", "2024-02-29", "2024-03-01" })
  t.equal(dates.days_between(dates.parse("2026-01-02T23:00"), dates.parse("2026-01-01T01:00")), -1)
end

return tests
