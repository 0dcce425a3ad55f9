// Words: text for people. The nearest of some names, the width of text on a terminal, aligned columns, wrapped lines,
// counts and durations in words.
//
// This target knows nothing but text: no Lua, no HubSpot, no terminal. It draws no colours and writes nothing.
