local a = [==[
]]
first newline is skipped]=]]==] print(a, #a) --[[ a comment
over lines ]] print("after") --[==[ ]] ]==] print("after too")
print("tab\tnewline\\n \065\x42\u{43} \z
       joined", 'single "double"', "it's") print(#[[

two]], "a\
b") print(("x"):rep(40) == ("x"):rep(20) .. ("x"):rep(20), #("y"):rep(1 << 20), ("z"):rep(3, "--"))
local s = {} for i = 1, 300 do s[i] = string.char(i % 256) end s = table.concat(s) print(#s, s:byte(300), s:find("\0", 1, true), #s:gsub("%c", ""), s:sub(65, 70)) print(("%q"):format("\r\n\0001\200\\\"")) return
