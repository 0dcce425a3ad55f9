-- What require says of a module that is nowhere, to the letter.
print(select(2, pcall(require, "no.such.module")))
print(select(2, pcall(require, "no such\0module")))
print(select(2, pcall(require, 12)))
print(select(2, pcall(require, "\xff")))
print(#package.searchers)
package.preload.here = function(...) return { ... } end
print(table.concat(require("here"), " "), select(2, require("here")))
for index, searcher in ipairs(package.searchers) do print(index, (searcher("no.such.module"))) end
print(package.searchers[1]("here") == package.preload.here, select(2, package.searchers[1]("here")))
package.searchers[1] = nil
print(pcall(require, "again"))
package.searchers = { function(name) return "\n\tnothing about " .. name end, function() end }
print(select(2, pcall(require, "again")))
