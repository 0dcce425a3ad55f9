// Tasks as Lua sees them: a handle that keeps the task's coroutine, whose stack holds the results once it has ended.
#include "bridge_internal.h"

#include <stdlib.h>
#include <string.h>

const char ms_tracebacks_key = 0;
static const char ms_handles_key = 0;  // thread -> its task's handle, weakly

typedef struct {
    uint64_t number;
} handle;

// Raises for a value that is no task, at the script's place rather than in a prelude.
static handle *check_handle(lua_State *L, int index) {
    handle *task = luaL_testudata(L, index, MS_TASK_METATABLE);
    if (task != NULL) return task;
    lua_pushfstring(
        L, "a task expected, got %s; methods are called with a colon, as in t:await()", luaL_typename(L, index));
    ms_make_error(L, "invalid_argument");
    ms_add_position(L);
    lua_error(L);
    return NULL;
}

uint64_t ms_task_number(lua_State *L, int index) {
    if (lua_type(L, index) != LUA_TUSERDATA) return 0;
    const char *name = ms_metatable_name(L, index);
    return name != NULL && strcmp(name, MS_TASK_METATABLE) == 0 ? ((handle *)lua_touserdata(L, index))->number : 0;
}

void ms_keep_traceback(lua_State *L, lua_State *thread, int level) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_tracebacks_key);
    luaL_traceback(L, thread, NULL, level);
    lua_rawsetp(L, -2, thread);
    lua_pop(L, 1);
}

// The message handler of a task: keeps the traceback while the frames are there. As in `lua`, an error object of the
// script's that prints itself needs none.
static int keep_traceback(lua_State *L) {
    lua_settop(L, 1);
    const char *name = ms_metatable_name(L, 1);
    bool is_ours = name != NULL && strcmp(name, MS_ERROR_METATABLE) == 0;
    if (!lua_isstring(L, 1) && !is_ours && luaL_callmeta(L, 1, "__tostring") && lua_type(L, -1) == LUA_TSTRING) {
        lua_settop(L, 1);
        return 1;
    }
    lua_settop(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_tracebacks_key);
    bool has_place = ms_state_of(L)->stop != MS_GO_ON && lua_rawgetp(L, -1, L) != LUA_TNIL;  // where the stop struck
    lua_settop(L, 1);
    if (!has_place) ms_keep_traceback(L, L, 1);
    return 1;
}

static int task_ended(lua_State *L, int status, lua_KContext context) {
    (void)context;
    // Whatever to-be-closed variables and finalizers made of it, a stopped task ends with its stop.
    if (ms_state_of(L)->stop != MS_GO_ON) return ms_raise_stop(L);
    if (status != LUA_OK && status != LUA_YIELD) return lua_error(L);
    return lua_gettop(L) - 1;
}

// [-n, +?, v] The bottom of every task: calls its function under protection, so that an error runs the to-be-closed
// variables in order, with hooks at work, and free to suspend.
int ms_run_task(lua_State *L) {
    lua_pushcfunction(L, keep_traceback);
    lua_insert(L, 1);
    int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 1, 0, task_ended);
    return task_ended(L, status, 0);
}

static int shown_task_ended(lua_State *L, int status, lua_KContext context) {
    (void)context;
    if (ms_state_of(L)->stop != MS_GO_ON) return ms_raise_stop(L);
    if (status != LUA_OK && status != LUA_YIELD) return lua_error(L);
    lua_remove(L, 1);
    ms_showing showing = {
        lua_toboolean(L, lua_upvalueindex(1)) != 0, lua_tointegerx(L, lua_upvalueindex(2), NULL),
        lua_toboolean(L, lua_upvalueindex(3)) != 0};
    return ms_describe_results(L, showing);
}

int ms_run_shown_task(lua_State *L) {
    lua_pushcfunction(L, keep_traceback);
    lua_insert(L, 1);
    int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 1, 0, shown_task_ended);
    return shown_task_ended(L, status, 0);
}

void ms_push_shown_task(lua_State *L, ms_showing showing) {
    lua_pushboolean(L, showing.texts);
    lua_pushinteger(L, showing.rows);
    lua_pushboolean(L, showing.passes);
    lua_pushcclosure(L, ms_run_shown_task, 3);
}

static int spawn_as(lua_State *L, bool quiet) {
    ms_state *state = ms_state_of(L);
    if (!lua_isfunction(L, 1) && luaL_getmetafield(L, 1, "__call") == LUA_TNIL) luaL_checktype(L, 1, LUA_TFUNCTION);
    if (!lua_isfunction(L, 1)) lua_pop(L, 1);
    if (!ms_has_memory(state, MS_TO_SPAWN)) {
        lua_getfield(L, LUA_REGISTRYINDEX, MS_MEMORY_ERROR);
        return lua_error(L);
    }
    int arguments = lua_gettop(L) - 1;
    luaL_checkstack(L, arguments + 8, "too many arguments");
    handle *task = lua_newuserdatauv(L, sizeof *task, 1);
    task->number = 0;
    luaL_setmetatable(L, MS_TASK_METATABLE);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_tasks_key);
    lua_State *thread = lua_newthread(L);
    ms_drop_inherited_hook(thread);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, -4, 1);
    lua_rawsetp(L, -2, thread);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_handles_key);
    lua_pushvalue(L, -3);
    lua_rawsetp(L, -2, thread);
    lua_pop(L, 2);
    if (!lua_checkstack(thread, arguments + 8)) return luaL_error(L, "too many arguments");
    lua_insert(L, 1);
    lua_pushcfunction(thread, ms_run_task);
    lua_xmove(L, thread, arguments + 1);
    task->number = state->host.spawned(state->host.context, thread, arguments + 1, quiet);
    return 1;
}

static int spawn(lua_State *L) { return spawn_as(L, false); }
static int spawn_quiet(lua_State *L) { return spawn_as(L, true); }

// [-0, +n, e] The results of the ended task at index 1, or its error raised.
static int take_outcome(lua_State *L) {
    lua_settop(L, 1);
    lua_getiuservalue(L, 1, 1);
    lua_State *thread = lua_tothread(L, 2);
    if (thread == NULL) return luaL_error(L, "a task expected");
    ms_state *state = ms_state_of(L);
    if (state->host.failed(state->host.context, check_handle(L, 1)->number)) {
        if (lua_gettop(thread) == 0 || !lua_checkstack(thread, 1)) return luaL_error(L, "the task's error is gone");
        lua_pushvalue(thread, -1);
        lua_xmove(thread, L, 1);
        return lua_error(L);
    }
    int results = lua_gettop(thread);
    luaL_checkstack(L, results + 2, "too many results");
    for (int i = 1; i <= results; i++) {
        if (!lua_checkstack(thread, 1)) return luaL_error(L, "too many results");
        lua_pushvalue(thread, i);
        lua_xmove(thread, L, 1);
    }
    return results;
}

static int finish_await(lua_State *L, int status, lua_KContext token) {
    (void)status;
    ms_state *state = ms_state_of(L);
    ms_reply answer = state->host.answer(state->host.context, L, (uint64_t)token);
    if (answer.outcome != MS_RETURN) return ms_finish(L, answer);
    free(answer.message.bytes);  // says only that it has ended
    return take_outcome(L);
}

// primitives.await(task): its results, or its error raised.
static int await(lua_State *L) {
    ms_state *state = ms_state_of(L);
    handle *task = check_handle(L, 1);
    lua_settop(L, 1);
    uint64_t token = state->host.await(state->host.context, task->number, -1, true);
    if (token == 0) return take_outcome(L);
    return ms_suspend(L, token, finish_await);
}

// primitives.wait(task, seconds): true if the task ended in time. Does not count as awaiting its outcome.
static int wait(lua_State *L) {
    ms_state *state = ms_state_of(L);
    handle *task = check_handle(L, 1);
    lua_Number seconds = luaL_optnumber(L, 2, -1);
    uint64_t token = state->host.await(state->host.context, task->number, seconds, false);
    if (token == 0) {
        lua_pushboolean(L, 1);
        return 1;
    }
    return ms_suspend(L, token, ms_finish_answer);
}

static int cancel(lua_State *L) {
    ms_state *state = ms_state_of(L);
    state->host.cancel(state->host.context, check_handle(L, 1)->number);
    if (state->stop != MS_GO_ON) return ms_raise_stop(L);  // it cancelled itself
    return 0;
}

static int sleep_for(lua_State *L) {
    ms_state *state = ms_state_of(L);
    lua_Number seconds = luaL_checknumber(L, 1);
    luaL_argcheck(L, seconds >= 0, 1, "a number of at least 0 expected");
    lua_settop(L, 0);
    return ms_suspend(L, state->host.sleep(state->host.context, seconds), ms_finish_answer);
}

// primitives.deadline(task, seconds): stops it then, also while it never waits.
static int deadline(lua_State *L) {
    ms_state *state = ms_state_of(L);
    state->host.deadline(state->host.context, check_handle(L, 1)->number, luaL_checknumber(L, 2));
    return 0;
}

// primitives.late(task): whether its deadline stopped it.
static int late(lua_State *L) {
    ms_state *state = ms_state_of(L);
    lua_pushboolean(L, state->host.late(state->host.context, check_handle(L, 1)->number));
    return 1;
}

// primitives.done(task): whether it has ended.
static int done(lua_State *L) {
    check_handle(L, 1);
    lua_getiuservalue(L, 1, 1);
    lua_State *thread = lua_tothread(L, -1);
    lua_pushboolean(L, thread == NULL || ms_is_retired(thread));
    return 1;
}

// primitives.self(): the handle of the running task; nil in a chunk's own.
static int self(lua_State *L) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_handles_key);
    lua_rawgetp(L, -1, ms_state_of(L)->task);
    return 1;
}

static int handle_tostring(lua_State *L) {
    lua_pushfstring(L, "task %I", (lua_Integer)check_handle(L, 1)->number);
    return 1;
}

static int handle_collected(lua_State *L) {
    ms_state *state = ms_state_of(L);
    handle *task = luaL_testudata(L, 1, MS_TASK_METATABLE);
    if (task != NULL && task->number != 0) state->host.forget(state->host.context, task->number);
    return 0;
}

void ms_open_tasks(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"spawn", spawn},       {"spawn_quiet", spawn_quiet},
        {"await", await},       {"wait", wait},
        {"cancel", cancel},     {"sleep", sleep_for},
        {"done", done},         {"self", self},
        {"deadline", deadline}, {"late", late},
        {NULL, NULL},
    };
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &ms_tracebacks_key);
    ms_push_weak_table(L, "v");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &ms_handles_key);
    lua_getfield(L, LUA_REGISTRYINDEX, MS_PRIMITIVES);
    luaL_setfuncs(L, functions, 0);
    luaL_newmetatable(L, MS_TASK_METATABLE);
    lua_pushcfunction(L, handle_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushcfunction(L, handle_collected);
    lua_setfield(L, -2, "__gc");
    lua_newtable(L);  // seen by scripts in its place
    lua_setfield(L, -2, "__metatable");
    ms_register_metatable(L, MS_TASK_METATABLE, lua_gettop(L));
    lua_setfield(L, -2, "task_metatable");
    lua_pop(L, 1);
}
