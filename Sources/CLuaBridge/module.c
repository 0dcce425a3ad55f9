// Declared functions as Lua functions, the tables of modules, and require's way to the host's library.
#include "bridge_internal.h"

#include <string.h>

static int call_declared(lua_State *L) {
    ms_state *state = ms_state_of(L);
    return ms_finish(L, state->host.call(state->host.context, L, lua_tointegerx(L, lua_upvalueindex(1), NULL)));
}

bool ms_push_declared_name(lua_State *L, int index) {
    if (lua_tocfunction(L, index) != call_declared) return false;
    index = lua_absindex(L, index);
    ms_state *state = ms_state_of(L);
    lua_State *asked = lua_newthread(L);  // the host reads a stack from its bottom
    lua_getupvalue(L, index, 1);
    lua_xmove(L, asked, 1);
    ms_reply reply = state->host.call(state->host.context, asked, MS_NAME_OF_FUNCTION);
    if (ms_push_message(L, reply.message) != 1) return luaL_error(L, "the function is gone");
    lua_remove(L, -2);
    return true;
}

static int guard_collected(lua_State *L) {
    ms_state *state = ms_state_of(L);
    int64_t *guard = luaL_testudata(L, 1, MS_GUARD_METATABLE);
    if (guard != NULL) state->host.drop(state->host.context, *guard);
    return 0;
}

void ms_push_function(lua_State *L, int64_t function, bool guarded) {
    lua_pushinteger(L, function);
    if (!guarded) {
        lua_pushcclosure(L, call_declared, 1);
        return;
    }
    int64_t *guard = lua_newuserdatauv(L, sizeof *guard, 0);
    *guard = function;
    luaL_setmetatable(L, MS_GUARD_METATABLE);
    lua_pushcclosure(L, call_declared, 2);
}

void ms_push_checked_function(lua_State *L, int64_t function) {
    lua_pushinteger(L, function);
    lua_insert(L, -2);
    lua_pushcclosure(L, call_declared, 2);
}

void ms_register_metatable(lua_State *L, const char *name, int index) {
    index = lua_absindex(L, index);
    lua_pushvalue(L, index);
    lua_setfield(L, LUA_REGISTRYINDEX, name);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_metatable_names_key);
    lua_pushvalue(L, index);
    lua_pushstring(L, name);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

// Marks the metatable at `index` where its field of that name is true.
static void mark(lua_State *L, int index, const char *field, const char *key) {
    if (lua_getfield(L, index, field) == LUA_TBOOLEAN && lua_toboolean(L, -1)) {
        lua_pushboolean(L, 1);
        lua_rawsetp(L, index, key);
    }
    lua_pop(L, 1);
}

// primitives.metatable(name, table): registers it, and returns it. `empty_is_list` and `infinity_is_null` in it say how the
// tables that carry it are written as JSON.
static int metatable(lua_State *L) {
    const char *name = luaL_checkstring(L, 1);
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_settop(L, 2);
    lua_pushstring(L, name);
    lua_setfield(L, 2, "__name");
    mark(L, 2, "empty_is_list", &ms_json_list_mark);
    mark(L, 2, "infinity_is_null", &ms_json_infinity_mark);
    ms_register_metatable(L, name, 2);
    return 1;
}

// primitives.fields(table): the table behind a sealed one; nothing for any other.
static int fields(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    return ms_json_push_fields(L, 1) ? 1 : 0;
}

// primitives.nulls(table): a set of the names that were null in the object that the table was decoded from, or nothing.
static int nulls(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    return ms_json_push_nulls(L, 1) ? 1 : 0;
}

// primitives.origin(function): the full name of a declared one; else nil, and its chunk with its first and last line.
static int origin(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_settop(L, 1);
    if (ms_push_declared_name(L, 1)) return 1;
    lua_Debug about;
    lua_getinfo(L, ">S", &about);
    lua_pushnil(L);
    lua_pushstring(L, about.source);
    lua_pushinteger(L, about.linedefined);
    lua_pushinteger(L, about.lastlinedefined);
    return 4;
}

static int encode(lua_State *L) {
    luaL_checkany(L, 1);
    ms_json_encode(L, ms_state_of(L)->json, 1, lua_toboolean(L, 2));
    return 1;
}

static int decode(lua_State *L) {
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    static const ms_json_shape plain = {NULL, NULL, NULL, NULL, NULL};
    ms_json_decode(L, ms_state_of(L)->json, text, length, &plain);
    return 1;
}

// primitives.array([table]): marks it as a JSON array.
static int array(lua_State *L) {
    if (lua_isnoneornil(L, 1)) {
        lua_settop(L, 0);
        lua_newtable(L);
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    ms_json_push_array_metatable(L);
    lua_setmetatable(L, 1);
    return 1;
}

// __index of a module's metatable: (table, key) -> a constant, or a submodule that stays in the table.
static int index_module(lua_State *L) {
    ms_state *state = ms_state_of(L);
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    int results = ms_finish(L, state->host.call(state->host.context, L, lua_tointegerx(L, lua_upvalueindex(1), NULL)));
    if (results == 2 && lua_toboolean(L, -1)) {
        lua_pushvalue(L, 2);
        lua_pushvalue(L, -3);
        lua_rawset(L, 1);
    }
    if (results == 2) lua_pop(L, 1);
    return results == 0 ? 0 : 1;
}

// __newindex of a module's metatable: constants cannot be assigned, anything else can.
static int assign_in_module(lua_State *L) {
    ms_state *state = ms_state_of(L);
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 3);
    lua_pushinteger(L, 0);  // an assignment: a name that is not there is fine
    lua_insert(L, 3);
    int results = ms_finish(L, state->host.call(state->host.context, L, lua_tointegerx(L, lua_upvalueindex(1), NULL)));
    if (results == 1 && !lua_isnil(L, -1)) {
        return luaL_error(L, "%s is read-only", luaL_tolstring(L, 2, NULL));
    }
    lua_settop(L, 4);
    lua_remove(L, 3);
    lua_rawset(L, 1);
    return 0;
}

const char *ms_module_name(lua_State *L, int index) {
    if (lua_type(L, index) != LUA_TTABLE || !lua_checkstack(L, 2) || !lua_getmetatable(L, index)) return NULL;
    const char *name = NULL;
    // A string, kept alive by the metatable.
    if (lua_rawgetp(L, -1, &ms_module_name_key) == LUA_TSTRING) name = lua_tolstring(L, -1, NULL);
    lua_pop(L, 2);
    return name;
}

static int next_entry(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    if (lua_next(L, 1) != 0) return 2;
    lua_pushnil(L);
    return 1;
}

// __pairs of a module's metatable: goes over all that it offers, also the names that no script has used so far.
static int pairs_of_module(lua_State *L) {
    ms_state *state = ms_state_of(L);
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    lua_pushnil(L);
    lua_pushboolean(L, 1);  // asks for the names in place of a key's value
    if (ms_finish(L, state->host.call(state->host.context, L, lua_tointegerx(L, lua_upvalueindex(1), NULL))) != 1) {
        return luaL_error(L, "the module has no names");
    }
    int names = lua_gettop(L);
    lua_newtable(L);
    int all = names + 1;
    lua_pushnil(L);
    while (lua_next(L, 1) != 0) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, all);
    }
    lua_Integer count = (lua_Integer)lua_rawlen(L, names);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, names, i);
        lua_pushvalue(L, -1);
        lua_gettable(L, 1);
        lua_rawset(L, all);
    }
    lua_pushcfunction(L, next_entry);
    lua_pushvalue(L, all);
    lua_pushnil(L);
    return 3;
}

void ms_push_pairs(lua_State *L, int64_t function) {
    lua_pushinteger(L, function);
    lua_pushcclosure(L, pairs_of_module, 1);
}

void ms_push_new_index(lua_State *L, int64_t function) {
    lua_pushinteger(L, function);
    lua_pushcclosure(L, assign_in_module, 1);
}

void ms_push_index(lua_State *L, int64_t function) {
    lua_pushinteger(L, function);
    lua_pushcclosure(L, index_module, 1);
}

// The first of package.searchers: preloaded modules, as in Lua, and then the modules of the host's library. One function, since
// a searcher more would show where a script counts them, reads require's message or hooks calls.
static int search_preloaded(lua_State *L) {
    ms_state *state = ms_state_of(L);
    const char *name = luaL_checkstring(L, 1);
    lua_settop(L, 1);
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    if (lua_getfield(L, -1, name) != LUA_TNIL) {
        lua_pushliteral(L, ":preload:");
        return 2;
    }
    lua_settop(L, 1);
    if (ms_finish(L, state->host.call(state->host.context, L, 0)) != 2) {
        lua_pushfstring(L, "no field package.preload['%s']", name);
        if (state->is_untrusted)
            lua_pushfstring(L, "%s\n\tno such file in the script's own folder", lua_tostring(L, -1));
        return 1;
    }
    size_t length;
    const char *source = lua_tolstring(L, -2, &length);
    const char *chunk = lua_tostring(L, -1);
    if (ms_load_file_bytes(L, source, length, chunk, "t") != LUA_OK) {
        const char *file = chunk[0] == '@' ? chunk + 1 : chunk;
        return luaL_error(L, "error loading module '%s' from file '%s':\n\t%s", name, file, lua_tostring(L, -1));
    }
    lua_pushvalue(L, -2);
    return 2;
}

// loadfile(name [, mode [, env]]) of an untrusted script: text from where the host allows it.
static int load_file(lua_State *L) {
    ms_state *state = ms_state_of(L);
    const char *name = luaL_checkstring(L, 1);
    bool has_environment = !lua_isnone(L, 3);
    lua_settop(L, 3);
    lua_pushvalue(L, 1);
    lua_insert(L, 1);  // the host reads the first argument, the others stay ours
    if (ms_finish(L, state->host.call(state->host.context, L, 1)) != 2) {
        luaL_pushfail(L);
        lua_pushfstring(L, "cannot open %s (an untrusted script reads files of its own folder only)", name);
        return 2;
    }
    size_t length;
    const char *source = lua_tolstring(L, -2, &length);
    if (ms_load_file_bytes(L, source, length, lua_tostring(L, -1), "t") != LUA_OK) {
        luaL_pushfail(L);
        lua_insert(L, -2);
        return 2;
    }
    if (has_environment) ms_set_environment(L, 4);
    return 1;
}

static int file_done(lua_State *L, int status, lua_KContext context) {
    (void)status;
    (void)context;
    return lua_gettop(L) - 1;
}

static int do_file(lua_State *L) {
    lua_settop(L, 1);
    int results = load_file(L);
    if (results != 1) return lua_error(L);
    lua_replace(L, 1);
    lua_settop(L, 1);
    lua_pushvalue(L, 1);
    lua_callk(L, 0, LUA_MULTRET, 0, file_done);
    return file_done(L, LUA_OK, 0);
}

static void open_searcher(lua_State *L) {
    lua_getglobal(L, LUA_LOADLIBNAME);
    lua_getfield(L, -1, "searchers");
    lua_pushcfunction(L, search_preloaded);
    lua_rawseti(L, -2, 1);
    lua_pop(L, 2);
}

// [-0, +0, e] Puts the folder, in the form of `pattern`, before package[field], unless it leads that already.
static void lead_path(lua_State *L, const char *field, const char *folder, const char *pattern) {
    if (lua_getfield(L, -1, field) == LUA_TSTRING) {
        const char *added = luaL_gsub(L, pattern, "/F/", folder);
        size_t length = strlen(added);
        if (strncmp(lua_tostring(L, -2), added, length) != 0) {
            lua_pushfstring(L, "%s%s", added, lua_tostring(L, -2));
            lua_setfield(L, -4, field);
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static int search_folder_protected(lua_State *L) {
    const char *folder = lua_touserdata(L, 1);
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    if (lua_getfield(L, -1, LUA_LOADLIBNAME) != LUA_TTABLE) return 0;
    lead_path(L, "path", folder, "/F//?.lua;/F//?/init.lua;");
    lead_path(L, "cpath", folder, "/F//?.so;");
    return 0;
}

int ms_search_folder(ms_state *state, const char *folder) {
    lua_State *L = state->main;
    lua_pushcfunction(L, search_folder_protected);
    lua_pushlightuserdata(L, (void *)folder);
    return lua_pcall(L, 1, 0, 0);
}

void ms_open_modules(lua_State *L, bool untrusted) {
    open_searcher(L);
    if (untrusted) {
        lua_pushcfunction(L, load_file);
        lua_setglobal(L, "loadfile");
        lua_pushcfunction(L, do_file);
        lua_setglobal(L, "dofile");
    }
    luaL_newmetatable(L, MS_GUARD_METATABLE);
    lua_pushcfunction(L, guard_collected);
    lua_setfield(L, -2, "__gc");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
    lua_newtable(L);
    lua_setfield(L, LUA_REGISTRYINDEX, MS_MODULES);
    lua_getfield(L, LUA_REGISTRYINDEX, MS_PRIMITIVES);
    static const luaL_Reg functions[] = {
        {"metatable", metatable}, {"fields", fields}, {"encode", encode}, {"decode", decode},
        {"array", array},         {"nulls", nulls},   {"origin", origin}, {NULL, NULL},
    };
    luaL_setfuncs(L, functions, 0);
    ms_json_push_null(L);
    lua_setfield(L, -2, "null");
    ms_open_views(L);
    lua_pop(L, 1);
}
