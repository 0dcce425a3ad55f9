// CEdit: the work at a terminal that Swift cannot or must not do itself. libedit's variadic calls, the stream that lets
// output appear above a prompt that is being edited, and the signal handlers. Knows neither Lua nor HubSpot.
#ifndef CEDIT_H
#define CEDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

// ---- The line editor ----

// One editor on one terminal. All functions but ce_interrupt, ce_show and the streams belong to the thread that reads.
typedef struct ce_editor ce_editor;

typedef enum {
    CE_LINE,         // a line, without its newline; a pasted text may hold newlines
    CE_WHOLE,        // as CE_LINE: the statement that is being continued, from its first line on
    CE_END,          // Ctrl-D on an empty line, or the terminal is gone
    CE_INTERRUPTED,  // Ctrl-C: the line is dropped
} ce_outcome;

// Called when Tab is pressed, with the UTF-8 text before the cursor. It may call ce_insert and ce_show.
typedef void (*ce_completer)(void *context, ce_editor *editor, const char *text, size_t length);

// Sets LC_CTYPE to the user's locale where that is UTF-8, else to C.UTF-8, so that libedit measures and writes
// characters and not bytes. No other category changes.
void ce_use_utf8(void);

// An editor on the terminal behind `input` and `output`, or NULL where there is none that can move its cursor.
ce_editor *ce_open(const char *program, int input, int output, ce_completer completer, void *context);
// Ends the editing and gives the terminal back. Streams that were adopted go on writing.
void ce_close(ce_editor *editor);

// Reads one line. `prompt` is UTF-8; escape sequences in it stand between two bytes \1. `*text` (from malloc, with a NUL
// after its `*length` bytes) is set for CE_LINE and CE_WHOLE only and is then the caller's. `earlier` is the statement that the
// line continues, which the Up key puts before it, to be edited as one text; its length is 0 where none is.
ce_outcome
ce_read(ce_editor *editor, const char *prompt, const char *earlier, size_t earlier_length, char **text, size_t *length);

// Drops the line that is being edited. From any thread.
void ce_interrupt(ce_editor *editor);

// Adds an entry to the history that the arrow keys walk through. An entry may hold newlines.
void ce_remember(ce_editor *editor, const char *text);

// Inserts text at the cursor. Only while completing.
void ce_insert(ce_editor *editor, const char *text);

// Takes characters before the cursor away. Only while completing.
void ce_erase(ce_editor *editor, int count);

// Shows text above the line that is being edited, or right away where none is. From any thread.
void ce_show(ce_editor *editor, const char *text, size_t length);

// Columns of the terminal, at least 20.
int ce_columns(int descriptor);

// ---- Streams that know of the prompt ----

// Puts streams in place of the C library's stdout and stderr. Text written to them while a line is being edited
// appears above it. A stream whose descriptor is no terminal stays as it is. For the life of the process.
void ce_adopt_streams(ce_editor *editor);

// Hears all that is shown from now on, under a lock; NULL ends it. Only what goes through streams that were adopted is heard.
typedef void (*ce_recorder)(void *context, const char *bytes, size_t length);
void ce_record(ce_editor *editor, ce_recorder recorder, void *context);

// ---- The status line ----

// From now on a status line may be shown, where standard error is a terminal. For the life of the process; before a Lua
// state exists, which keeps the streams that it finds: others are put in place of stdout and stderr, unless
// ce_adopt_streams has done so.
void ce_open_status(void);
// Draws the line in its place, on standard error. It must be shorter than a line of the terminal. Text printed next
// takes its place. False where it cannot be shown now: a line is being edited, or the cursor stands in the middle of one.
bool ce_show_status(const char *text, size_t length);
// Takes it away. True where it stood there.
bool ce_hide_status(void);

// ---- Signals ----

typedef enum {
    CE_IDLE,  // every Ctrl-C is reported
    CE_RUNNING,  // the first is reported; a second one before ce_set_mode is called again ends the process with 130, a third at once
} ce_mode;

// Takes over SIGINT, and SIGTERM too where asked. Reports are bytes ('I', 'T') to be read from the descriptor returned;
// -1 on failure. A SIGINT that was ignored when the process began stays ignored.
int ce_catch_interrupts(bool also_terminate);
void ce_set_mode(ce_mode mode);

// Lets a closed pipe at standard output end the process as SIGPIPE does, although the network library ignores that
// signal. Call when the network comes into use. Harmless when standard output is no pipe.
void ce_guard_pipe(void);

// Ends the process although threads of it are busy: the text that the C library's streams still hold is written out, as far as that takes no
// more than a quarter of a second.
void ce_end_process(int status) __attribute__((noreturn));

// Ends the process as if by SIGPIPE.
void ce_die_of_pipe(void) __attribute__((noreturn));

// ---- Small terminal matters ----

// Writes to the C library's stdout (1) or stderr (2), whichever stream stands there now, and flushes it, so that the
// order with Lua's own output is kept. False where it cannot be written; a closed pipe ends the process.
bool ce_put(int descriptor, const char *bytes, size_t length);

// The version that libedit's header tells: "2.11".
const char *ce_libedit_version(void);

// Writes out the text that stdout still holds. 0, or why something written to it since the start was lost, as an errno.
int ce_settle_output(void);

// Reads a line from `descriptor` without showing it, after writing `prompt` to `output`. Returns bytes read without the
// newline, or -1 at the end of input. A signal restores the terminal and is raised again; what was stopped by one asks anew.
// At most `capacity` bytes are kept.
long ce_read_secret(int descriptor, int output, const char *prompt, char *buffer, size_t capacity);

// No core dump holds the process's memory, and no other process of the same user reads it. Programs that it starts are not
// bound by that. Call first of all.
void ce_keep_memory_private(void);

// Lets go of the pages of the program and its libraries that were touched so far: a start takes much code that nothing needs
// afterwards, and each page of it counts as memory of this process. What is needed again comes from the page cache, without
// a look at the disk: some hundred microseconds for all of it.
void ce_let_go_of_pages(void);

#endif
