--- Reckons with times and days, in UTC. A time is a number of seconds since 1970, as `os.time` gives it and as records
--- take it; a day is its midnight.
---
--- Example:
---     local dates = require("dates")
---     local birthday = dates.parse("1815-12-10")
---     assert(dates.iso(birthday, "day") == "1815-12-10")
---     assert(dates.iso(dates.add(dates.parse("2026-01-31"), { months = 1 }), "day") == "2026-02-28")
---     assert(dates.iso(dates.start_of(dates.parse("2026-11-29T13:05:00+02:00"), "week")) == "2026-11-23T00:00:00Z")
---     assert(dates.days_between(dates.parse("2026-01-01"), dates.parse("2026-12-31")) == 364)
local known_names = require("known_names")

local M = {}

local DAY <const> = 86400

--- @class dates.Fields
--- @field year integer       As 2026.
--- @field month integer      1 to 12.
--- @field day integer        1 to 31.
--- @field hour? integer      0 if left out.
--- @field min? integer       0 if left out.
--- @field sec? number        0 if left out.
--- @field weekday? integer   1 is Monday, as ISO 8601 has it. Not read by `time`.
--- @field yearday? integer   1 is the first of January. Not read by `time`.

--- @class dates.Span
--- @field years? integer    How many; none if left out.
--- @field months? integer   How many; none if left out.
--- @field weeks? number     How many; none if left out.
--- @field days? number      How many; none if left out.
--- @field hours? number     How many; none if left out.
--- @field minutes? number   How many; none if left out.
--- @field seconds? number   How many; none if left out.

--- @alias dates.Unit "second"|"minute"|"hour"|"day"|"week"|"month"|"quarter"|"year"

--- The number of a day since 1970, in the Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date
--- algorithms"): years begin in March, so that a leap day is the last of its year.
local function day_number(year, month, day)
  if month <= 2 then year = year - 1 end
  local era = year // 400
  local of_era = year - era * 400
  local of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
  return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468
end

local function from_day_number(number)
  number = number + 719468
  local era = number // 146097
  local of_era = number - era * 146097
  local year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
  local of_year = of_era - (365 * year + year // 4 - year // 100)
  local shifted = (5 * of_year + 2) // 153
  local month = shifted < 10 and shifted + 3 or shifted - 9
  return year + era * 400 + (month <= 2 and 1 or 0), month, of_year - (153 * shifted + 2) // 5 + 1
end

--- Whether February has 29 days.
--- Example:
---     assert(require("dates").is_leap_year(2028))
--- @param year integer  The year.
--- @return boolean
function M.is_leap_year(year) return year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0) end

--- How many days a month has.
--- Example:
---     assert(require("dates").days_in_month(2026, 2) == 28)
--- @param year integer   The year.
--- @param month integer  1 to 12.
--- @return integer  28 to 31.
function M.days_in_month(year, month)
  if month == 2 then return M.is_leap_year(year) and 29 or 28 end
  return (month == 4 or month == 6 or month == 9 or month == 11) and 30 or 31
end

local FIELDS <const> = {
  "year", "month", "day", "hour", "min", "sec", "weekday", "yearday", "wday", "yday", "isdst",
}

local function whole(value, name)
  return math.tointeger(value) or error(("%s: a whole number expected, got %s"):format(name, tostring(value)), 3)
end

--- The time that the fields tell. Months and days beyond their range count on: month 13 is January of the next year.
--- Raises an error where year, month or day is no whole number.
--- Example:
---     local dates = require("dates")
---     assert(dates.iso(dates.time({ year = 2026, month = 13, day = 1 }), "day") == "2027-01-01")
--- @param fields dates.Fields  What calendar and clock say; a table as `os.date("!*t")` makes it, too.
--- @return number  The time, in seconds since 1970.
function M.time(fields)
  known_names.options("dates.time", fields, FIELDS, "fields")
  local year, month = whole(fields.year, "year"), whole(fields.month or 1, "month") - 1
  local days = day_number(year + month // 12, month % 12 + 1, 1) + whole(fields.day or 1, "day") - 1
  return days * DAY + (fields.hour or 0) * 3600 + (fields.min or 0) * 60 + (fields.sec or 0)
end

--- What calendar and clock say at a time, in UTC.
--- Example:
---     assert(require("dates").fields(0).year == 1970)
--- @param time number  Seconds since 1970.
--- @return dates.Fields
function M.fields(time)
  local days = math.tointeger(time // DAY)
  local second = time - days * DAY
  local year, month, day = from_day_number(days)
  return {
    year = year, month = month, day = day, hour = math.tointeger(second // 3600),
    min = math.tointeger(second % 3600 // 60), sec = math.tointeger(second % 60) or second % 60,
    weekday = (days + 3) % 7 + 1, yearday = days - day_number(year, 1, 1) + 1,
  }
end

--- ISO 8601: `2026-11-29T13:05:00Z`, with milliseconds where there are any, or the day alone.
--- Raises an error at another unit than `day`.
--- Example:
---     assert(require("dates").iso(86400, "day") == "1970-01-02")
--- @param time number  Seconds since 1970.
--- @param unit? "day"  The day alone.
--- @return string  As HubSpot takes it.
function M.iso(time, unit)
  if unit ~= nil and unit ~= "day" then error(("unit '%s': day or nothing expected"):format(tostring(unit)), 2) end
  local milliseconds = math.floor(time * 1000 + 0.5)
  local f = M.fields(milliseconds // 1000)
  local day = ("%04d-%02d-%02d"):format(f.year, f.month, f.day)
  if unit == "day" then return day end
  local rest = milliseconds % 1000
  return ("%sT%02d:%02d:%02d%sZ"):format(day, f.hour, f.min, f.sec, rest > 0 and (".%03d"):format(rest) or "")
end

local function offset(text)
  if text == "" or text == "Z" or text == "z" then return 0 end
  local sign, hours, minutes = text:match("^([+-])(%d%d):?(%d%d)$")
  if not sign then sign, hours, minutes = text:match("^([+-])(%d%d)()$") end
  if not sign then return nil end
  local seconds = tonumber(hours) * 3600 + (math.type(minutes) and 0 or tonumber(minutes)) * 60
  return sign == "-" and -seconds or seconds
end

--- Reads a day, or a day and a time, as ISO 8601 writes it. A time without an offset is in UTC, as HubSpot has it.
--- Example:
---     local dates = require("dates")
---     assert(dates.parse("1970-01-02T01:00:00+01:00") == 86400)
---     local time, problem = dates.parse("tomorrow")
---     assert(time == nil and problem:find("is no date such as", 1, true))
--- @param text string      `2026-11-29` or `2026-11-29T13:05:00Z`.
--- @return number? time     Seconds since 1970; nil where the text is no such time.
--- @return string? problem  What is wrong with it.
function M.parse(text)
  local year, month, day, rest = tostring(text):match("^%s*(%d%d%d%d)-(%d%d)-(%d%d)(.-)%s*$")
  local problem = ("'%s' is no date such as 2026-11-29 or 2026-11-29T13:05:00Z"):format(tostring(text))
  if not year then return nil, problem end
  year, month, day = math.tointeger(year), math.tointeger(month), math.tointeger(day)
  if month < 1 or month > 12 or day < 1 or day > M.days_in_month(year, month) then
    return nil, ("'%s': there is no such day"):format(text)
  end
  local time = day_number(year, month, day) * DAY
  if rest == "" then return time end
  local hour, minute, tail = rest:match("^[Tt ](%d%d):(%d%d)(.*)$")
  if not hour then return nil, problem end
  local second, after = tail:match("^:(%d%d%.?%d*)(.*)$")
  if not second then second, after = "0", tail end
  local east = offset(after)
  hour, minute, second = math.tointeger(hour), math.tointeger(minute), tonumber(second)
  if not east or hour > 23 or minute > 59 or second >= 61 then return nil, problem end
  return time + hour * 3600 + minute * 60 + (math.tointeger(second) or second) - east
end

local SPANS <const> = { "years", "months", "weeks", "days", "hours", "minutes", "seconds" }

--- The time so much later, or earlier for negative numbers. Where a month is too short for the day, it is the last one.
--- Raises an error at a unit that is misspelt, and at a fraction of a month or year.
--- Example:
---     local dates = require("dates")
---     assert(dates.iso(dates.add(dates.parse("2026-01-31"), { months = 1 }), "day") == "2026-02-28")
--- @param time number      Seconds since 1970.
--- @param span dates.Span  How much later.
--- @return number  Seconds since 1970.
function M.add(time, span)
  known_names.options("dates.add", span, SPANS, "span")
  if span.years or span.months then
    local f = M.fields(time)
    local month = f.month - 1 + whole(span.months or 0, "months") + 12 * whole(span.years or 0, "years")
    local year = f.year + month // 12
    month = month % 12 + 1
    local day = math.min(f.day, M.days_in_month(year, month))
    time = M.time({ year = year, month = month, day = day, hour = f.hour, min = f.min, sec = f.sec })
  end
  return time + ((span.weeks or 0) * 7 + (span.days or 0)) * DAY + (span.hours or 0) * 3600
    + (span.minutes or 0) * 60 + (span.seconds or 0)
end

local CLOCK <const> = { second = 1, minute = 60, hour = 3600, day = DAY }

--- When the unit began that a time lies in. Weeks begin on Monday.
--- Raises an error at a unit that is misspelt.
--- Example:
---     local dates = require("dates")
---     assert(dates.start_of(dates.parse("2026-11-29"), "month") == dates.parse("2026-11-01"))
--- @param time number      Seconds since 1970.
--- @param unit dates.Unit  second, minute, hour, day, week, month, quarter or year.
--- @return integer  Seconds since 1970.
function M.start_of(time, unit)
  if CLOCK[unit] then return math.tointeger(time // CLOCK[unit] * CLOCK[unit]) end
  local f = M.fields(time)
  if unit == "week" then return math.tointeger((time // DAY - (f.weekday - 1)) * DAY) end
  local month = unit == "year" and 1 or unit == "quarter" and f.month - (f.month - 1) % 3 or f.month
  if unit ~= "year" and unit ~= "quarter" and unit ~= "month" then
    error(("unit '%s': second, minute, hour, day, week, month, quarter or year expected"):format(tostring(unit)), 2)
  end
  return day_number(f.year, month, 1) * DAY
end

--- How many midnights lie between two times; negative where the second is earlier.
--- Example:
---     local dates = require("dates")
---     assert(dates.days_between(dates.parse("2026-01-01"), dates.parse("2026-12-31")) == 364)
--- @param from number  Seconds since 1970.
--- @param to number    Seconds since 1970.
--- @return integer
function M.days_between(from, to) return math.tointeger(to // DAY - from // DAY) end

--- Iterates over the days from one time to another, both included.
--- Example:
---     local dates = require("dates")
---     for day in dates.days(dates.parse("2026-11-29"), dates.parse("2026-12-01")) do print(dates.iso(day, "day")) end
--- @param from number  Seconds since 1970: the first day.
--- @param to number    Seconds since 1970: the last day.
--- @return fun(): integer?  An iterator over the midnights.
function M.days(from, to)
  local day, last = M.start_of(from, "day") - DAY, M.start_of(to, "day")
  return function()
    day = day + DAY
    if day <= last then return day end
  end
end

return known_names.only("dates", M)
