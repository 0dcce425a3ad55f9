// A table that keeps none of its keys, or of its values, alive.
#pragma once

#include <lua5.4/lua.h>

// [-0, +1, e] `mode` as in a metatable's __mode: "k" or "v".
static inline void ms_push_weak_table(lua_State *L, const char *mode) {
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushstring(L, mode);
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
}
