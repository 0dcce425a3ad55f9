// Suspension and the functions of Lua that must know of it: coroutine.*, pcall, xpcall.
//
// A suspended call yields a private tag and a token. coroutine.resume and wrap recognise the tag, pass the suspension
// outward by yielding themselves, and when they are resumed, resume the coroutine inward; the innermost frame then
// asks Swift for its answer. So nothing is passed along but control, and the user's own yields stay the user's.
#include "bridge_internal.h"

static const char suspension_tag = 0;

// While a coroutine is suspended by us, and only then, the tag and the token are on top of its stack.
static bool is_waiting(lua_State *co) {
    return lua_gettop(co) >= 2 && lua_touserdata(co, -2) == (const void *)&suspension_tag;
}

// The same of a coroutine that has just yielded `results` values.
static bool was_suspended(lua_State *co, int results) {
    return results == 2 && lua_touserdata(co, -2) == (const void *)&suspension_tag;
}

static uint64_t token_of(lua_State *co) { return (uint64_t)lua_tointegerx(co, -1, NULL); }

static int yield_suspension(lua_State *L, uint64_t token, lua_KFunction then) {
    lua_pushlightuserdata(L, (void *)&suspension_tag);
    lua_pushinteger(L, (lua_Integer)token);
    return lua_yieldk(L, 2, (lua_KContext)token, then);
}

// [-?, +?, v] Suspends the running function until `token` has an answer, then goes on in `then`. Where Lua cannot
// yield, waits on the spot.
int ms_suspend(lua_State *L, uint64_t token, lua_KFunction then) {
    ms_state *state = ms_state_of(L);
    luaL_checkstack(L, 4, "cannot wait here");
    if (lua_isyieldable(L)) return yield_suspension(L, token, then);
    state->host.wait(state->host.context, L, token);
    return then(L, LUA_YIELD, (lua_KContext)token);
}

static int resume_raw(ms_state *state, lua_State *co, lua_State *from, int arguments, int *results) {
    lua_State *before = ms_enter(state, co);
    int status = lua_resume(co, from, arguments, results);
    ms_leave(state, co, before);
    return status;
}

// lua_resetthread, with stops reaching the to-be-closed variables that it runs.
static int reset_thread(lua_State *co) {
    ms_state *state = ms_state_of(co);
    lua_State *before = ms_enter(state, co);
    int status = lua_resetthread(co);
    ms_leave(state, co, before);
    return status;
}

// Runs the to-be-closed variables of a coroutine that is stopped.
static void end_stopped(ms_state *state, lua_State *co) {
    if (state->left == co) {
        state->left = NULL;
        // It was left by a yield: a last variable, closed first, raises the stop, so that the others see an error.
        if (lua_checkstack(co, LUA_MINSTACK)) {
            lua_getfield(co, LUA_REGISTRYINDEX, MS_STOPPER);
            lua_toclose(co, -1);
        }
    }
    reset_thread(co);
    lua_settop(co, 0);
}

// The same of a task, which fails with the stop.
static void end_stopped_task(ms_state *state, lua_State *thread) {
    end_stopped(state, thread);
    lua_getfield(thread, LUA_REGISTRYINDEX, MS_STOPS);
    lua_rawgeti(thread, -1, state->stop);
}

ms_progress ms_resume(ms_state *state, lua_State *thread, int arguments, uint64_t *token) {
    lua_State *task = state->task;
    state->task = thread;
    if (is_waiting(thread)) lua_pop(thread, 2);
    int results = 0;
    int status =
        resume_raw(state, thread, NULL, arguments, &results);  // its C calls are counted anew: see ms_stack_left
    if (state->left == thread) {
        end_stopped_task(state, thread);
        status = LUA_ERRRUN;
    }
    state->task = task;
    if (status == LUA_OK) return MS_FINISHED;
    if (status != LUA_YIELD) return MS_FAILED;
    // Without our tag a C function of the script's yielded where nothing resumes it: an error in `lua` too.
    *token = was_suspended(thread, results) ? token_of(thread) : 0;
    return MS_WAITING;
}

void ms_retire(ms_state *state, lua_State *thread) {
    (void)state;
    *ms_mark_of(thread) |= 1;
}

void ms_release(ms_state *state, lua_State *thread) {
    lua_State *L = state->main;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_tasks_key);
    lua_pushnil(L);
    lua_rawsetp(L, -2, thread);  // an existing key: allocates nothing
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ms_texts_key);
    lua_pushnil(L);
    lua_rawsetp(L, -2, thread);  // nil under a new key is not entered
    lua_pop(L, 2);
}

// --- coroutine.* ---------------------------------------------------------------------------------

static lua_State *check_coroutine(lua_State *L) {
    lua_State *co = lua_tothread(L, 1);
    luaL_argexpected(L, co, 1, "thread");
    return co;
}

typedef enum { dead, suspended, normal, running } coroutine_state;
static const char *const state_names[] = {"dead", "suspended", "normal", "running"};

static coroutine_state state_of(lua_State *L, lua_State *co) {
    if (L == co) return running;
    if (ms_is_retired(co)) return dead;
    if (is_waiting(co)) return running;
    switch (lua_status(co)) {
    case LUA_YIELD: return suspended;
    case LUA_OK: {
        lua_Debug frame;
        if (lua_getstack(co, 0, &frame)) return normal;
        return lua_gettop(co) == 0 ? dead : suspended;
    }
    default: return dead;
    }
}

static int co_status(lua_State *L) {
    lua_pushstring(L, state_names[state_of(L, check_coroutine(L))]);
    return 1;
}

// Moves the values that the coroutine yielded or returned. Returns the count, or -1 with a message on top of L.
static int take_results(lua_State *L, lua_State *co, int results) {
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(co, results);
        lua_pushliteral(L, "too many results to resume");
        return -1;
    }
    lua_xmove(co, L, results);
    return results;
}

static const int suspend_outward = -2;

// Runs `co` until it yields to the user, ends, or must be waited for by yielding outward (suspend_outward, with the
// token). Returns the count of results on top of L, or -1 with the error.
static int run_coroutine(lua_State *L, lua_State *co, int arguments, uint64_t *token) {
    ms_state *state = ms_state_of(L);
    for (;;) {
        int results = 0;
        int status = resume_raw(state, co, L, arguments, &results);
        if (status == LUA_YIELD && was_suspended(co, results)) {
            *token = token_of(co);
            if (lua_isyieldable(L)) return suspend_outward;
            state->host.wait(state->host.context, L, *token);
            lua_pop(co, 2);
            arguments = 0;
            continue;
        }
        if (state->stop != MS_GO_ON && (state->left == co || lua_status(co) > LUA_YIELD)) {
            end_stopped(state, co);
            ms_raise_stop(L);
        }
        if (status == LUA_OK || status == LUA_YIELD) return take_results(L, co, results);
        lua_xmove(co, L, 1);
        return -1;
    }
}

// lua_resume refuses a dead, running or normal coroutine by itself, but not one that waits.
static int start_coroutine(lua_State *L, lua_State *co, int arguments, uint64_t *token) {
    if (ms_is_retired(co)) {
        lua_pushliteral(L, "cannot resume dead coroutine");
        return -1;
    }
    if (is_waiting(co)) {
        lua_pushliteral(L, "cannot resume non-suspended coroutine");
        return -1;
    }
    if (!lua_checkstack(co, arguments)) {
        lua_pushliteral(L, "too many arguments to resume");
        return -1;
    }
    lua_xmove(L, co, arguments);
    return run_coroutine(L, co, arguments, token);
}

// Goes on with a coroutine that waited, with its answer there to be fetched.
static int go_on(lua_State *L, lua_State *co, uint64_t *token) {
    lua_pop(co, 2);
    return run_coroutine(L, co, 0, token);
}

static int finish_resume(lua_State *L, int results) {
    if (results < 0) {
        lua_pushboolean(L, 0);
        lua_insert(L, -2);
        return 2;
    }
    lua_pushboolean(L, 1);
    lua_insert(L, -(results + 1));
    return results + 1;
}

static int co_resumed(lua_State *L, int status, lua_KContext context) {
    (void)status;
    (void)context;
    uint64_t token;
    lua_settop(L, 1);
    int results = go_on(L, lua_tothread(L, 1), &token);
    if (results == suspend_outward) return yield_suspension(L, token, co_resumed);
    return finish_resume(L, results);
}

static int co_resume(lua_State *L) {
    lua_State *co = check_coroutine(L);
    uint64_t token;
    int results = start_coroutine(L, co, lua_gettop(L) - 1, &token);
    if (results == suspend_outward) return yield_suspension(L, token, co_resumed);
    return finish_resume(L, results);
}

static int finish_wrap(lua_State *L, lua_State *co, int results) {
    if (results >= 0) return results;
    int status = lua_status(co);
    if (status != LUA_OK && status != LUA_YIELD) {  // it died of an error: run its to-be-closed variables
        lua_xmove(L, co, 1);
        status = reset_thread(co);
        lua_xmove(co, L, 1);
        if (ms_state_of(L)->stop != MS_GO_ON) ms_raise_stop(L);
    }
    if (status != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING && !ms_is_prelude(L, 1)) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int wrap_resumed(lua_State *L, int status, lua_KContext context) {
    (void)status;
    (void)context;
    uint64_t token;
    lua_settop(L, 0);
    lua_State *co = lua_tothread(L, lua_upvalueindex(1));
    int results = go_on(L, co, &token);
    if (results == suspend_outward) return yield_suspension(L, token, wrap_resumed);
    return finish_wrap(L, co, results);
}

static int wrap_call(lua_State *L) {
    lua_State *co = lua_tothread(L, lua_upvalueindex(1));
    uint64_t token;
    int results = start_coroutine(L, co, lua_gettop(L), &token);
    if (results == suspend_outward) return yield_suspension(L, token, wrap_resumed);
    return finish_wrap(L, co, results);
}

static int co_create(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_State *co = lua_newthread(L);
    ms_drop_inherited_hook(co);
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    return 1;
}

static int co_wrap(lua_State *L) {
    co_create(L);
    lua_pushcclosure(L, wrap_call, 1);
    return 1;
}

// A task's own coroutine plays the part of the main thread.
static int co_running(lua_State *L) {
    lua_pushthread(L);
    lua_pushboolean(L, L == ms_state_of(L)->task || L == ms_state_of(L)->main);
    return 2;
}

static int co_isyieldable(lua_State *L) {
    lua_State *co = lua_isnone(L, 1) ? L : check_coroutine(L);
    lua_pushboolean(L, co != ms_state_of(L)->task && lua_isyieldable(co));
    return 1;
}

static int co_yield (lua_State *L) {
    if (L == ms_state_of(L)->task) {
        lua_pushliteral(L, "attempt to yield from outside a coroutine");
        return lua_error(L);
    }
    return lua_yield(L, lua_gettop(L));
}

static int co_close(lua_State *L) {
    lua_State *co = check_coroutine(L);
    coroutine_state now = state_of(L, co);
    if (now != dead && now != suspended) return luaL_error(L, "cannot close a %s coroutine", state_names[now]);
    if (ms_is_retired(co)) {
        bool failed = lua_status(co) != LUA_OK && lua_checkstack(co, 1);
        lua_pushboolean(L, !failed);
        if (!failed) return 1;
        lua_pushvalue(co, -1);
        lua_xmove(co, L, 1);
        return 2;
    }
    int status = reset_thread(co);
    if (ms_state_of(L)->stop != MS_GO_ON) return ms_raise_stop(L);
    if (status == LUA_OK) {
        lua_pushboolean(L, 1);
        return 1;
    }
    lua_pushboolean(L, 0);
    lua_xmove(co, L, 1);
    return 2;
}

// --- functions that catch errors -------------------------------------------------------------------------

// [-0, +?, e] `context`: how many values below the results are not part of them.
static int finish_protected_call(lua_State *L, int status, lua_KContext context) {
    if (status != LUA_OK && status != LUA_YIELD) {
        if (ms_state_of(L)->stop != MS_GO_ON) return ms_raise_stop(L);
        lua_pushboolean(L, 0);
        lua_pushvalue(L, -2);
        return 2;
    }
    return lua_gettop(L) - (int)context;
}

int ms_protected_call(lua_State *L) {
    luaL_checkany(L, 1);
    lua_pushboolean(L, 1);
    lua_insert(L, 1);
    int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_protected_call);
    return finish_protected_call(L, status, 0);
}

int ms_protected_call_with_handler(lua_State *L) {
    int arguments = lua_gettop(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    if (!lua_iscfunction(L, 2)) ms_state_of(L)->has_handlers = true;
    lua_pushboolean(L, 1);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2);  // function, handler, true, function, arguments
    int status = lua_pcallk(L, arguments - 2, LUA_MULTRET, 2, 2, finish_protected_call);
    return finish_protected_call(L, status, 2);
}

void ms_open_coroutine(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"create", co_create},           {"resume", co_resume}, {"running", co_running},
        {"status", co_status},           {"wrap", co_wrap},     {"yield", co_yield },
        {"isyieldable", co_isyieldable}, {"close", co_close},   {NULL, NULL},
    };
    lua_getglobal(L, LUA_COLIBNAME);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
    lua_pushcfunction(L, ms_protected_call);
    lua_setglobal(L, "pcall");
    lua_pushcfunction(L, ms_protected_call_with_handler);
    lua_setglobal(L, "xpcall");
}
