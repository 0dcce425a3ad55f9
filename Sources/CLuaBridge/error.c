// moonspot's error tables: { kind, message, ... }, printing as one line.
#include "bridge_internal.h"

#include <string.h>

// [-0, +1, e] "script.lua:3: not_found: resource not found (GET /crm/objects/2026-09/contacts/1)"
static int error_tostring(lua_State *L) {
    luaL_Buffer line;
    lua_settop(L, 1);
    if (!lua_istable(L, 1)) return luaL_error(L, "an error table expected");
    static const char *const fields[] = {"where", "kind"};
    luaL_buffinit(L, &line);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        lua_pushstring(L, fields[i]);
        lua_rawget(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING) {
            luaL_addvalue(&line);
            luaL_addstring(&line, ": ");
        } else {
            lua_pop(L, 1);
        }
    }
    lua_pushliteral(L, "message");
    lua_rawget(L, 1);
    if (lua_type(L, -1) == LUA_TSTRING) {
        luaL_addvalue(&line);
    } else {
        lua_pop(L, 1);
        luaL_addstring(&line, "(no message)");
    }
    lua_pushliteral(L, "request");
    lua_rawget(L, 1);
    if (lua_type(L, -1) == LUA_TSTRING) {
        lua_pushfstring(L, " (%s)", lua_tostring(L, -1));
        lua_remove(L, -2);
        luaL_addvalue(&line);
    } else {
        lua_pop(L, 1);
    }
    luaL_pushresult(&line);
    return 1;
}

static bool is_prelude(const lua_Debug *frame) { return strncmp(frame->source, "=moonspot:", 10) == 0; }

bool ms_is_prelude(lua_State *L, int level) {
    lua_Debug frame;
    return lua_getstack(L, level, &frame) && lua_getinfo(L, "S", &frame) && is_prelude(&frame);
}

// The first frame of a script's own source: neither C nor one of our preludes.
static bool find_position(lua_State *L, lua_Debug *frame) {
    for (int level = 0; lua_getstack(L, level, frame); level++) {
        lua_getinfo(L, "Sl", frame);
        if (frame->currentline > 0 && !is_prelude(frame)) return true;
    }
    return false;
}

void ms_add_position(lua_State *L) {
    if (!lua_istable(L, -1)) return;
    lua_pushliteral(L, "where");
    lua_rawget(L, -2);
    bool has_position = !lua_isnil(L, -1);
    lua_pop(L, 1);
    lua_Debug frame;
    if (has_position || !find_position(L, &frame)) return;
    lua_pushliteral(L, "where");
    lua_pushfstring(L, "%s:%d", frame.short_src, frame.currentline);
    lua_rawset(L, -3);
}

// primitives.raise(fields): raises an error table with the script's position, for preludes.
static int raise_error(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    luaL_setmetatable(L, MS_ERROR_METATABLE);
    ms_add_position(L);
    return lua_error(L);
}

void ms_open_errors(lua_State *L) {
    luaL_newmetatable(L, MS_ERROR_METATABLE);
    lua_pushcfunction(L, error_tostring);
    lua_setfield(L, -2, "__tostring");
    ms_register_metatable(L, MS_ERROR_METATABLE, lua_gettop(L));
    lua_pop(L, 1);
    lua_createtable(L, 0, 16);
    lua_pushcfunction(L, raise_error);
    lua_setfield(L, -2, "raise");
    lua_setfield(L, LUA_REGISTRYINDEX, MS_PRIMITIVES);
}
