// Stops: a signal to the state's thread sets a hook on the coroutine that runs, the hook asks Swift whether the running
// task is meant, and raises. What catches errors (pcall, xpcall, resume, wrap, load) raises a pending stop again.
#define _GNU_SOURCE
#include "bridge_internal.h"

// The state that this thread runs: a signal handler has no other way to find it.
static _Thread_local ms_state *thread_state;

enum { every_event = LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT };

bool ms_is_armed(lua_State *L) { return lua_gethook(L) == ms_hook; }

// Async-signal-safe in the way of lua.c's own handler: lua_sethook only stores fields.
void ms_arm(ms_state *state, lua_State *L) {
    if (!ms_is_armed(L)) {
        state->displaced.function = lua_gethook(L);
        state->displaced.mask = lua_gethookmask(L);
        state->displaced.count = lua_gethookcount(L);
    }
    lua_sethook(L, ms_hook, every_event, 1);
}

static void disarm(ms_state *state, lua_State *L) {
    lua_sethook(L, state->displaced.function, state->displaced.mask, state->displaced.count);
    state->displaced.function = NULL;
}

static void handle_signal(int number) {
    (void)number;
    ms_state *state = thread_state;
    if (state == NULL) return;
    atomic_store(&state->signalled, true);
    lua_State *L = atomic_load(&state->running);
    if (L != NULL) ms_arm(state, L);
}

void ms_adopt_thread(ms_state *state) {
    state->thread = pthread_self();
    thread_state = state;
    struct sigaction action = {.sa_handler = handle_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGURG, &action, NULL);  // ignored by default, so a late one does no harm
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGURG);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

// A signal that is still on its way finds no state.
void ms_leave_thread(void) { thread_state = NULL; }

void ms_signal(ms_state *state) { pthread_kill(state->thread, SIGURG); }

void ms_set_stop(ms_state *state, ms_stop stop) {
    state->stop = stop;
    state->was_raised = false;
}

// [-0, +0, e] Runs at every event while armed. Disarms itself, so that to-be-closed variables run undisturbed; if they take too
// long, the next signal arms it again.
void ms_hook(lua_State *L, lua_Debug *event) {
    (void)event;
    ms_state *state = ms_state_of(L);
    atomic_store(&state->signalled, false);
    disarm(state, L);
    ms_stop stop = state->host.poll(state->host.context);
    if (stop == MS_GO_ON) return;
    state->stop = stop;
    // Raised before, and something still runs: perhaps the script's own message handler, which another error would only
    // call again. Lua calls none for want of memory.
    if (state->was_raised) lua_newuserdatauv(L, MS_IMPOSSIBLE_SIZE, 0);
    ms_raise_stop(L);
}

int ms_raise_stop(lua_State *L) {
    ms_state *state = ms_state_of(L);
    if (ms_is_armed(L)) disarm(state, L);
    state->was_raised = true;
    lua_getfield(L, LUA_REGISTRYINDEX, MS_STOPS);
    lua_rawgeti(L, -1, state->stop);
    return lua_error(L);
}

// debug.sethook: as it is, but a stop that was signalled meanwhile stays armed.
int ms_debug_sethook(lua_State *L) {
    ms_state *state = ms_state_of(L);
    int arguments = lua_gettop(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, arguments, LUA_MULTRET);
    if (atomic_load(&state->signalled) || state->stop != MS_GO_ON) ms_arm(state, L);
    return lua_gettop(L);
}

static void push_stop(lua_State *L, ms_stop stop, const char *kind, const char *message) {
    lua_createtable(L, 0, 2);
    lua_pushstring(L, kind);
    lua_setfield(L, -2, "kind");
    lua_pushstring(L, message);
    lua_setfield(L, -2, "message");
    luaL_setmetatable(L, MS_ERROR_METATABLE);
    lua_rawseti(L, -2, stop);
}

void ms_open_stops(lua_State *L) {
    int top = lua_gettop(L);
    lua_createtable(L, 4, 0);
    push_stop(L, MS_STOP_CANCELLED, "cancelled", "the task was cancelled");
    push_stop(L, MS_STOP_INTERRUPTED, "cancelled", "interrupted");
    push_stop(L, MS_STOP_TIME_LIMIT, "timeout", "the time limit was reached");
    push_stop(L, MS_STOP_EXIT, "cancelled", "the script ends the process");
    lua_setfield(L, LUA_REGISTRYINDEX, MS_STOPS);
    if (lua_getglobal(L, LUA_DBLIBNAME) == LUA_TTABLE && lua_getfield(L, -1, "sethook") == LUA_TFUNCTION) {
        lua_pushcclosure(L, ms_debug_sethook, 1);
        lua_setfield(L, -2, "sethook");
    }
    lua_settop(L, top);
}
