-- An account class with inheritance, as in Programming in Lua.
local Account = { balance = 0 } Account.__index = Account
function Account:new(o) o = o or {} setmetatable(o, self) self.__index = self return o end
function Account:deposit(v) self.balance = self.balance + v return self end
function Account:withdraw(v) if v > self.balance then error("insufficient funds", 2) end self.balance = self.balance - v end
local Special = Account:new() function Special:withdraw(v) if v - self.balance >= self:limit() then error("over the limit") end self.balance = self.balance - v end
function Special:limit() return self.max or 0 end
local a, s = Account:new(), Special:new({ max = 1000 })
a:deposit(100) s:deposit(100):deposit(50) print(a.balance, s.balance, pcall(a.withdraw, a, 500)) s:withdraw(500) print(s.balance) print(pcall(s.withdraw, s, 5000)) print(pcall(function() a:withdraw(500) end))
local Set = {} local mt = { __index = Set } function Set.new(l) local s = setmetatable({}, mt) for _, v in ipairs(l) do s[v] = true end return s end
mt.__add = function(x, y) local r = Set.new({}) for k in next, x do r[k] = true end for k in next, y do r[k] = true end return r end
mt.__tostring = function(s) local l = {} for k in next, s do l[#l + 1] = tostring(k) end table.sort(l) return "{" .. table.concat(l, ", ") .. "}" end
mt.__le = function(x, y) for k in next, x do if not y[k] then return false end end return true end mt.__lt = function(x, y) return x <= y and not (y <= x) end
print(tostring(Set.new({ 1, 2 }) + Set.new({ 2, 3 })), Set.new({ 1 }) < Set.new({ 1, 2 }), Set.new({ 1, 2 }) <= Set.new({ 1 }))
local function memoize(f) local cache = setmetatable({}, { __mode = "k" }) return function(x) local r = cache[x] if r == nil then r = f(x) cache[x] = r end return r end end
local fib fib = memoize(function(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end) print(fib(80))
local readonly = setmetatable({}, { __index = { "Sunday" }, __newindex = function(_, k) error("read-only: " .. tostring(k), 2) end }) print(readonly[1], pcall(function() readonly[2] = "x" end))
local list for i = 1, 3 do list = { next = list, value = i } end while list do io.write(list.value, " ") list = list.next end print()
