// Declarations that the bridge's files share. No other target includes this.
#ifndef MOONSPOT_BRIDGE_INTERNAL_H
#define MOONSPOT_BRIDGE_INTERNAL_H

// Signal masks.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "bridge.h"
#include "ms_json.h"
#include "pool.h"
#include "weak_table.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

struct ms_state {
    lua_State *main;
    ms_host host;
    ms_json *json;
    ms_pool pool;
    size_t used, limit;
    pthread_t thread;
    // The coroutine that runs now: the signal handler sets its hook. The handler interrupts the thread that reads what it
    // writes, so relaxed order with a fence for the compiler is enough.
    _Atomic(lua_State *) running;
    // Set by the signal handler, cleared by the hook.
    atomic_bool signalled;
    // The coroutine whose hook is ours (one at most), and the hook that it had. Changed by the handler, or while it cannot come.
    struct {
        _Atomic(lua_State *) coroutine;
        lua_Hook function;
        int mask, count;
    } armed;
    // The coroutine of the running task, where coroutine.yield has no resumer.
    lua_State *task;
    ms_stop stop;
    // The stop was raised since the scheduler last changed tasks.
    bool was_raised;
    // The coroutine that the hook has left for good by yielding.
    lua_State *left;
    // The script has given xpcall a message handler in Lua.
    bool has_handlers;
    // The lowest address of the thread's stack.
    uintptr_t stack_end;
    // Of each ms_need: when a collection last found too little memory, and how long it took, in nanoseconds.
    struct {
        bool is_short;
        uint64_t collected, duration;
    } memory[2];
    // The script may load text only: bytecode can break the virtual machine.
    bool is_untrusted;
    // A warning in parts is under way.
    bool continues_warning;
};

// Registry names.
#define MS_TASK_METATABLE "moonspot.task"      // of task handles
#define MS_GUARD_METATABLE "moonspot.guard"    // of guards: the function is dropped when its guard is collected
#define MS_ERROR_METATABLE "moonspot.error"    // of error tables
#define MS_PRIMITIVES "moonspot.primitives"    // the argument of every prelude
#define MS_MODULES "moonspot.modules"          // name -> module table
#define MS_PRELUDE_GLOBALS "moonspot.globals"  // the globals of preludes
#define MS_STOPS "moonspot.stops"              // ms_stop -> the value that is raised
#define MS_MEMORY_ERROR "moonspot.memory"      // "not enough memory"
#define MS_STOPPER "moonspot.stopper"          // a value that raises the stop when it is closed

// Registry keys by address, for values that are read while Swift is on the stack, when nothing may be allocated.
extern const char ms_tasks_key;            // thread -> itself, while the task lives
extern const char ms_metatable_names_key;  // metatable -> the name it is registered under
extern const char ms_module_name_key;      // in a module's metatable -> the module's name
extern const char ms_tracebacks_key;       // thread -> traceback of the error that ended its task

// A thread carries its state's address, and in the lowest bit whether it is that of a task that has ended: then its stack holds
// the outcome, which no coroutine.resume or close may touch.
static inline uintptr_t *ms_mark_of(lua_State *L) { return lua_getextraspace(L); }
static inline ms_state *ms_state_of(lua_State *L) { return (ms_state *)(*ms_mark_of(L) & ~(uintptr_t)1); }
static inline bool ms_is_retired(lua_State *L) { return (*ms_mark_of(L) & 1) != 0; }

// A block of this size is always refused: the way to an error that no message handler of the script's delays.
#define MS_IMPOSSIBLE_SIZE ((size_t)1 << 46)

// stop.c
void ms_hook(lua_State *L, lua_Debug *event);
int ms_raise_stop(lua_State *L);
// Takes our hook off a coroutine that was made while the one that made it was armed.
void ms_drop_inherited_hook(lua_State *co);
void ms_open_stops(lua_State *L);
void ms_leave_thread(void);
// Takes our hook off `co` again.
void ms_disarm(ms_state *state, lua_State *co);
// Between these two no stop is signalled to the calling thread.
void ms_hold_signal(sigset_t *before);
void ms_release_signal(const sigset_t *before);

// hooks.c
void ms_open_hooks(lua_State *L);

static inline lua_State *ms_armed_coroutine(ms_state *state) {
    return atomic_load_explicit(&state->armed.coroutine, memory_order_relaxed);
}

static inline bool ms_is_signalled(ms_state *state) {
    return atomic_load_explicit(&state->signalled, memory_order_relaxed);
}

// Says that `co` runs now. Returns the coroutine that ran before, for ms_leave.
static inline lua_State *ms_enter(ms_state *state, lua_State *co) {
    lua_State *before = atomic_load_explicit(&state->running, memory_order_relaxed);
    atomic_store_explicit(&state->running, co, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
    if (ms_is_signalled(state)) ms_arm(state, co);
    return before;
}

static inline void ms_leave(ms_state *state, lua_State *co, lua_State *before) {
    atomic_store_explicit(&state->running, before, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
    if (ms_armed_coroutine(state) == co) ms_disarm(state, co);  // it may be collected from now on
    if (ms_is_signalled(state) && before != NULL) ms_arm(state, before);
}

// coroutine.c
int ms_suspend(lua_State *L, uint64_t token, lua_KFunction then);
// pcall and xpcall. While xpcall's function runs, index 2 of its frame is the message handler.
int ms_protected_call(lua_State *L);
int ms_protected_call_with_handler(lua_State *L);
void ms_open_coroutine(lua_State *L);

// message.c
// [-0, +n, e] Pushes a message's values and frees it, whatever happens. Returns n.
int ms_push_message(lua_State *L, ms_message message);
int ms_finish(lua_State *L, ms_reply reply);
// Goes on with the answer to `token`, after a suspension.
int ms_finish_answer(lua_State *L, int status, lua_KContext token);

// entries.c
// [-0, +1, m] As luaL_loadfilex, of a file's bytes: without a byte order mark and a first line that begins with '#'. Mode "t" says
// why it refuses bytecode.
int ms_load_file_bytes(lua_State *L, const char *source, size_t length, const char *name, const char *mode);
// [-0, +0, -] Makes the value in a slot the environment of the chunk on top, where it has one.
void ms_set_environment(lua_State *L, int slot);

// module.c
void ms_open_modules(lua_State *L, bool untrusted);
void ms_push_function(lua_State *L, int64_t function, bool guarded);
// [-1, +1, e] Wraps the Lua function on top: the declared function checks the arguments, then it is called.
void ms_push_checked_function(lua_State *L, int64_t function);
// [-0, +1, e] An __index metamethod that asks the host.
void ms_push_index(lua_State *L, int64_t function);
// [-0, +1, e] A __pairs metamethod that asks the host for the names that it offers.
void ms_push_pairs(lua_State *L, int64_t function);
// [-0, +1, e] A __newindex metamethod that keeps the host's own entries from being replaced.
void ms_push_new_index(lua_State *L, int64_t function);
// [-0, +1, e] Registers the table at `index` as a metatable under `name`.
void ms_register_metatable(lua_State *L, const char *name, int index);

// libraries.c
void ms_open_libraries(lua_State *L, bool untrusted);
// Keeps the libraries' functions as they are now for the preludes, whatever the script makes of them.
void ms_open_prelude_globals(lua_State *L);

// [-0, +(0|1), e] The full name of the declared function at `index`; false, and nothing, for any other value.
bool ms_push_declared_name(lua_State *L, int index);

// shown.c
extern const char ms_texts_key;  // thread -> { object -> text, object -> name of its type }
// [-0, +?, v] Asks the results, which are the whole stack, for their own texts and names. Returns how many there are.
int ms_describe_results(lua_State *L, ms_showing showing);
// [-0, +0, e] Gives the table of primitives on top what preludes need to have values shown.
void ms_open_views(lua_State *L);
void ms_open_texts(lua_State *L);

// scope.c
extern const char ms_scope_key;      // name -> function with that local as an upvalue
extern const char ms_constants_key;  // name -> true, of those that are <const>
// [-1, +1, e] Calls the function on top, which declares locals and returns the chunk that uses them, and joins them with the scope.
void ms_enter_scope(lua_State *L);
void ms_open_scope(lua_State *L);

// task.c
int ms_run_task(lua_State *L);
// The same of a task whose results are printed; [-0, +1, e] pushes it.
int ms_run_shown_task(lua_State *L);
void ms_push_shown_task(lua_State *L, ms_showing showing);
void ms_open_tasks(lua_State *L);
// [-0, +0, e] Keeps the traceback of a task's coroutine, from that level on, for ms_take_traceback.
void ms_keep_traceback(lua_State *L, lua_State *thread, int level);

// error.c
void ms_open_errors(lua_State *L);
// [-1, +1, m] Makes an error table of the message on top.
void ms_make_error(lua_State *L, const char *kind);
// [-0, +1, m] The one line of the error table at `index`, behind the script's position as `lua` has it. Calls no metamethod.
void ms_push_error_text(lua_State *L, int index);
// Whether the function at that level of the stack is a prelude's.
bool ms_is_prelude(lua_State *L, int level);
// Adds to the error table on top of the stack where in the script it was raised.
void ms_add_position(lua_State *L);

#endif
