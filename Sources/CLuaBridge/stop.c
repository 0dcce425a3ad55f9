// Stops: a signal to the state's thread sets a hook on the coroutine that runs, the hook asks Swift whether the running
// task is meant, and ends it. The functions that catch errors (pcall, xpcall, resume, wrap, load) raise a pending stop again.
#define _GNU_SOURCE
#include "bridge_internal.h"

#include <string.h>

// The state that this thread runs: a signal handler has no other way to find it.
static _Thread_local ms_state *thread_state;

// No lines: every instruction counts already, and a line hook of the script's would follow a count hook that yields.
enum { every_event = LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT };

// --- while the signal cannot come ----------------------------------------------------------------

static void restore_hook(ms_state *state) {
    lua_State *L = ms_armed_coroutine(state);
    if (L == NULL) return;
    atomic_store_explicit(&state->armed.coroutine, NULL, memory_order_relaxed);
    if (lua_gethook(L) == ms_hook) lua_sethook(L, state->armed.function, state->armed.mask, state->armed.count);
}

// Async-signal-safe in the way of lua.c's own handler: lua_sethook only stores fields.
static void set_hook(ms_state *state, lua_State *L) {
    bool is_ours = lua_gethook(L) == ms_hook;
    if (!is_ours || ms_armed_coroutine(state) != L) {
        restore_hook(state);
        // Ours on a coroutine that is not armed was inherited from the one that made it.
        state->armed.function = is_ours ? NULL : lua_gethook(L);
        state->armed.mask = is_ours ? 0 : lua_gethookmask(L);
        state->armed.count = is_ours ? 0 : lua_gethookcount(L);
        atomic_store_explicit(&state->armed.coroutine, L, memory_order_relaxed);
    }
    lua_sethook(L, ms_hook, every_event, 1);
}

static void handle_signal(int number) {
    (void)number;
    ms_state *state = thread_state;
    if (state == NULL) return;
    atomic_store_explicit(&state->signalled, true, memory_order_relaxed);
    lua_State *L = atomic_load_explicit(&state->running, memory_order_relaxed);
    if (L != NULL) set_hook(state, L);
}

// -------------------------------------------------------------------------------------------------

void ms_hold_signal(sigset_t *before) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGURG);
    pthread_sigmask(SIG_BLOCK, &set, before);
}

void ms_release_signal(const sigset_t *before) { pthread_sigmask(SIG_SETMASK, before, NULL); }

void ms_arm(ms_state *state, lua_State *L) {
    sigset_t before;
    ms_hold_signal(&before);
    set_hook(state, L);
    ms_release_signal(&before);
}

void ms_drop_inherited_hook(lua_State *co) {
    if (lua_gethook(co) == ms_hook) lua_sethook(co, NULL, 0, 0);
}

void ms_disarm(ms_state *state, lua_State *co) {
    sigset_t before;
    ms_hold_signal(&before);
    if (ms_armed_coroutine(state) == co) restore_hook(state);
    ms_drop_inherited_hook(co);
    ms_release_signal(&before);
}

void ms_adopt_thread(ms_state *state) {
    state->thread = pthread_self();
    pthread_attr_t attributes;
    if (pthread_getattr_np(state->thread, &attributes) == 0) {
        void *lowest;
        size_t size;
        if (pthread_attr_getstack(&attributes, &lowest, &size) == 0) state->stack_end = (uintptr_t)lowest;
        pthread_attr_destroy(&attributes);
    }
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

size_t ms_stack_left(const ms_state *state) { return (uintptr_t)__builtin_frame_address(0) - state->stack_end; }

bool ms_is_in_finalizer(lua_State *L) {
    lua_Debug frame;
    for (int level = 0; lua_getstack(L, level, &frame); level++) {
        if (lua_getinfo(L, "n", &frame) && frame.name != NULL && strcmp(frame.name, "__gc") == 0) return true;
    }
    return false;
}

void ms_set_stop(ms_state *state, ms_stop stop) {
    state->stop = stop;
    state->was_raised = false;
}

static int keep_error(lua_State *L) {
    lua_settop(L, 1);
    return 1;
}

// [-0, +0, -] Puts another message handler in place of the script's that an error raised now would call: it might never end. False
// where that is not known: there are too many levels to search (a level is found in a time that grows with its depth), or the
// frames are gone and Lua has kept a handler of theirs, as it does while a coroutine is closed.
static bool silence_handler(lua_State *L) {
    enum { most_levels = 10000 };
    if (!ms_state_of(L)->has_handlers) return true;
    if (!lua_checkstack(L, 2)) return false;
    lua_Debug frame;
    for (int level = 1; level < most_levels; level++) {  // an xpcall at level 0 has not called yet, or has returned
        if (!lua_getstack(L, level, &frame)) return false;
        lua_getinfo(L, "f", &frame);
        lua_CFunction function = lua_tocfunction(L, -1);
        lua_pop(L, 1);
        if (function == ms_protected_call || function == ms_run_task || function == ms_run_shown_task) return true;
        if (function != ms_protected_call_with_handler) continue;
        lua_pushcfunction(L, keep_error);
        if (lua_setlocal(L, &frame, 2) == NULL) lua_pop(L, 1);
        return true;
    }
    return false;
}

static int keep_place(lua_State *L) {
    ms_keep_traceback(L, L, 1);
    return 0;
}

// [-0, +0, e] Runs at every event while armed. Disarms itself, so that to-be-closed variables run undisturbed; if
// they take too long, the next signal arms it again, and then it stays.
//
// An error out of a hook calls the script's message handler with hooks off, and leaves them off in a coroutine that
// dies of it: a loop there could not be ended. So a coroutine is left by a yield that is never resumed, which only
// a count event may do, and its to-be-closed variables run when it is closed.
void ms_hook(lua_State *L, lua_Debug *event) {
    ms_state *state = ms_state_of(L);
    bool can_leave =
        L != state->main && lua_isyieldable(L) && L == atomic_load_explicit(&state->running, memory_order_relaxed);
    if (can_leave && event->event != LUA_HOOKCOUNT) return;
    atomic_store_explicit(&state->signalled, false, memory_order_relaxed);
    ms_disarm(state, L);
    ms_stop stop = state->host.poll(state->host.context);
    if (stop == MS_GO_ON) return;
    state->stop = stop;
    if (state->was_raised) {  // the time for closing is over: whatever runs next is polled at once
        atomic_store_explicit(&state->signalled, true, memory_order_relaxed);
        ms_arm(state, L);
    }
    bool is_silent = silence_handler(L);  // also of errors that to-be-closed variables raise later
    if (can_leave) {
        if (L == state->task) {
            lua_pushcfunction(L, keep_place);
            if (lua_pcall(L, 0, 0, 0) != LUA_OK) lua_pop(L, 1);  // too little memory for a traceback
        }
        state->was_raised = true;
        state->left = L;
        lua_yield(L, 0);  // returns to Lua, which ends the resume
        return;
    }
    // Where Lua cannot yield only an error is left. Lua calls no message handler for want of memory.
    if (!is_silent) lua_newuserdatauv(L, MS_IMPOSSIBLE_SIZE, 0);
    ms_raise_stop(L);
}

int ms_raise_stop(lua_State *L) {
    ms_state *state = ms_state_of(L);
    state->was_raised = true;
    silence_handler(L);
    lua_getfield(L, LUA_REGISTRYINDEX, MS_STOPS);
    lua_rawgeti(L, -1, state->stop);
    return lua_error(L);
}

static void push_stop(lua_State *L, ms_stop stop, const char *kind, const char *message) {
    lua_pushstring(L, message);
    ms_make_error(L, kind);
    lua_rawseti(L, -2, stop);
}

void ms_open_stops(lua_State *L) {
    int top = lua_gettop(L);
    lua_createtable(L, 3, 0);
    push_stop(L, MS_STOP_CANCELLED, "cancelled", "the task was cancelled");
    push_stop(L, MS_STOP_INTERRUPTED, "cancelled", "interrupted");
    push_stop(L, MS_STOP_TIME_LIMIT, "timeout", "the time limit was reached");
    // MS_STOP_EXIT raises nil: a to-be-closed variable that ends with the process is told of no error, as in lua.
    lua_setfield(L, LUA_REGISTRYINDEX, MS_STOPS);
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, ms_raise_stop);
    lua_setfield(L, -2, "__close");
    lua_setmetatable(L, -2);
    lua_setfield(L, LUA_REGISTRYINDEX, MS_STOPPER);
    ms_open_hooks(L);
    lua_settop(L, top);
}
