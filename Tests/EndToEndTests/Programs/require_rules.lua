local folder = os.tmpname() os.remove(folder) os.execute("mkdir -p " .. folder .. "/sub")
local function write(file, text) local f = assert(io.open(folder .. "/" .. file, "w")) f:write(text) f:close() end
local function clean(...) local t = table.pack(...) for i = 1, t.n do if type(t[i]) == "string" then t[i] = t[i]:gsub(folder, "FOLDER", nil) end end return table.unpack(t, 1, t.n) end
package.path = folder .. "/?.lua;" .. folder .. "/?/init.lua"
package.cpath = folder .. "/?.so"
write("one.lua", "print('loading', (...)) return { name = ... }")
write("sub/init.lua", "return 'sub by init'")
write("sub/two.lua", "return nil")
write("three.lua", "return false")
write("bad.lua", "x = = 1")
write("fails.lua", "error('while loading')")
write("circular.lua", "package.loaded[...] = 'partial' return require('circular')")
write("sets.lua", "package.loaded[...] = { set = true }")
local one, where = require("one") print(one.name, clean(where)) print(require("one") == one, select("#", require("one")))
print(clean(require("sub"))) print(clean(require("sub.two"))) print(clean(require("three"))) print(package.loaded["three"])
print(clean(pcall(require, "bad"))) print(clean(pcall(require, "fails"))) print(package.loaded.fails)
print(clean(require("circular"))) print(require("sets").set)
package.preload.pre = function(...) print("preload", ...) return "preloaded" end
print(require("pre")) print(require("pre"))
table.insert(package.searchers, 2, function(n) if n == "magic" then return function(...) print("magic", ...) return "abracadabra" end, "extra" end return "\n\tno magic for '" .. n .. "'" end)
print(require("magic")) print((clean(select(2, pcall(require, "missing.module")))):gsub("%s+no module '[^']+' in moonspot's library", ""):len() > 50)
print(clean(package.searchpath("sub.two", package.path))) print(clean(package.searchpath("nope", "./?.lua;./?.x"))) print(clean(package.searchpath("a-b", "?.q", "-", "+")))
print(package.config) print(type(package.loaded), package.loaded._G == _G, package.loaded.string == string, package.loaded.coroutine == coroutine)
print(pcall(require)) print(pcall(require, {}))
local path = package.path package.path = nil print(pcall(require, "zzz")) package.path = path
local searchers = package.searchers package.searchers = nil print(pcall(require, "zzz")) package.searchers = searchers
print(clean(package.loadlib(folder .. "/none.so", "f")))
os.execute("rm -r " .. folder)
