local lpeg, re = require("lpeg"), require("re")
print(lpeg.version and type(lpeg.version)) local P, R, S, C, Ct, Cc, V = lpeg.P, lpeg.R, lpeg.S, lpeg.C, lpeg.Ct, lpeg.Cc, lpeg.V
local number = C(R("09") ^ 1) / tonumber local space = S(" \t") ^ 0 local function fold(a, op, b) if op == "+" then return a + b elseif op == "-" then return a - b elseif op == "*" then return a * b else return a / b end end
local expr = P({ "E", E = lpeg.Cf(V("T") * lpeg.Cg(space * C(S("+-")) * space * V("T")) ^ 0, fold), T = lpeg.Cf(V("F") * lpeg.Cg(space * C(S("*/")) * space * V("F")) ^ 0, fold), F = number + P("(") * V("E") * P(")") })
print(expr:match("2 + 3 * (4 - 1)")) print(table.concat(Ct((C((1 - P(",")) ^ 1) * P(",") ^ -1) ^ 0):match("a,b,c"), "|")) print(re.match("key = value", "{%w+} %s* '=' %s* {%w+}")) print(re.gsub("hello", "[aeiou]", "*"))
local co = coroutine.wrap(function() print(pcall(lpeg.match, lpeg.Cmt(P(1), function() coroutine.yield() return true end), "x")) return lpeg.match(P("a") / function(x) return x .. "!" end, "a") end) print(co())
print(pcall(lpeg.match, lpeg.P("a") / function() error("in capture", 0) end, "a")) print(pcall(P, print)) print(lpeg.match(-P(1), ""), lpeg.match(P(3), "ab")) print(pcall(P, { V("x") }))
