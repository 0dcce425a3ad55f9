-- Random values through the host and back, and through JSON and back. Gets a seed and a number of rounds; returns what went wrong.
local seed, rounds = ...
local function random(n)  -- 1..n
  seed = (seed * 6364136223846793005 + 1442695040888963407) & math.maxinteger
  return (seed >> 33) % n + 1
end

local function pick(list) return list[random(#list)] end

local function text(is_json)
  local parts = {}
  for i = 1, random(6) - 1 do
    parts[i] = pick({ "a", "é", "日", "😀", "\0", "\n", '"', "\\", "/", "\127", "\u{2028}", ("x"):rep(random(300)), is_json and "y" or "\xff\xc3" })
  end
  return table.concat(parts)
end

local function number()
  return pick({
    0, 1, -1, random(1000), -random(1000), math.maxinteger, math.mininteger, 1 << 53, 0.5, -0.25, 1e15, 1e16, 1e-7, 1e300, 5e-324,
    1 / 3, random(1000) / 7, 2.0, -0.0, 123456789.125, 0x1p-1074, 1.7976931348623157e308,
  })
end

local value

local function list(depth, is_json)
  local made = is_json and json.array() or {}
  for i = 1, random(5) - 1 do made[i] = value(depth + 1, is_json) end
  return made
end

local function object(depth, is_json)
  local made = {}
  for _ = 1, random(5) do
    local key = (is_json or random(2) == 1) and text(is_json) or pick({ random(100), -random(9), 1.5, true, false, math.maxinteger, 1e300 })
    made[key] = value(depth + 1, is_json)
  end
  return made
end

function value(depth, is_json)
  local kind = random(depth > 6 and 5 or 9)
  if kind <= 2 then return text(is_json) end
  if kind <= 4 then return number() end
  if kind == 5 then return random(2) == 1 end
  if kind <= 7 then return object(depth, is_json) end
  return list(depth, is_json)
end

-- Whether both are the same: type, subtype, bytes, entries.
local function same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then
    return math.type(a) == math.type(b) and a == b and (a ~= 0 or 1 / a == 1 / b)
  end
  for k, v in next, a do
    if not same(v, rawget(b, k)) then return false end
  end
  for k in next, b do
    if rawget(a, k) == nil then return false end
  end
  return true
end

local wrong = {}
local function check(ok, what, round) if not ok then wrong[#wrong + 1] = what .. " in round " .. round end end

for round = 1, rounds do
  local values = {}
  for i = 1, random(4) do values[i] = value(1, false) end
  local now = table.pack(host.now(table.unpack(values)))
  local later = table.pack(host.echo(table.unpack(values)))
  check(now.n == #values and later.n == #values, "the number of values", round)
  for i = 1, #values do
    check(same(values[i], now[i]), "a value that came at once", round)
    check(same(values[i], later[i]), "a value that came later", round)
  end

  local made = random(2) == 1 and object(1, true) or list(1, true)
  local written = json.encode(made)
  check(same(made, json.decode(written)), "JSON: " .. written, round)
  check(host.encode(made) == written, "JSON as an argument", round)
  check(json.encode(json.decode(written)) == written, "JSON written again", round)
  check(same(made, json.decode(json.encode(made, true))), "JSON over several lines", round)
  check(same(made, host.document(written)), "JSON as an answer", round)

  -- Wrong arguments are refused with an error table, whatever they are.
  local ok, problem = pcall(host.options, value(1, false), value(1, false), value(1, false))
  check(ok or type(problem) == "table" and problem.kind == "invalid_argument" and #tostring(problem) > 0, "a refusal", round)
end
return table.concat(wrong, "; ", 1, math.min(#wrong, 5))
