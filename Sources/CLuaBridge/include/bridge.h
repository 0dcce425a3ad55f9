// The bridge between Lua and Swift: the only code that raises, yields or runs unprotected in Lua.
//
// Lua's errors and yields are longjmps, and a longjmp over a Swift frame is undefined behaviour. So Lua calls C, C calls
// Swift through `ms_host`, Swift returns a reply, and only then does C build values, raise or yield. Swift never
// allocates in Lua: it reads the stack with functions that cannot raise, and hands values back as a message, a flat
// list of bytes that C turns into Lua values under protection, with the collector and the memory limit at work.
#ifndef MOONSPOT_BRIDGE_H
#define MOONSPOT_BRIDGE_H

#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>
#include <lua5.4/lualib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ms_state ms_state;

// A list of values, encoded as the tags below. `bytes` comes from malloc and is freed by the function that consumes the message.
typedef struct {
    uint8_t *bytes;
    size_t length;
} ms_message;

// Numbers are little-endian and unaligned; `text` is a 64-bit length and that many bytes.
typedef enum {
    MS_NIL = 0,
    MS_FALSE,
    MS_TRUE,
    MS_INTEGER,  // 64 bits
    MS_NUMBER,   // 64 bits, IEEE 754
    MS_STRING,   // text
    MS_JSON_NULL,
    MS_TABLE,     // 32-bit list count, 32-bit field count, 8-bit ms_table_flags, text metatable name (may be empty),
                  // the list's values, then key and value of each field
    MS_DOCUMENT,  // text root metatable, text elements' field, text elements' metatable, text field whose nulls are
                  // remembered (each may be empty), 64-bit length, JSON bytes
    MS_FUNCTION,  // 64-bit function, 8-bit "drop it when collected"
    MS_MODULE,    // text key of a module that was built before
    MS_MODULE_DEFINITION,  // text key, text name, 8-bit "has an index function" (+ 64-bit function), text prelude,
                           // 32-bit count of functions (text name, 64-bit function, text body), likewise of primitives
} ms_tag;

typedef enum {
    MS_TABLE_IS_ARRAY = 1,
    MS_TABLE_IS_SEALED = 2,  // a script reads its fields and cannot change them (ms_json_seal)
} ms_table_flags;

typedef enum {
    MS_RETURN,   // return the message's values
    MS_RAISE,    // raise the message's first value
    MS_SUSPEND,  // suspend the coroutine until `token` has an answer
    MS_PROCEED,  // the arguments are fine: call the function's Lua body
    MS_STOPPED,  // raise the running task's stop
} ms_outcome;

typedef struct {
    ms_outcome outcome;
    ms_message message;
    uint64_t token;
} ms_reply;

// Why a task is to be stopped.
typedef enum { MS_GO_ON = 0, MS_STOP_CANCELLED, MS_STOP_INTERRUPTED, MS_STOP_TIME_LIMIT, MS_STOP_EXIT } ms_stop;

// The bridge's calls into Swift. All are made on the state's thread, none may touch Lua but to read `L`.
typedef struct {
    void *context;
    // A declared function was called; its arguments are the stack of L.
    ms_reply (*call)(void *context, lua_State *L, int64_t function);
    // The answer to a call that was suspended. Is asked once for a token.
    ms_reply (*answer)(void *context, lua_State *L, uint64_t token);
    // Blocks until `token` has an answer; L cannot yield.
    void (*wait)(void *context, lua_State *L, uint64_t token);
    // A task was made: `thread` holds its function and `arguments` arguments. Returns its number.
    uint64_t (*spawned)(void *context, lua_State *thread, int arguments, bool quiet);
    // Registers interest in the end of a task, or in `seconds` having passed if that is not negative. Returns a token, or 0 if the
    // task has ended already.
    uint64_t (*await)(void *context, uint64_t task, double seconds, bool claims);
    void (*cancel)(void *context, uint64_t task);
    uint64_t (*sleep)(void *context, double seconds);
    // Stops a task when `seconds` have passed, however busy it is.
    void (*deadline)(void *context, uint64_t task, double seconds);
    // Whether a task was stopped by its deadline.
    bool (*late)(void *context, uint64_t task);
    // Whether an ended task failed.
    bool (*failed)(void *context, uint64_t task);
    // The handle of a task was collected.
    void (*forget)(void *context, uint64_t task);
    // A function made for one value was collected.
    void (*drop)(void *context, int64_t function);
    // The script asks the process to end (os.exit): at once, or when the running task has been unwound by MS_STOP_EXIT.
    void (*exit)(void *context, int status, bool unwinds);
    // A stop was signalled: says whether the running task is to end.
    ms_stop (*poll)(void *context);
} ms_host;

// Opens a state. `memory_limit` is in bytes, 0 for none. Returns NULL if memory is short.
ms_state *ms_open(ms_host host, size_t memory_limit, bool untrusted);
// Closes it: to-be-closed variables of no coroutine run any more, finalizers do.
void ms_close(ms_state *state);
lua_State *ms_main(ms_state *state);

// The release of Lua that it was built with: "Lua 5.4.6".
const char *ms_lua_release(void);
// Bytes that Lua holds now.
size_t ms_memory(const ms_state *state);

// Makes the calling thread the state's own: it alone may touch the state, and `ms_signal` reaches it.
void ms_adopt_thread(ms_state *state);
// Asks the thread that runs in the state to poll soon. Callable from any thread while the state's thread lives.
void ms_signal(ms_state *state);

typedef enum { MS_FINISHED, MS_FAILED, MS_WAITING } ms_progress;

// Runs a task until it ends or suspends, also on top of one that waits on the spot. With MS_WAITING `*token` names the wait; with
// MS_FINISHED the results are the thread's stack, with MS_FAILED the error is on its top.
ms_progress ms_resume(ms_state *state, lua_State *thread, int arguments, uint64_t *token);
typedef enum { MS_TO_SPAWN, MS_TO_BEGIN } ms_need;
// Whether there is memory for one more task. At the very limit each allocation costs a whole collection before it fails: so a
// sixteenth of it is kept from new tasks, half of that for those that have begun. May collect garbage, and so run finalizers.
bool ms_has_memory(ms_state *state, ms_need need);
// Fails a task that has not begun with "not enough memory". Allocates nothing.
ms_progress ms_refuse(ms_state *state, lua_State *thread);
// Bytes left on the C stack of the state's thread.
size_t ms_stack_left(const ms_state *state);
// Whether L runs a finalizer: Lua swallows its errors.
bool ms_is_in_finalizer(lua_State *L);
// The reason for which the running task is being stopped; the scheduler sets it when it changes tasks.
void ms_set_stop(ms_state *state, ms_stop stop);
// Has the running coroutine polled at its next instruction.
void ms_arm(ms_state *state, lua_State *L);
// The task has ended: its thread counts as dead, and the values on its stack stay there for as long as it is held.
void ms_retire(ms_state *state, lua_State *thread);
// Lets go of an ended task's thread. Unless a script holds the task, the collector takes it from now on, with its results.
void ms_release(ms_state *state, lua_State *thread);

typedef enum {
    MS_CHUNK_SCRIPT,
    MS_CHUNK_EXPRESSION,
    MS_CHUNK_SCOPED,  // text that declares locals of the typed lines' scope and returns the chunk as a function that uses them
} ms_chunk_kind;
// The local of a scoped chunk through which it hands over its own: see scope.c.
#define MS_KEEP_NAME "_moonspot_keep"

// What the results of a task are asked for before it ends.
typedef struct {
    bool texts;    // their own texts and the names of their types, for people
    int64_t rows;  // of an iterator: how many of its elements; negative for all, 0 leaves it alone
    bool
        passes;  // of an iterator: those behind the elements that it was last asked for, which are then no longer to come
} ms_showing;

// Compiles a chunk into a new task's thread, with the arguments of the message (consumed). Returns NULL with
// the error on the main thread's top, and its status in `*status`. The task asks its results as `showing` says
// (ms_push_texts).
lua_State *ms_load(
    ms_state *state, const char *source, size_t length, const char *name, ms_chunk_kind kind, ms_showing showing,
    ms_message arguments, int *argument_count, int *status);
// [-0, +2, -] What the results of an ended task, or the arguments of a call, gave for themselves: a table object -> text, or for
// an iterator the table of its elements; and one object -> name of its type. Two times nil where they were not asked. Needs four
// free slots.
void ms_push_texts(lua_State *thread);
// [-0, +0, -] Lets go of them.
void ms_drop_texts(lua_State *thread);
// [-0, +2, -] The scope of the typed lines: a table name -> function, and one with the names of its constants. Needs two free slots.
void ms_push_scope(lua_State *L);
// [-0, +1|0, -] The value of a local of the scope, of which the function at `function` tells. False where it is not there.
bool ms_push_local(lua_State *L, int function, const char *name);
// LUA_OK, LUA_ERRSYNTAX or another status; the error's text is the main thread's top unless LUA_OK.
// `*incomplete`: more text could mend it. `*is_expression` (may be NULL): it is one.
int ms_check(ms_state *state, const char *source, size_t length, bool *incomplete, bool *is_expression);

// The function of the host that tells the full name of another, by its number.
#define MS_NAME_OF_FUNCTION 2

// Each of these works under protection and leaves one value on the main thread's stack, or an error's text: [-0, +1, -].
int ms_set_global(ms_state *state, const char *name, ms_message value);  // leaves nothing if it went well
int ms_set_globals(ms_state *state, ms_message module);  // each function of the module; leaves nothing if it went well
// `require` looks in that folder first: it leads package.path and package.cpath. No `;` and no `?` in its name.
int ms_search_folder(ms_state *state, const char *folder);  // leaves nothing if it went well
// The value at `index` of L as `tostring` has it; with `as_error` as `lua` prints an uncaught error.
int ms_tostring(ms_state *state, lua_State *L, int index, bool as_error);
// [-0, +1, -] The traceback of the error that ended a task, or nil, on the main thread's stack.
void ms_take_traceback(ms_state *state, lua_State *thread);
// Makes the value at `index` of the thread a global; does nothing if the thread has none. The values that the global had before
// move on to NAME1, NAME2, ... up to `earlier` places.
void ms_keep_value(ms_state *state, lua_State *thread, int index, const char *name, int earlier);
// JSON text of the message's first value.
int ms_json_of(ms_state *state, ms_message value, bool pretty);
// [-0, +0, -] JSON text of the value at `index` of L, in a buffer of the state that lasts until the next such call; with an
// error, it is on L's top: [-0, +1, -]. Needs four free slots.
int ms_json_of_argument(lua_State *L, int index, const char **text, size_t *length);

// The name under which the metatable of the table at `index` was registered, or NULL. Cannot raise.
const char *ms_metatable_name(lua_State *L, int index);
// The name of the module whose table is at `index`, or NULL. Cannot raise.
const char *ms_module_name(lua_State *L, int index);
// [-0, +0, -] Where a suspended task's code is, as `file:line`; empty where it has not begun.
void ms_task_place(lua_State *thread, char *text, size_t size);
// Number of the task whose handle is at `index`, or 0.
uint64_t ms_task_number(lua_State *L, int index);
// The macros of lua.h, for Swift. Neither allocates.
void ms_pop(lua_State *L, int count);
void ms_push_globals(lua_State *L);

#endif
