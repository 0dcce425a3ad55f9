// The status line, for the other files of this target.
#ifndef CE_STATUS_H
#define CE_STATUS_H

#include <stdbool.h>
#include <stddef.h>

// Writes to a terminal; a status line that stands there is taken away first. False where the descriptor fails.
bool ce_write_above_status(int descriptor, const char *bytes, size_t length);

// Allows or forbids the status line: none is shown while a line is being edited. `is_line_start`: whether the cursor
// stands at a line's beginning.
void ce_allow_status(bool is_allowed, bool is_line_start);

// The standard streams go through the line editor, which writes by ce_write_above_status.
void ce_note_adopted_streams(void);

// Takes a status line away in a signal handler, right before the process ends.
void ce_drop_status_in_handler(void);

#endif
