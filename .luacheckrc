-- How luacheck reads the Lua files; scripts/test and scripts/format run it over all of them.
std = "lua54"
max_line_length = 120
read_globals = { "hubspot", "task", "json", "moonspot", "show", "help" }
exclude_files = { "**/Programs/syntax_error.lua" } -- Lua cannot read it either: that is its purpose.

-- Lua halves of modules. paging.lua stands in front of those with pages, in one chunk, and declares what they use.
files["**/Bindings/Lua"] = {
  globals = { "bodies" }, ignore = { "211/module", "211/guard", "211/free", "211/watching", "581" },
  read_globals = { "module", "primitives", "each", "paged", "pages", "iterator" },
}
files["**/Bindings/Lua/paging.lua"] = { globals = {}, read_globals = {}, ignore = { "211", "241" } }

-- Declarations for editors, made from the bindings: names without bodies, and lines as long as they come.
files["**/stdlib/meta"] = {
  globals = { "hubspot", "task", "json", "moonspot", "show", "help" }, unused = false, redefined = false, max_line_length = false,
}

-- Programs whose very purpose is odd: they are held against what plain Lua does, down to its errors.
files["**/Programs"] = { ignore = { ".*" } }

-- Measured, and so written as programs are elsewhere.
files["**/scripts/lib/bench"] = { max_line_length = false, ignore = { "213" } }
