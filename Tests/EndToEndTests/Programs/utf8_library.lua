print(utf8.char(72, 228, 8364, 128512, 0x7fffffff):byte(1, -1))
print(utf8.charpattern == "[\0-\x7F\xC2-\xFD][\x80-\xBF]*")
for p, c in utf8.codes("aä€😀") do io.write(p, ":", c, " ") end print()
print(utf8.codepoint("aä€😀", 1, -1), utf8.len("aä€😀"), utf8.len("\xff"), utf8.len("abc\xE4"), utf8.len("äöü", -2), utf8.len("", 1))
print(utf8.offset("aä€😀", 3), utf8.offset("aä€😀", -1), utf8.offset("aä€😀", 0, 3), utf8.offset("abc", 5), utf8.offset("abc", 4))
print(pcall(utf8.codepoint, "\xff"), pcall(utf8.offset, "ä", 1, 2), pcall(utf8.len, "abc", 5), pcall(utf8.char, -1))
print(pcall(function() for _ in utf8.codes("a\xffb") do end end))
print(utf8.len("\u{D7FF}\u{E000}"), utf8.len("\xED\xA0\x80"), utf8.len("\xED\xA0\x80", 1, -1, true), utf8.codepoint("\u{7FFFFFFF}", 1, 1, true))
print("\u{48}\u{20AC}", "\x41\65\z
      B", 'a\
b', "\a\b\f\v" == "\7\8\12\11")
print(#"日本語", ("日本語"):sub(1, 3), ("日本語"):gsub(utf8.charpattern, "x"))
