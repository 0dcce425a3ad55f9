// Output while a line is being edited: it waits for the reader, which shows it above that line.
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cwords.h"
#include "editor.h"
#include "status.h"
#include "utf8.h"

enum { largest_pending = 256 * 1024 };

bool ce_write_all(int descriptor, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = write(descriptor, bytes, length);
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return false;
        }
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

// The tail after `bytes` came behind a tail of `before` cells.
static int tail_after(int before, const char *bytes, size_t length) {
    const char *newline = memrchr(bytes, '\n', length);
    int tail = newline == NULL ? before : 0;
    size_t at = newline == NULL ? 0 : (size_t)(newline - bytes) + 1;
    while (at < length && tail >= 0) {
        wchar_t character = 0;
        size_t taken = ce_decode(bytes + at, length - at, &character);
        int width = taken == 0 ? -1 : cw_width((unsigned)character);
        tail = width < 0 ? -1 : tail + width;
        at += taken == 0 ? 1 : taken;
    }
    return tail;
}

// ---- Where the cursor is ----

// libedit does not tell, so this walks the text as it does: wide characters move to the next row where they would be
// cut, control characters take two cells, unprintable ones seven or eight.
static int rows_of(const ce_editor *editor, const wchar_t *end) {
    int columns = editor->columns > 0 ? editor->columns : 80;
    int row = 0, column = 0;
    bool is_escape = false;
    const LineInfoW *info = el_wline(editor->line);
    const wchar_t *at = editor->prompt;
    bool in_prompt = true;
    for (;;) {
        if (in_prompt && *at == 0) {
            at = info->buffer;
            in_prompt = false;
        }
        if (!in_prompt && at >= end) {
            return row;
        }
        wchar_t character = *at++;
        if (in_prompt && character == L'\1') {
            is_escape = !is_escape;
            continue;
        }
        if (in_prompt && is_escape) {
            continue;
        }
        if (character == L'\n') {
            row++;
            column = 0;
            continue;
        }
        int width = character == L'\t' ? 8 - column % 8 : wcwidth(character);
        if (width < 0) {
            width = character < 0x80 ? 2 : character > 0xFFFF ? 8 : 7;
        }
        if (column + width > columns) {
            row++;
            column = 0;
        }
        column += width;
        if (column >= columns) {
            row++;
            column = 0;
        }
    }
}

void ce_move_to_top(ce_editor *editor) {
    int row = rows_of(editor, el_wline(editor->line)->cursor);
    if (editor->rows > 0 && row > editor->rows - 1) {
        row = editor->rows - 1;
    }
    if (row > 0) {
        fprintf(editor->out, "\033[%dA", row);
    }
    fputc('\r', editor->out);
}

void ce_move_below(ce_editor *editor) {
    const LineInfoW *info = el_wline(editor->line);
    int rows = rows_of(editor, info->lastchar) - rows_of(editor, info->cursor);
    if (rows > 0) {
        fprintf(editor->out, "\033[%dB", rows);
    }
    fputs("\r\n", editor->out);
}

// ---- The gate ----

void ce_show_pending(ce_editor *editor) {
    pthread_mutex_lock(&editor->lock);
    if (editor->count == 0) {
        pthread_mutex_unlock(&editor->lock);
        return;
    }
    ce_move_to_top(editor);
    fputs("\033[J", editor->out);
    if (editor->tail > 0 && editor->tail < editor->columns) {  // go on where the unfinished line ended
        fprintf(editor->out, "\033[A\033[%dC", editor->tail);
    } else {
        editor->tail = 0;
    }
    fwrite(editor->pending, 1, editor->count, editor->out);
    editor->tail = tail_after(editor->tail, editor->pending, editor->count);
    editor->count = 0;
    if (editor->tail != 0) {
        fputs("\r\n", editor->out);
    }
    pthread_cond_broadcast(&editor->room);
    pthread_mutex_unlock(&editor->lock);
    el_wset(editor->line, EL_REFRESH);
    fflush(editor->out);
}

void ce_begin_reading(ce_editor *editor) {
    pthread_mutex_lock(&editor->lock);
    ce_allow_status(false, true);
    if (editor->tail != 0) {
        fputs("\r\n", editor->out);
    }
    editor->is_reading = true;
    pthread_mutex_unlock(&editor->lock);
}

void ce_end_reading(ce_editor *editor) {
    pthread_mutex_lock(&editor->lock);
    editor->is_reading = false;
    editor->tail = tail_after(0, editor->pending, editor->count);
    ce_allow_status(true, true);
    ce_write_above_status(fileno(editor->out), editor->pending, editor->count);
    editor->count = 0;
    pthread_cond_broadcast(&editor->room);
    pthread_mutex_unlock(&editor->lock);
}

// Under the lock. False without memory.
static bool enqueue(ce_editor *editor, const char *bytes, size_t length) {
    if (editor->count + length > editor->capacity) {
        size_t capacity = (editor->count + length) * 2;
        char *larger = realloc(editor->pending, capacity);
        if (larger == NULL) {
            return false;
        }
        editor->pending = larger;
        editor->capacity = capacity;
    }
    memcpy(editor->pending + editor->count, bytes, length);
    editor->count += length;
    return true;
}

void ce_record(ce_editor *editor, ce_recorder recorder, void *context) {
    pthread_mutex_lock(&editor->lock);
    editor->recorder = recorder;
    editor->recorder_context = context;
    pthread_mutex_unlock(&editor->lock);
}

void ce_show(ce_editor *editor, const char *text, size_t length) {
    pthread_mutex_lock(&editor->lock);
    if (editor->recorder != NULL) {
        editor->recorder(editor->recorder_context, text, length);
    }
    if (!editor->is_reading) {
        editor->tail = tail_after(editor->tail, text, length);
        ce_write_above_status(fileno(editor->out), text, length);
    } else if (enqueue(editor, text, length)) {
        ssize_t written = write(editor->wake[1], "", 1);
        (void)written;  // a full pipe wakes the reader as well
    }
    pthread_mutex_unlock(&editor->lock);
}

// fopencookie's write. Called with the stream's own lock held, never by the reader: it writes to `out`.
static ssize_t pass(void *cookie, const char *bytes, size_t length) {
    ce_editor *editor = cookie;
    pthread_mutex_lock(&editor->lock);
    while (editor->is_reading && editor->count > largest_pending) {  // a task that prints without end is slowed down
        pthread_cond_wait(&editor->room, &editor->lock);
    }
    pthread_mutex_unlock(&editor->lock);
    ce_show(editor, bytes, length);
    return (ssize_t)length;
}

static FILE *stream(ce_editor *editor, int buffering) {
    cookie_io_functions_t functions = {.write = pass};
    FILE *file = fopencookie(editor, "w", functions);
    if (file != NULL) {
        setvbuf(file, NULL, buffering, buffering == _IONBF ? 0 : BUFSIZ);
    }
    return file;
}

void ce_adopt_streams(ce_editor *editor) {
    FILE *output = isatty(STDOUT_FILENO) ? stream(editor, _IOLBF) : NULL;
    FILE *errors = isatty(STDERR_FILENO) ? stream(editor, _IONBF) : NULL;
    fflush(NULL);
    editor->is_adopted = output != NULL || errors != NULL;
    ce_note_adopted_streams();
    if (output != NULL) {
        stdout = output;
    }
    if (errors != NULL) {
        stderr = errors;
    }
}

bool ce_put(int descriptor, const char *bytes, size_t length) {
    FILE *file = descriptor == STDERR_FILENO ? stderr : stdout;
    size_t written = length == 0 ? 0 : fwrite(bytes, 1, length, file);
    bool is_written = fflush(file) == 0 && written == length;
    if (!is_written && errno == EPIPE) {  // no reader is left, and the network library has SIGPIPE ignored
        ce_die_of_pipe();
    }
    return is_written;
}

int ce_settle_output(void) {
    errno = 0;
    bool was_lost = ferror(stdout) != 0;
    if (fflush(stdout) != 0) was_lost = true;
    if (!was_lost) return 0;
    if (errno == EPIPE) ce_die_of_pipe();
    return errno != 0 ? errno : EIO;
}
