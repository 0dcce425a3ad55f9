// The scope of the lines that a person types: locals of one line that later lines see.
//
// The host has each `local` of a line followed by a call that hands over a function whose upvalues are these locals, and puts
// later lines into a function whose upvalues are joined with them. So a variable is one variable, also for the functions that
// an earlier line has made.
#include "bridge_internal.h"

#include <string.h>

const char ms_scope_key = 0;
const char ms_constants_key = 0;

// [-0, +0, -] Which upvalue of the function at `index` has that name; 0 where none has.
static int find_upvalue(lua_State *L, int index, const char *name) {
    const char *found;
    for (int n = 1; (found = lua_getupvalue(L, index, n)) != NULL; n++) {
        lua_pop(L, 1);
        if (strcmp(found, name) == 0) return n;
    }
    return 0;
}

// [-1, +1, e] Makes a function with the value on top as its one upvalue, of that name.
static void make_holder(lua_State *L, const char *name) {
    lua_pushfstring(L, "local %s = ... return function() return %s end", name, name);
    if (luaL_loadstring(L, lua_tostring(L, -1)) != LUA_OK) lua_error(L);
    lua_remove(L, -2);
    lua_insert(L, -2);
    lua_call(L, 1, 1);
}

// keep(function, name, is_constant, ...): the function reads the locals that are named.
static int keep(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    int arguments = lua_gettop(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_scope_key);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_constants_key);
    int scope = arguments + 1, constants = arguments + 2;
    for (int at = 2; at < arguments; at += 2) {
        const char *name = luaL_checkstring(L, at);
        lua_pushvalue(L, at);
        if (find_upvalue(L, 1, name) != 0) {
            lua_pushvalue(L, 1);
        } else {  // the compiler has put the constant's value in its place: it is all that the function returns
            lua_pushvalue(L, 1);
            lua_call(L, 0, 1);
            make_holder(L, name);
        }
        lua_rawset(L, scope);
        lua_pushvalue(L, at);
        if (lua_toboolean(L, at + 1)) {
            lua_pushboolean(L, 1);
        } else {
            lua_pushnil(L);
        }
        lua_rawset(L, constants);
    }
    return 0;
}

void ms_enter_scope(lua_State *L) {
    lua_call(L, 0, 1);
    luaL_checktype(L, -1, LUA_TFUNCTION);
    int chunk = lua_gettop(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_scope_key);
    const char *name;
    for (int n = 1; (name = lua_getupvalue(L, chunk, n)) != NULL; n++) {
        lua_pop(L, 1);
        if (strcmp(name, MS_KEEP_NAME) == 0) {
            lua_pushcfunction(L, keep);
            lua_setupvalue(L, chunk, n);
            continue;
        }
        lua_pushstring(L, name);
        if (lua_rawget(L, chunk + 1) == LUA_TFUNCTION) {
            int kept = find_upvalue(L, -1, name);
            if (kept != 0) lua_upvaluejoin(L, chunk, n, lua_gettop(L), kept);
        }
        lua_pop(L, 1);
    }
    lua_settop(L, chunk);
}

void ms_push_scope(lua_State *L) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_scope_key);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_constants_key);
}

bool ms_push_local(lua_State *L, int function, const char *name) {
    int kept = find_upvalue(L, function, name);
    return kept != 0 && lua_getupvalue(L, function, kept) != NULL;
}

void ms_open_scope(lua_State *L) {
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &ms_scope_key);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &ms_constants_key);
}
