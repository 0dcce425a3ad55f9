// Runs a Lua file as lua5.4 does and nothing else: the cost of the shared library by itself, beside which scripts/bench
// holds moonspot.
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>

int main(int count, char **arguments) {
    lua_State *L = luaL_newstate();
    if (L == NULL || count != 2) return 2;
    luaL_openlibs(L);
    lua_gc(L, LUA_GCGEN, 0, 0);
    int status = luaL_dofile(L, arguments[1]);
    if (status != LUA_OK) fprintf(stderr, "%s\n", lua_tostring(L, -1));
    lua_close(L);
    return status == LUA_OK ? 0 : 1;
}
