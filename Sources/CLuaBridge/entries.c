// The entries through which Swift has Lua do work that may fail, each under protection on the main thread; and those that read a
// stack, which cannot fail. Between entries the main thread's stack is all but empty, so that it has room for what they push.
#include "bridge_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// [-(n + 1), +(results|1), -] Calls the function below the `n` arguments on the main thread under protection.
static int call_on_main(ms_state *state, int arguments, int results) {
    lua_State *before = ms_enter(state, state->main);
    int status = lua_pcall(state->main, arguments, results, 0);
    ms_leave(state, state->main, before);
    return status;
}

// Calls `function` on the main thread under protection with one light userdata. Leaves `results` values, or the error.
static int protect(ms_state *state, lua_CFunction function, void *argument, int results) {
    lua_State *L = state->main;
    lua_pushcfunction(L, function);
    lua_pushlightuserdata(L, argument);
    return call_on_main(state, 1, results);
}

void ms_set_environment(lua_State *L, int slot) {
    lua_pushvalue(L, slot);
    if (lua_setupvalue(L, -2, 1) == NULL) lua_pop(L, 1);
}

int ms_load_file_bytes(lua_State *L, const char *source, size_t length, const char *name, const char *mode) {
    if (length >= 3 && memcmp(source, "\xEF\xBB\xBF", 3) == 0) {
        source += 3;
        length -= 3;
    }
    if (length > 0 && source[0] == '#') {
        const char *newline = memchr(source, '\n', length);
        size_t skipped = newline == NULL ? length : (size_t)(newline - source);
        // The newline stays, so that lines keep their numbers; before bytecode there is nothing to number.
        if (skipped + 1 < length && source[skipped + 1] == LUA_SIGNATURE[0]) skipped += 1;
        source += skipped;
        length -= skipped;
    }
    bool is_bytecode = length > 0 && source[0] == LUA_SIGNATURE[0];
    if (is_bytecode && strchr(mode, 'b') == NULL) {
        const char *shown = name[0] == '@' || name[0] == '=' ? name + 1 : name;
        lua_pushfstring(L, "%s: compiled Lua is not loaded here (an untrusted script is text); run its source", shown);
        return LUA_ERRSYNTAX;
    }
    return luaL_loadbufferx(L, source, length, name, mode);
}

// [-0, +1, m] The text as an expression. Any other text leaves a message.
static int compile_expression(lua_State *L, const char *source, size_t length, const char *name) {
    luaL_Buffer text;
    luaL_buffinit(L, &text);
    luaL_addstring(&text, "return ");
    luaL_addlstring(&text, source, length);
    luaL_pushresult(&text);
    size_t size;
    const char *expression = lua_tolstring(L, -1, &size);
    int status = luaL_loadbufferx(L, expression, size, name, "t");
    lua_remove(L, -2);
    return status;
}

// `source` may be NULL where `length` is 0.
static int compile(lua_State *L, const char *source, size_t length, const char *name, ms_chunk_kind kind) {
    if (length == 0) source = "";
    if (kind == MS_CHUNK_EXPRESSION) {
        int status = compile_expression(L, source, length, name);
        if (status == LUA_OK) return status;
        lua_pop(L, 1);
        return luaL_loadbufferx(L, source, length, name, "t");
    }
    if (kind == MS_CHUNK_SCOPED) return luaL_loadbufferx(L, source, length, name, "t");
    return ms_load_file_bytes(L, source, length, name, ms_state_of(L)->is_untrusted ? "t" : "bt");
}

typedef struct {
    const char *source;
    size_t length;
    const char *name;
    ms_chunk_kind kind;
    ms_showing showing;
    ms_message arguments;
    lua_State *thread;
    int argument_count, status;
} load_request;

static int load_protected(lua_State *L) {
    load_request *request = lua_touserdata(L, 1);
    ms_message arguments = request->arguments;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_tasks_key);
    lua_State *thread = lua_newthread(L);
    ms_drop_inherited_hook(thread);
    request->status = compile(L, request->source, request->length, request->name, request->kind);
    if (request->status != LUA_OK) {
        free(arguments.bytes);
        request->arguments.bytes = NULL;
        return 1;
    }
    if (request->kind == MS_CHUNK_SCOPED) ms_enter_scope(L);
    request->arguments.bytes = NULL;
    int count = ms_push_message(L, arguments);
    if (!lua_checkstack(thread, count + 8)) return luaL_error(L, "too many arguments");
    if (request->showing.texts || request->showing.rows != 0)
        ms_push_shown_task(thread, request->showing);
    else
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
    ms_state *state, const char *source, size_t length, const char *name, ms_chunk_kind kind, ms_showing showing,
    ms_message arguments, int *argument_count, int *status) {
    load_request request = {source, length, name, kind, showing, arguments, NULL, 0, LUA_OK};
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
    bool incomplete, is_expression;
} check_request;

static int check_protected(lua_State *L) {
    check_request *request = lua_touserdata(L, 1);
    const char *source = request->length == 0 ? "" : request->source;
    request->status = compile_expression(L, source, request->length, "=stdin");
    request->is_expression = request->status == LUA_OK;
    if (request->is_expression) return 1;
    lua_pop(L, 1);
    request->status = luaL_loadbufferx(L, source, request->length, "=stdin", "t");
    if (request->status == LUA_ERRSYNTAX) {
        size_t length;
        const char *message = lua_tolstring(L, -1, &length);
        static const char mark[] = "<eof>";
        size_t size = sizeof mark - 1;
        request->incomplete = length >= size && memcmp(message + length - size, mark, size) == 0;
    }
    return 1;
}

int ms_check(ms_state *state, const char *source, size_t length, bool *incomplete, bool *is_expression) {
    check_request request = {source, length, LUA_OK, false, false};
    int outcome = protect(state, check_protected, &request, 1);
    *incomplete = request.incomplete;
    if (is_expression != NULL) *is_expression = request.is_expression;
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

static int set_globals_protected(lua_State *L) {
    value_request *request = lua_touserdata(L, 1);
    ms_message value = request->value;
    request->value.bytes = NULL;
    if (ms_push_message(L, value) != 1) return luaL_error(L, "one module expected");
    lua_pushnil(L);
    while (lua_next(L, 2) != 0) {
        if (lua_isfunction(L, -1)) {
            lua_pushvalue(L, -1);
            lua_setglobal(L, lua_tostring(L, -3));
        }
        lua_pop(L, 1);
    }
    return 0;
}

int ms_set_globals(ms_state *state, ms_message module) {
    value_request request = {NULL, module, false};
    int status = protect(state, set_globals_protected, &request, 0);
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
    lua_pushcfunction(L, json_argument_protected);
    lua_pushvalue(L, index);
    lua_pushlightuserdata(L, &request);
    return lua_pcall(L, 2, 0, 0);
}

static int tostring_protected(lua_State *L) {
    luaL_tolstring(L, 1, NULL);
    return 1;
}

// As `lua` prints an uncaught error, but for moonspot's own, which print as one line.
static int error_text_protected(lua_State *L) {
    const char *name = ms_metatable_name(L, 1);
    if (lua_isstring(L, 1)) {
        luaL_tolstring(L, 1, NULL);
    } else if (name != NULL && strcmp(name, MS_ERROR_METATABLE) == 0) {
        ms_push_error_text(L, 1);
    } else if (!luaL_callmeta(L, 1, "__tostring") || lua_type(L, -1) != LUA_TSTRING) {
        lua_pushfstring(L, "(error object is a %s value)", luaL_typename(L, 1));
    }
    return 1;
}

// The text of the stop that ended a __tostring.
static int stop_text_protected(lua_State *L) {
    lua_getfield(L, LUA_REGISTRYINDEX, MS_STOPS);
    lua_rawgeti(L, -1, ms_state_of(L)->stop);
    ms_push_error_text(L, -1);
    return 1;
}

int ms_tostring(ms_state *state, lua_State *L, int index, bool as_error) {
    lua_State *main = state->main;
    if (!lua_checkstack(L, 1)) {
        lua_pushnil(main);
        return LUA_ERRMEM;
    }
    lua_pushvalue(L, index);
    lua_pushcfunction(main, as_error ? error_text_protected : tostring_protected);
    if (L == main) {
        lua_insert(main, -2);
    } else {
        lua_xmove(L, main, 1);
    }
    int status = call_on_main(state, 1, 1);
    if (status == LUA_OK || !as_error || state->stop == MS_GO_ON) return status;
    lua_pop(main, 1);
    lua_pushcfunction(main, stop_text_protected);
    return lua_pcall(main, 0, 1, 0);  // nothing of the script's: it needs no hook
}

void ms_take_traceback(ms_state *state, lua_State *thread) {
    lua_State *L = state->main;
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
    int index;
    const char *name;
    int earlier;
} keep_request;

// A script that watches its globals knows nothing of these: raw access.
static int keep_value_protected(lua_State *L) {
    keep_request *request = lua_touserdata(L, 1);
    ms_push_globals(L);
    for (int place = request->earlier; place >= 1; place--) {
        lua_pushfstring(L, "%s%d", request->name, place);
        if (place == 1) {
            lua_pushstring(L, request->name);
        } else {
            lua_pushfstring(L, "%s%d", request->name, place - 1);
        }
        lua_rawget(L, -3);
        lua_rawset(L, -3);
    }
    lua_pushstring(L, request->name);
    lua_pushvalue(request->thread, request->index);
    lua_xmove(request->thread, L, 1);
    lua_rawset(L, -3);
    return 0;
}

void ms_keep_value(ms_state *state, lua_State *thread, int index, const char *name, int earlier) {
    if (lua_gettop(thread) < 1 || !lua_checkstack(thread, 1)) return;
    keep_request request = {thread, lua_absindex(thread, index), name, earlier};
    if (protect(state, keep_value_protected, &request, 0) != LUA_OK) lua_pop(state->main, 1);
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

void ms_task_place(lua_State *thread, char *text, size_t size) {
    text[0] = 0;
    lua_Debug frame;
    for (int level = 0; lua_getstack(thread, level, &frame); level++) {
        // With these letters lua_getinfo pushes nothing. A prelude of ours is no place that a person knows.
        if (lua_getinfo(thread, "Sl", &frame) && frame.currentline > 0 && !ms_is_prelude(thread, level)) {
            snprintf(text, size, "%s:%d", frame.short_src, frame.currentline);
            return;
        }
    }
}
