// The state: its memory, how it is opened and closed.
#define _GNU_SOURCE
#include "bridge_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char ms_tasks_key = 0;
const char ms_metatable_names_key = 0;
const char ms_module_name_key = 0;

static void *allocate(void *context, void *block, size_t old_size, size_t new_size) {
    ms_state *state = context;
    if (block == NULL) {  // old_size is a type tag here
        if (new_size > state->limit - state->used || new_size == 0) return NULL;
        void *made = ms_pool_take(&state->pool, new_size);
        if (made != NULL) state->used += new_size;
        return made;
    }
    if (new_size == 0) {
        ms_pool_give(&state->pool, block, old_size);
        state->used -= old_size;
        return NULL;
    }
    if (new_size > old_size && new_size - old_size > state->limit - state->used) return NULL;
    void *moved = ms_pool_resize(&state->pool, block, old_size, new_size);
    if (moved != NULL) state->used += new_size - old_size;
    return moved;
}

// [-0, +0, -] `bytes` of 0: a limit that no machine reaches. Blocks that are held already stay, also beyond the limit.
static void set_limit(ms_state *state, size_t bytes) {
    size_t most = MS_IMPOSSIBLE_SIZE - 1;
    state->limit = bytes == 0 || bytes > most ? most : bytes < state->used ? state->used : bytes;
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
    lua_pushliteral(L, "not enough memory");
    lua_setfield(L, LUA_REGISTRYINDEX, MS_MEMORY_ERROR);
    warm_buffers(L);
    ms_open_libraries(L, untrusted);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &ms_tasks_key);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &ms_metatable_names_key);
    ms_open_errors(L);
    ms_open_stops(L);
    ms_open_coroutine(L);
    ms_open_tasks(L);
    ms_open_texts(L);
    ms_open_scope(L);
    ms_open_prelude_globals(L);
    ms_open_modules(L, untrusted);
    // Pages of records come and go: against lua.c's generational mode this saves a quarter of the time and two fifths of
    // the memory (pause and step measured on hubspot.contacts.each), and plain Lua is no slower.
    lua_gc(L, LUA_GCINC, 175, 400, 0);
    return 0;
}

// Warnings go to standard error as in `lua -W`, on after "@on".
static void warn_off(void *context, const char *message, int to_be_continued);
static void warn_on(void *context, const char *message, int to_be_continued) {
    ms_state *state = context;
    if (!state->continues_warning && !to_be_continued && message[0] == '@') {
        if (strcmp(message, "@off") == 0) lua_setwarnf(state->main, warn_off, state);
        return;
    }
    if (!state->continues_warning) fputs("Lua warning: ", stderr);
    fputs(message, stderr);
    state->continues_warning = to_be_continued;
    if (!to_be_continued) fputc('\n', stderr);
}
static void warn_off(void *context, const char *message, int to_be_continued) {
    ms_state *state = context;
    bool is_whole = !state->continues_warning && !to_be_continued;
    state->continues_warning = to_be_continued;
    if (is_whole && strcmp(message, "@on") == 0) lua_setwarnf(state->main, warn_on, state);
}

// Twice: the first leaves objects with a finalizer, as handles of tasks do, with all that hangs on it.
static int collect(lua_State *L) {
    lua_gc(L, LUA_GCCOLLECT);
    lua_gc(L, LUA_GCCOLLECT);
    return 0;
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

bool ms_has_memory(ms_state *state, ms_need need) {
    size_t reserve = state->limit / (need == MS_TO_SPAWN ? 16 : 32);
    bool *is_short = &state->memory[need].is_short;
    if (state->limit - state->used >= reserve) {
        *is_short = false;
        return true;
    }
    // Thousands may ask in a row: collections take a fifth of the time at most.
    uint64_t begin = now();
    if (*is_short && begin - state->memory[need].collected < 4 * state->memory[need].duration) return false;
    if (!lua_checkstack(state->main, 2)) return false;
    lua_pushcfunction(state->main, collect);
    lua_State *before = ms_enter(state, state->main);
    if (lua_pcall(state->main, 0, 0, 0) != LUA_OK) lua_pop(state->main, 1);
    ms_leave(state, state->main, before);
    *is_short = state->limit - state->used < reserve;
    state->memory[need].collected = now();
    state->memory[need].duration = state->memory[need].collected - begin;
    return !*is_short;
}

ms_progress ms_refuse(ms_state *state, lua_State *thread) {
    (void)state;
    lua_settop(thread, 0);
    lua_getfield(thread, LUA_REGISTRYINDEX, MS_MEMORY_ERROR);  // a string that exists: allocates nothing
    return MS_FAILED;
}

ms_state *ms_open(ms_host host, size_t memory_limit, bool untrusted) {
    ms_state *state = calloc(1, sizeof *state);
    if (state == NULL) return NULL;
    state->host = host;
    state->is_untrusted = untrusted;
    set_limit(state, 0);
    state->json = ms_json_new();
    state->thread = pthread_self();
    state->main = state->json == NULL ? NULL : lua_newstate(allocate, state);
    if (state->main == NULL) {
        if (state->json != NULL) ms_json_free(state->json);
        ms_pool_free(&state->pool);
        free(state);
        return NULL;
    }
    lua_State *L = state->main;
    *ms_mark_of(L) = (uintptr_t)state;
    lua_setwarnf(L, warn_off, state);
    lua_pushcfunction(L, open_protected);
    lua_pushboolean(L, untrusted);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
        ms_close(state);
        return NULL;
    }
    set_limit(state, memory_limit);
    return state;
}

void ms_close(ms_state *state) {
    set_limit(state, 0);
    ms_leave_thread();
    lua_close(state->main);
    ms_json_free(state->json);
    ms_pool_free(&state->pool);
    free(state);
}

lua_State *ms_main(ms_state *state) { return state->main; }
size_t ms_memory(const ms_state *state) { return state->used; }
void ms_pop(lua_State *L, int count) { lua_pop(L, count); }
void ms_push_globals(lua_State *L) { lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS); }

const char *ms_lua_release(void) { return LUA_RELEASE; }
