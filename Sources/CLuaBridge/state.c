// The state: its memory, its libraries, and the protected entries through which Swift asks for what may fail.
#define _GNU_SOURCE
#include "bridge_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char ms_tasks_key = 0;
const char ms_metatable_names_key = 0;

static void *allocate(void *context, void *block, size_t old_size, size_t new_size) {
    ms_state *state = context;
    if (block == NULL) old_size = 0;  // Lua passes a type tag here
    if (new_size == 0) {
        free(block);
        state->used -= old_size;
        return NULL;
    }
    if (new_size >= MS_IMPOSSIBLE_SIZE) return NULL;
    if (state->limit > 0 && new_size > old_size && state->used - old_size + new_size > state->limit) return NULL;
    void *moved = realloc(block, new_size);
    if (moved != NULL) state->used += new_size - old_size;
    return moved;
}

// [-1, +0, -] A library under its own name, without the functions listed in `without` (ends with NULL).
static void open_library(lua_State *L, const char *name, lua_CFunction open, const char *const *without) {
    luaL_requiref(L, name, open, 1);
    for (; without != NULL && *without != NULL; without++) {
        lua_pushnil(L);
        lua_setfield(L, -2, *without);
    }
    lua_pop(L, 1);
}

static void open_libraries(lua_State *L, bool untrusted) {
    if (!untrusted) {
        luaL_openlibs(L);
        return;
    }
    static const char *const base[] = {"dofile", "loadfile", NULL};
    static const char *const os[] = {"execute", "exit", "remove", "rename", "tmpname", "getenv", NULL};
    static const char *const string[] = {"dump", NULL};
    static const char *const package[] = {"loadlib", NULL};
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

// load(chunk, name, mode, env) for untrusted scripts: text only, since bytecode can break the virtual machine.
static int load_text(lua_State *L) {
    bool has_environment = !lua_isnone(L, 4);
    lua_settop(L, has_environment ? 4 : 3);
    const char *mode = luaL_optstring(L, 3, "t");
    if (strchr(mode, 't') == NULL) {
        luaL_pushfail(L);
        lua_pushfstring(L, "attempt to load a chunk in mode '%s' (mode is 't' here)", mode);
        return 2;
    }
    lua_pushliteral(L, "t");
    lua_replace(L, 3);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
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

// Globals of the preludes: what the libraries offered at the start, whatever the script makes of them.
static void open_prelude_globals(lua_State *L) {
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

// liblua makes the metatable of its buffers' boxes with the first large buffer; refused half-way by the memory limit, every
// later one would fail. So it is made while no limit is at work.
static void warm_buffers(lua_State *L) {
    luaL_Buffer buffer;
    luaL_buffinitsize(L, &buffer, LUAL_BUFFERSIZE * 2);
    luaL_pushresultsize(&buffer, 0);
    lua_pop(L, 1);
}

static int open_protected(lua_State *L) {
    bool untrusted = lua_toboolean(L, 1);
    warm_buffers(L);
    open_libraries(L, untrusted);
    if (untrusted) {
        lua_getglobal(L, "load");
        lua_pushcclosure(L, load_text, 1);
        lua_setglobal(L, "load");
        confine_require(L);
        lua_pushliteral(L, "");
        lua_getmetatable(L, -1);
        lua_pushboolean(L, 0);
        lua_setfield(L, -2, "__metatable");
        lua_pop(L, 2);
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
    } else {
        lua_getglobal(L, LUA_OSLIBNAME);
        lua_pushcfunction(L, exit_process);
        lua_setfield(L, -2, "exit");
        lua_pop(L, 1);
    }
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &ms_tasks_key);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &ms_metatable_names_key);
    ms_open_errors(L);
    ms_open_stops(L);
    ms_open_coroutine(L);
    ms_open_tasks(L);
    open_prelude_globals(L);
    ms_open_modules(L, untrusted);
    lua_gc(L, LUA_GCGEN, 0, 0);  // as lua.c has it
    return 0;
}

// Warnings go to standard error as in `lua -W`, on after "@on".
static void warn_off(void *context, const char *message, int to_be_continued);
static void warn_on(void *context, const char *message, int to_be_continued) {
    if (!to_be_continued && message[0] == '@') {
        if (strcmp(message, "@off") == 0) lua_setwarnf(context, warn_off, context);
        return;
    }
    static _Thread_local bool continues = false;
    if (!continues) fputs("Lua warning: ", stderr);
    fputs(message, stderr);
    continues = to_be_continued;
    if (!to_be_continued) fputc('\n', stderr);
}
static void warn_off(void *context, const char *message, int to_be_continued) {
    if (!to_be_continued && strcmp(message, "@on") == 0) lua_setwarnf(context, warn_on, context);
}

ms_state *ms_open(ms_host host, size_t memory_limit, bool untrusted) {
    ms_state *state = calloc(1, sizeof *state);
    if (state == NULL) return NULL;
    state->host = host;
    state->json = ms_json_new();
    state->thread = pthread_self();
    state->main = state->json == NULL ? NULL : lua_newstate(allocate, state);
    if (state->main == NULL) {
        if (state->json != NULL) ms_json_free(state->json);
        free(state);
        return NULL;
    }
    lua_State *L = state->main;
    *(ms_state **)lua_getextraspace(L) = state;
    lua_setwarnf(L, warn_off, L);
    lua_pushcfunction(L, open_protected);
    lua_pushboolean(L, untrusted);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
        ms_close(state);
        return NULL;
    }
    state->limit = memory_limit;
    return state;
}

void ms_close(ms_state *state) {
    state->limit = 0;
    ms_leave_thread();
    lua_close(state->main);
    ms_json_free(state->json);
    free(state);
}

lua_State *ms_main(ms_state *state) { return state->main; }
size_t ms_memory(const ms_state *state) { return state->used; }
void ms_pop(lua_State *L, int count) { lua_pop(L, count); }
void ms_push_globals(lua_State *L) { lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS); }

// --- protected entries ---------------------------------------------------------------------------

// Calls `function` on the main thread under protection with one light userdata. Leaves `results` values, or the error.
static int protect(ms_state *state, lua_CFunction function, void *argument, int results) {
    lua_State *L = state->main;
    lua_State *before = atomic_exchange(&state->running, L);
    if (!lua_checkstack(L, 4)) return LUA_ERRMEM;
    lua_pushcfunction(L, function);
    lua_pushlightuserdata(L, argument);
    int status = lua_pcall(L, 1, results, 0);
    atomic_store(&state->running, before);
    return status;
}

// `source` may be NULL where `length` is 0.
static int compile(lua_State *L, const char *source, size_t length, const char *name, ms_chunk_kind kind) {
    if (length == 0) source = "";
    if (kind == MS_CHUNK_EXPRESSION) {
        luaL_Buffer text;
        luaL_buffinit(L, &text);
        luaL_addstring(&text, "return ");
        luaL_addlstring(&text, source, length);
        luaL_pushresult(&text);
        size_t size;
        const char *expression = lua_tolstring(L, -1, &size);
        int status = luaL_loadbufferx(L, expression, size, name, "t");
        lua_remove(L, -2);
        if (status == LUA_OK) return status;
        lua_pop(L, 1);
        return luaL_loadbufferx(L, source, length, name, "t");
    }
    if (length > 0 && source[0] == '#') {  // a shebang; its newline stays, so that lines keep their numbers
        const char *newline = memchr(source, '\n', length);
        size_t skipped = newline == NULL ? length : (size_t)(newline - source);
        return luaL_loadbufferx(L, source + skipped, length - skipped, name, "bt");
    }
    return luaL_loadbufferx(L, source, length, name, "bt");
}

typedef struct {
    const char *source;
    size_t length;
    const char *name;
    ms_chunk_kind kind;
    ms_message arguments;
    lua_State *thread;
    int argument_count, status;
} load_request;

static int load_protected(lua_State *L) {
    load_request *request = lua_touserdata(L, 1);
    ms_message arguments = request->arguments;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_tasks_key);
    lua_State *thread = lua_newthread(L);
    lua_sethook(thread, NULL, 0, 0);
    request->status = compile(L, request->source, request->length, request->name, request->kind);
    if (request->status != LUA_OK) {
        free(arguments.bytes);
        request->arguments.bytes = NULL;
        return 1;
    }
    request->arguments.bytes = NULL;
    int count = ms_push_message(L, arguments);
    if (!lua_checkstack(thread, count + 8)) return luaL_error(L, "too many arguments");
    lua_pushcfunction(thread, ms_run_task);
    lua_xmove(L, thread, count + 1);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, -3, thread);
    request->argument_count = count + 1;
    request->thread = thread;
    lua_pushnil(L);
    return 1;
}

lua_State *ms_load(
    ms_state *state, const char *source, size_t length, const char *name, ms_chunk_kind kind, ms_message arguments,
    int *argument_count, int *status) {
    load_request request = {source, length, name, kind, arguments, NULL, 0, LUA_OK};
    int outcome = protect(state, load_protected, &request, 1);
    free(request.arguments.bytes);
    *argument_count = request.argument_count;
    *status = outcome != LUA_OK ? outcome : request.status;
    if (request.thread != NULL) lua_pop(state->main, 1);
    return request.thread;
}

typedef struct {
    const char *source;
    size_t length;
    int status;
    bool incomplete;
} check_request;

static int check_protected(lua_State *L) {
    check_request *request = lua_touserdata(L, 1);
    request->status = compile(L, request->source, request->length, "=stdin", MS_CHUNK_EXPRESSION);
    if (request->status == LUA_ERRSYNTAX) {
        size_t length;
        const char *message = lua_tolstring(L, -1, &length);
        static const char mark[] = "<eof>";
        size_t size = sizeof mark - 1;
        request->incomplete = length >= size && memcmp(message + length - size, mark, size) == 0;
    }
    return 1;
}

int ms_check(ms_state *state, const char *source, size_t length, bool *incomplete) {
    check_request request = {source, length, LUA_OK, false};
    int outcome = protect(state, check_protected, &request, 1);
    *incomplete = request.incomplete;
    if (outcome == LUA_OK && request.status == LUA_OK) lua_pop(state->main, 1);
    return outcome != LUA_OK ? outcome : request.status;
}

typedef struct {
    const char *name;
    ms_message value;
    bool pretty;
} value_request;

static int set_global_protected(lua_State *L) {
    value_request *request = lua_touserdata(L, 1);
    ms_message value = request->value;
    request->value.bytes = NULL;
    if (ms_push_message(L, value) != 1) return luaL_error(L, "one value expected");
    lua_setglobal(L, request->name);
    return 0;
}

int ms_set_global(ms_state *state, const char *name, ms_message value) {
    value_request request = {name, value, false};
    int status = protect(state, set_global_protected, &request, 0);
    free(request.value.bytes);
    return status;
}

static int json_protected(lua_State *L) {
    value_request *request = lua_touserdata(L, 1);
    ms_message value = request->value;
    request->value.bytes = NULL;
    if (ms_push_message(L, value) != 1) return luaL_error(L, "one value expected");
    ms_json_encode(L, ms_state_of(L)->json, lua_gettop(L), request->pretty);
    return 1;
}

int ms_json_of(ms_state *state, ms_message value, bool pretty) {
    value_request request = {NULL, value, pretty};
    int status = protect(state, json_protected, &request, 1);
    free(request.value.bytes);
    return status;
}

typedef struct {
    const char **text;
    size_t *length;
} text_request;

static int json_argument_protected(lua_State *L) {
    text_request *request = lua_touserdata(L, 2);
    *request->length = ms_json_encode_raw(L, ms_state_of(L)->json, 1, false, request->text);
    return 0;
}

int ms_json_of_argument(lua_State *L, int index, const char **text, size_t *length) {
    text_request request = {text, length};
    index = lua_absindex(L, index);
    if (!lua_checkstack(L, 4)) return LUA_ERRMEM;
    lua_pushcfunction(L, json_argument_protected);
    lua_pushvalue(L, index);
    lua_pushlightuserdata(L, &request);
    return lua_pcall(L, 2, 0, 0);
}

static int tostring_protected(lua_State *L) {
    luaL_tolstring(L, 1, NULL);
    return 1;
}

static int error_text_protected(lua_State *L) {
    if (lua_isstring(L, 1)) {
        luaL_tolstring(L, 1, NULL);
    } else if (!luaL_callmeta(L, 1, "__tostring") || lua_type(L, -1) != LUA_TSTRING) {
        lua_pushfstring(L, "(error object is a %s value)", luaL_typename(L, 1));
    }
    return 1;
}

int ms_tostring(ms_state *state, lua_State *L, int index, bool as_error) {
    lua_State *main = state->main;
    if (!lua_checkstack(main, 4) || !lua_checkstack(L, 2)) return LUA_ERRMEM;
    lua_pushvalue(L, index);
    lua_pushcfunction(main, as_error ? error_text_protected : tostring_protected);
    if (L == main) {
        lua_insert(main, -2);
    } else {
        lua_xmove(L, main, 1);
    }
    lua_State *before = atomic_exchange(&state->running, main);
    int status = lua_pcall(main, 1, 1, 0);
    atomic_store(&state->running, before);
    return status;
}

void ms_take_traceback(ms_state *state, lua_State *thread) {
    lua_State *L = state->main;
    if (!lua_checkstack(L, 4)) return;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_tracebacks_key);
    lua_rawgetp(L, -1, thread);
    if (!lua_isnil(L, -1)) {
        lua_pushnil(L);
        lua_rawsetp(L, -3, thread);  // an existing key: allocates nothing
    }
    lua_remove(L, -2);
}

typedef struct {
    lua_State *thread;
    const char *name;
} keep_request;

static int keep_result_protected(lua_State *L) {
    keep_request *request = lua_touserdata(L, 1);
    lua_pushvalue(request->thread, 1);
    lua_xmove(request->thread, L, 1);
    lua_setglobal(L, request->name);
    return 0;
}

void ms_keep_result(ms_state *state, lua_State *thread, const char *name) {
    if (lua_gettop(thread) < 1 || !lua_checkstack(thread, 1)) return;
    keep_request request = {thread, name};
    if (protect(state, keep_result_protected, &request, 0) != LUA_OK) lua_pop(state->main, 1);
}

const char *ms_metatable_name(lua_State *L, int index) {
    if (!lua_checkstack(L, 3) || !lua_getmetatable(L, index)) return NULL;
    const char *name = NULL;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_metatable_names_key);
    lua_pushvalue(L, -2);
    lua_rawget(L, -2);
    if (lua_type(L, -1) == LUA_TSTRING) name = lua_tolstring(L, -1, NULL);  // kept alive by the table
    lua_pop(L, 3);
    return name;
}
bool ms_is_array(lua_State *L, int index) { return ms_json_is_array(L, index); }
bool ms_is_null(lua_State *L, int index) { return ms_json_is_null(L, index); }
