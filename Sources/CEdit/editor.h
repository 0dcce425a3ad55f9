// The inside of an editor, shared by the files of this target.
#ifndef CE_EDITOR_H
#define CE_EDITOR_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <termios.h>
#include <wchar.h>

#include <histedit.h>

#include "cedit.h"

struct ce_editor {
    EditLine *line;
    HistoryW *history;
    FILE *in, *out;
    int input;
    int keys;  // the same terminal, read without waiting
    wchar_t *prompt;
    wchar_t *earlier;        // the lines of the statement that is being continued, each with its newline; or NULL
    bool has_taken_earlier;  // they stand in the line being edited
    ce_completer completer;
    void *context;
    int columns, rows;
    struct termios usual;     // how the terminal was found
    bool is_adopted;          // streams write through it, for the life of the process
    int wake[2];              // a byte in it makes the reader look up: output is pending, or Ctrl-C
    atomic_bool is_raw;       // while libedit has the terminal to itself
    atomic_bool continued;    // set by SIGCONT: the shell has had the terminal
    atomic_bool interrupted;  // set by ce_interrupt, taken by the reader
    bool is_dropped;          // the reader has taken it: the line ends, whatever libedit was doing

    // Below: under `lock`.
    pthread_mutex_t lock;
    pthread_cond_t room;  // the reader has shown the pending output
    bool is_reading;      // output goes to `pending` and the reader shows it
    char *pending;
    size_t count, capacity;
    // Cells of the unfinished line that output left above the prompt; 0 where the cursor stood at a line's beginning,
    // -1 where that is unknown (escape sequences, tabs).
    int tail;
};

// The editor that a libedit callback is about.
ce_editor *ce_owner(EditLine *line);

// Binds paste, Tab and the keys that terminals send.
void ce_bind_keys(EditLine *line);

// Binds the arrow keys.
void ce_bind_arrows(EditLine *line);

// Sets the statement's earlier lines for the next reading; no text for none. False without memory.
bool ce_set_earlier(ce_editor *editor, const char *text, size_t length);

// Shows the pending output above the line being edited and draws that line again. Reader only.
void ce_show_pending(ce_editor *editor);

// Begins and ends the time in which output waits for the reader.
void ce_begin_reading(ce_editor *editor);
void ce_end_reading(ce_editor *editor);

// Moves the cursor to the first column of the prompt's first row, or to the row below the text's last.
void ce_move_to_top(ce_editor *editor);
void ce_move_below(ce_editor *editor);

// Writes everything, however often it is interrupted; false where the descriptor fails.
bool ce_write_all(int descriptor, const char *bytes, size_t length);

#endif
