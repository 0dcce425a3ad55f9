for _, s in ipairs({ "x =", "x = = 1", "for", "if x then", "goto nowhere", "break", "local x <const> = 1; x = 2", "local x <bad> = 1", "return return", "'unfinished", "[[unfinished", "--[[unfinished", "x = 0x", "x = 1e", "'\\q'", "'\\300'", "'\\u{110000000}'", "::a:: ::a::", "f(", "a.1 = 2", "local function f.x() end", "x = }", "return ...", "function f() return ... end", "\27Lua", "do local a <close>, b <close> = 1, 2 end", "a = 'x\ny'", "local a = {1,2", "for i in", "for 1 = 2 do end", "x:y = 1", "('x'):y", "1 = 2", "goto l; local a; ::l:: print(a)", "repeat local x until y; goto z", "\"\\x4\"", "x = 3..2", "and", "@", "x = 1 2", "#!shebang\nreturn 1", "return 1,", "a.b:c = 1" }) do
  print((s:gsub("\n", "\\n")), load(s, "=chunk") and "compiles" or select(2, load(s, "=chunk")))
end
print(select(2, load("x = = 1")))
print(select(2, load("x = = 1", "@file.lua")))
print(select(2, load("\n\nx = = 1", "a longer chunk that\nhas lines")))
print(select(2, load("x = = 1", ("long"):rep(50))))
print(select(2, load("x = = 1", "@" .. ("long"):rep(50))))
