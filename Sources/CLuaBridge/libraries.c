// The functions that a state offers by itself: Lua's libraries, whole or cut down for an untrusted script.
#include "bridge_internal.h"

#include <stdlib.h>
#include <string.h>

// [-1, +0, -] A library under its own name, without the functions listed in `without` (ends with NULL).
static void open_library(lua_State *L, const char *name, lua_CFunction open, const char *const *without) {
    luaL_requiref(L, name, open, 1);
    for (; without != NULL && *without != NULL; without++) {
        lua_pushnil(L);
        lua_setfield(L, -2, *without);
    }
    lua_pop(L, 1);
}

static void open_some_libraries(lua_State *L) {
    static const char *const base[] = {"dofile", "loadfile", NULL};
    static const char *const os[] = {"execute", "exit", "remove", "rename", "tmpname", "getenv", NULL};
    static const char *const string[] = {"dump", NULL};
    static const char *const package[] = {"loadlib", "searchpath", NULL};  // searchpath tells which files there are
    open_library(L, LUA_GNAME, luaopen_base, base);
    open_library(L, LUA_LOADLIBNAME, luaopen_package, package);
    open_library(L, LUA_COLIBNAME, luaopen_coroutine, NULL);
    open_library(L, LUA_TABLIBNAME, luaopen_table, NULL);
    open_library(L, LUA_OSLIBNAME, luaopen_os, os);
    open_library(L, LUA_STRLIBNAME, luaopen_string, string);
    open_library(L, LUA_MATHLIBNAME, luaopen_math, NULL);
    open_library(L, LUA_UTF8LIBNAME, luaopen_utf8, NULL);
}

// require in an untrusted script finds preloaded modules and the host's library, no file and no C module.
static void confine_require(lua_State *L) {
    lua_getglobal(L, LUA_LOADLIBNAME);
    lua_getfield(L, -1, "searchers");
    for (int slot = (int)lua_rawlen(L, -1); slot > 1; slot--) {
        lua_pushnil(L);
        lua_rawseti(L, -2, slot);
    }
    lua_pop(L, 1);
    lua_pushliteral(L, "");
    lua_setfield(L, -2, "path");
    lua_pushliteral(L, "");
    lua_setfield(L, -2, "cpath");
    lua_pop(L, 1);
}

// Pieces of a chunk from the function at index 1. The latest is kept in a slot of its own.
enum { piece_slot = 5 };
static const char *read_piece(lua_State *L, void *context, size_t *size) {
    (void)context;
    luaL_checkstack(L, 2, "too many nested functions");
    lua_pushvalue(L, 1);
    lua_call(L, 0, 1);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        *size = 0;
        return NULL;
    }
    if (!lua_isstring(L, -1)) luaL_error(L, "reader function must return a string");
    lua_replace(L, piece_slot);
    return lua_tolstring(L, piece_slot, size);
}

// load(chunk, name, mode, env): as Lua's, but a stop in the reader goes on, and an untrusted script loads text only.
static int load_chunk(lua_State *L) {
    const char *text = lua_tostring(L, 1);
    const char *mode = luaL_optstring(L, 3, "bt");
    const char *name = luaL_optstring(L, 2, text != NULL ? text : "=(load)");
    bool has_environment = !lua_isnone(L, 4);
    if (ms_state_of(L)->is_untrusted) {
        if (strchr(mode, 't') == NULL) {
            luaL_pushfail(L);
            lua_pushfstring(L, "attempt to load a chunk in mode '%s' (mode is 't' here)", mode);
            return 2;
        }
        mode = "t";
    }
    int status;
    if (text != NULL) {
        status = luaL_loadbufferx(L, text, lua_rawlen(L, 1), name, mode);
    } else {
        luaL_checktype(L, 1, LUA_TFUNCTION);
        lua_settop(L, piece_slot);
        status = lua_load(L, read_piece, NULL, name, mode);
    }
    if (status != LUA_OK) {
        if (ms_state_of(L)->stop != MS_GO_ON) return ms_raise_stop(L);
        luaL_pushfail(L);
        lua_insert(L, -2);
        return 2;
    }
    if (has_environment) ms_set_environment(L, 4);
    return 1;
}

// os.exit([code [, close]]): the host ends the process, so that the terminal is left in order.
static int exit_process(lua_State *L) {
    ms_state *state = ms_state_of(L);
    int status = lua_isboolean(L, 1) ? (lua_toboolean(L, 1) ? EXIT_SUCCESS : EXIT_FAILURE)
                                     : (int)luaL_optinteger(L, 1, EXIT_SUCCESS);
    bool unwinds = lua_toboolean(L, 2);
    state->host.exit(state->host.context, status, unwinds);
    if (!unwinds) return 0;
    state->stop = MS_STOP_EXIT;
    return ms_raise_stop(L);  // the task's to-be-closed variables run on the way
}

// The rest of `debug` for an untrusted script: the traceback.
static void open_traceback(lua_State *L) {
    luaL_requiref(L, LUA_DBLIBNAME, luaopen_debug, 0);
    lua_createtable(L, 0, 1);
    lua_getfield(L, -2, "traceback");
    lua_setfield(L, -2, "traceback");
    lua_pushvalue(L, -1);
    lua_setglobal(L, LUA_DBLIBNAME);
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_insert(L, -2);
    lua_setfield(L, -2, LUA_DBLIBNAME);
    lua_pop(L, 2);
}

// Takes from an untrusted script the functions that lead out of the state.
static void confine(lua_State *L) {
    confine_require(L);
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 2);
    open_traceback(L);
}

void ms_open_libraries(lua_State *L, bool untrusted) {
    if (untrusted) {
        open_some_libraries(L);
        confine(L);
    } else {
        luaL_openlibs(L);
        lua_getglobal(L, LUA_OSLIBNAME);
        lua_pushcfunction(L, exit_process);
        lua_setfield(L, -2, "exit");
        lua_pop(L, 1);
    }
    lua_pushcfunction(L, load_chunk);
    lua_setglobal(L, "load");
}

void ms_open_prelude_globals(lua_State *L) {
    lua_newtable(L);
    lua_pushglobaltable(L);
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        if (lua_istable(L, -2)) {  // a library: its functions, copied
            lua_newtable(L);
            for (lua_pushnil(L); lua_next(L, -4) != 0; lua_pop(L, 1)) {
                lua_pushvalue(L, -2);
                lua_pushvalue(L, -2);
                lua_rawset(L, -5);
            }
        } else {
            lua_pushvalue(L, -2);
        }
        lua_rawset(L, -6);
    }
    lua_pop(L, 1);
    lua_setfield(L, LUA_REGISTRYINDEX, MS_PRELUDE_GLOBALS);
}
