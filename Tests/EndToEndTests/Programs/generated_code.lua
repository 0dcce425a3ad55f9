-- Writes random Lua code, the same for the same seed, loads and runs it, and prints what it comes to: values, errors, tracebacks.
local seed = tonumber((...)) or 1
local function random(n)  -- 1..n; no library function, so that both programs draw the same
  seed = (seed * 6364136223846793005 + 1442695040888963407) & math.maxinteger
  return (seed >> 33) % n + 1
end
local function pick(list) return list[random(#list)] end
local function fill(template, makers)  -- $e an expression, $s statements, ...
  return (template:gsub("%$(%l)", function(kind) return makers[kind]() end))
end

local depth, labels, names = 0, 0, 0
local make = {}
local function at_depth(f)
  return function()
    depth = depth + 1
    local text = f()
    depth = depth - 1
    return text
  end
end

function make.v() return pick({ "a", "b", "c", "d", "t", "o", "f", "g" }) end
function make.n() return pick({
  "0", "1", "-1", "2", "3", "7", "10", "255", "1.5", "-0.5", "0.0", "1e15", "2^53", "math.maxinteger", "math.mininteger", "0x7fffffff",
  "math.pi", "1/0", "-(0/0)", tostring(random(1000)),
}) end
function make.t() return "(" .. pick({
  [['']], [['x']], [['hello world']], [['10']], [['0x1p4']], [['  5  ']], [['1e1']], [["a\0b"]], [['äöü']], [[("ab"):rep(3)]], [['%d+']], [['key']],
  [["\u{7FFFFFFF}"]], "[==[\nlong]]]==]", [['line\n\z
     next']],
}) .. ")" end
function make.o() return pick({
  "+", "-", "*", "/", "//", "%", "^", "&", "|", "~", "<<", ">>", "..", "==", "~=", "<", "<=", ">", ">=", "and", "or",
}) end

local calls = {
  "math.floor($e)", "math.tointeger($e)", "math.type($e)", "math.fmod($e, $e)", "math.ult($e, $e)", "math.abs($e)", "math.max($e, $e)",
  "tostring($n)", "tonumber($e)", "tonumber($t, $n)", "type($e)", "#$e", "-$e", "not $e", "~$e", "select('#', $e, $e)", "select($n, $e, $e, $e)",
  "string.format('%5d|%-8s|%+.3f|%x|%q', $e, $e, $e, $e, $e)", "string.format('%s %10.4s %c %i %g %a', $e, $t, 65, $n, $n, $n)",
  "string.format(pick({'%q', '%5.2s', '%d', '%o', '%%', '%z'}), $e)", "string.rep($t, 3, $t)", "$t:sub($n, $n)", "$t:upper():byte(1, 3)",
  "$t:find($t, 1, $e)", "$t:match('(%w+)%s*(%w*)')", "$t:gsub('%w', { a = '1', x = false })", "$t:gsub('(h)(e)', '%2%1%%')", "$t:gsub('.', f)",
  "string.pack('<i4>I2zs1dn', $e, 513, $t, 'q', $n, $n):byte(1, -1)", "string.unpack('<i2', $t)", "string.packsize('!8i1i8')",
  "table.concat(t, $t)", "table.unpack(t, $n, $n)", "#table.pack($e, $e)", "table.concat(table.move(t, 1, 3, 2, {}), ',')", "table.remove(t, $n)",
  "utf8.char(72, 228, 8364, 0x10FFFF)", "utf8.len($t)", "utf8.codepoint($t, 1, -1)", "utf8.offset($t, $n)", "rawlen(t)", "rawequal(t, $v)",
  "rawget(t, $e)", "next({})", "pcall($v, $e, $e)", "pcall(error, $e)", "pcall(error)", "select(2, xpcall($v, function(m) return type(m) end, $e))",
  "assert($e, $t)", "ipairs(t)", "getmetatable('').__index == string", "load('return ' .. $t)", "load('x = = 1', '=chunk')",
  "load('return a, ...', 'n', 't', { a = 5 })($e)", "load(string.dump(function() return 7 end), 'd', 'b')()", "load('return 1', 'n', 'b')",
  "os.time({ year = 2020, month = 14, day = -3, hour = 12 })", "os.date('!%Y-%m-%d %H:%M:%S', 86400 * 365)", "pcall(os.date, '%Ez')",
  "coroutine.isyieldable()", "coroutine.status(coroutine.create(print))", "select('#', coroutine.wrap(function(...) return ... end)($e, $e))",
  "coroutine.wrap(function(x) local y = coroutine.yield(x) return y end)($e)", "coroutine.resume(coroutine.create($v), $e)",
  "coroutine.close(coroutine.create($v))", "f($e)", "g($e, $e)", "o.x", "o[$e]", "o($e)", "o + $e", "$e .. o", "o == $e", "o < $e", "#o", "-o", "o.y.z",
  "(function(...) local a <const>, b = ... return b, a end)($e, $e)", "t[$e]", "t.key", "({ $e, $e, n = $e }).n", "({ $e, f() })[2]",
  "debug.traceback('t', 1):match('^t')", "math.random(0) and 1", "tostring(nil) .. tostring(true)", "string.len($t) // 2", "3 // $n", "5.5 % $n", "1 << $n",
}
make.e = at_depth(function()
  local kind = random(depth > 4 and 3 or 8)
  if kind == 1 then return make.v() end
  if kind == 2 then return "(" .. make.n() .. ")" end
  if kind == 3 then return "(" .. make.t() .. ")" end
  if kind == 4 then return "(" .. make.e() .. " " .. make.o() .. " " .. make.e() .. ")" end
  return "(" .. fill(pick(calls), make) .. ")"
end)

local statements = {
  "$v = $e", "$v, $v = $e, $e", "t[$e] = $e", "t.key = $e", "o.x = $e", "local a, b = $e", "local k <const> = $e say(k)", "f = function(x, ...) local _ <close> = deeper() $s return x, ... end",
  "g = function(...) local _ <close> = deeper() local n = select('#', ...) if n > 2 then return end $s return f(...) end", "say($e, $e)", "say(pcall(function() $s end))",
  "if $e then $s elseif $e then $s else $s end", "for i = 1, 3 do $s end", "for i = 3, 1, -1 do a = i if $e then break end end", "for i = $n, $n, $n do b = i break end",
  "for i, v in ipairs(t) do a, b = i, v end", "do local i = 0 repeat i = i + 1 local done = i > 2 $s until done end", "do local i = 0 while i < 2 do i = i + 1 $s end end",
  "for v in coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end $s end) do c = v end", "table.insert(t, $e)", "table.sort(t, function(x, y) return tostring(x) < tostring(y) end)",
  "do local x <close> = closing() $s end", "say(pcall(function() local x <close> = closing() $s error($e) end))", "for k in next, {}, nil, closing() do end",
  "say(xpcall(function() $s end, function(m) return type(m) == 'string' and debug.traceback(m, 2):gsub('0x%x+', '') or type(m) end))",
  "say(coroutine.resume(coroutine.create(function(...) $s coroutine.yield($e) $s end)))", "error($e)", "error($t, 0)", "error(o)", "local function f() local _ <close> = deeper() $s return $e end say(f())",
  "o = setmetatable({}, { __index = function(_, k) return k end, __call = function(_, x) local _ <close> = deeper() $s return x end, __add = function(x, y) return 1 end, __len = function() return 9 end, "
    .. "__concat = function(x, y) return 'cat' end, __eq = function() return true end, __lt = function() local _ <close> = deeper() $s return true end, __unm = function() local _ <close> = deeper() return $e end, __name = 'Thing', "
    .. "__close = function(_, m) say('close', m) end, __newindex = function(_, k, v) say('set', k) end })",
  "do local co = coroutine.wrap(function() local x <close> = closing() coroutine.yield(1) $s end) say(co()) say(pcall(co)) end",
  "do local co = coroutine.create(function() local x <close> = closing() coroutine.yield(1) end) coroutine.resume(co) say(coroutine.close(co), coroutine.status(co)) end",
  "do local env = setmetatable({}, { __index = _ENV }) local h = load('x = 1 return x, y', 'env', 't', env) say(h()) end",
}
local function loop_with_goto()
  labels = labels + 1
  local n = labels
  return ("do local i%d = 0 ::top%d:: i%d = i%d + 1 if i%d < 3 then do %s end goto top%d end end"):format(n, n, n, n, n, make.s(), n)
end
make.s = at_depth(function()
  local texts = {}
  for i = 1, random(depth > 3 and 1 or 3) do
    texts[i] = random(12) == 1 and depth < 4 and loop_with_goto() or depth > 5 and "say($e)" or pick(statements)
    texts[i] = fill(texts[i], make)
  end
  return table.concat(texts, "\n")
end)

local function show(value)
  local kind = math.type(value) or type(value)
  if kind == "table" or kind == "function" or kind == "thread" or kind == "userdata" then return kind end
  return (kind == "string" and ("%q"):format(value) or tostring(value)):gsub("0x%x%x%x%x%x+", "ADDRESS")
end
-- Ends recursion early: how deep it gets before the C stack is full is nobody's promise.
local level = 0
local function deeper()
  if level > 12 then error("too deep", 2) end
  level = level + 1
  return setmetatable({}, { __close = function() level = level - 1 end })
end

local lines = 0
local function say(...)
  lines = lines + 1
  if lines > 400 then error("enough", 0) end
  local texts = table.pack(...)
  for i = 1, texts.n do texts[i] = show(texts[i]) end
  print(table.concat(texts, " ", 1, math.min(texts.n, 20)))
end

for number = 1, 40 do
  depth, lines, level = 0, 0, 0
  local text = "local a, b, c, d, t, o, f, g = 1, 'two', nil, 4.5, { 3, 1, 2, key = 'v' }, {}, tostring, math.max\n"
  for _ = 1, 5 do text = text .. "say(pcall(function(...)\n" .. make.s() .. "\nend, 1, 'x'))\n" end
  text = text .. make.s() .. "\nreturn a, b, c, d"
  local env = setmetatable({ say = say, pick = pick, deeper = deeper, closing = function() return setmetatable({}, { __close = function(_, m) say("closing", m) end }) end }, { __index = _G })
  local chunk, problem = load(text, "=code" .. number, "t", env)
  print("-- " .. number, problem)
  if chunk then
    -- What loops for long is ended after so many instructions, the same in both.
    debug.sethook(function() error("too long") end, "", 200000)
    local ended = table.pack(xpcall(chunk, function(m) return m end))
    debug.sethook()
    lines = 0
    say(table.unpack(ended, 1, ended.n))
  end
end
