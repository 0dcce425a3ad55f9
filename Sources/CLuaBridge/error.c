// moonspot's error tables: { kind, message, ... }, printing as one line.
#include "bridge_internal.h"

#include <string.h>

// Adds the field to the line if it is a string, with the texts around it.
static bool
add_field(lua_State *L, luaL_Buffer *line, int table, const char *before, const char *name, const char *after) {
    lua_pushstring(L, name);
    lua_rawget(L, table);
    if (lua_type(L, -1) != LUA_TSTRING) {
        lua_pop(L, 1);
        return false;
    }
    lua_pushstring(L, before);
    lua_insert(L, -2);
    lua_pushstring(L, after);
    lua_concat(L, 3);
    luaL_addvalue(line);
    return true;
}

// " (404)", where the answer had a status.
static void add_status(lua_State *L, luaL_Buffer *line, int table) {
    lua_pushliteral(L, "status");
    lua_rawget(L, table);
    if (!lua_isinteger(L, -1)) {
        lua_pop(L, 1);
        return;
    }
    lua_Integer status = lua_tointeger(L, -1);
    lua_pop(L, 1);
    lua_pushfstring(L, " (%I)", (LUAI_UACINT)status);
    luaL_addvalue(line);
}

// "not_found (404): no contact with id 1 (GET /crm/objects/2026-09/contacts/1)"
static void add_text(lua_State *L, luaL_Buffer *line, int table) {
    if (add_field(L, line, table, "", "kind", "")) {
        add_status(L, line, table);
        luaL_addstring(line, ": ");
    }
    if (!add_field(L, line, table, "", "message", "")) luaL_addstring(line, "(no message)");
    add_field(L, line, table, " (", "request", ")");
}

void ms_push_error_text(lua_State *L, int index) {
    luaL_Buffer line;
    index = lua_absindex(L, index);
    luaL_checkstack(L, LUA_MINSTACK, "error");
    luaL_buffinit(L, &line);
    add_field(L, &line, index, "", "where", ": ");
    add_text(L, &line, index);
    luaL_pushresult(&line);
}

// Begins with the kind, by which scripts and people tell errors apart; the script's position comes last.
static int error_tostring(lua_State *L) {
    lua_settop(L, 1);
    if (!lua_istable(L, 1)) return luaL_error(L, "an error table expected");
    luaL_Buffer line;
    luaL_buffinit(L, &line);
    add_text(L, &line, 1);
    add_field(L, &line, 1, " at ", "where", "");
    luaL_pushresult(&line);
    return 1;
}

void ms_make_error(lua_State *L, const char *kind) {
    lua_createtable(L, 0, 3);
    lua_insert(L, -2);
    lua_setfield(L, -2, "message");
    lua_pushstring(L, kind);
    lua_setfield(L, -2, "kind");
    luaL_setmetatable(L, MS_ERROR_METATABLE);
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
