// A line on the terminal that is drawn anew in its place: it names the calls that are waited for. Whatever else is printed takes its
// place, so the standard streams pass through here while it may be shown.
#define _GNU_SOURCE
#include "status.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "editor.h"

static const char clearing[] = "\r\033[K";

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
// A signal handler reads it.
static atomic_bool is_shown;
// Below: under `lock`.
static bool is_open;
static bool are_adopted;
static bool is_forbidden;
// The text printed last ends with a newline: a status line erases nothing.
static bool is_line_start = true;

// Under the lock.
static bool clear(void) {
    if (!atomic_exchange(&is_shown, false)) {
        return false;
    }
    ce_write_all(STDERR_FILENO, clearing, sizeof clearing - 1);
    return true;
}

bool ce_write_above_status(int descriptor, const char *bytes, size_t length) {
    if (length == 0) {
        return true;
    }
    pthread_mutex_lock(&lock);
    clear();
    bool is_written = ce_write_all(descriptor, bytes, length);
    is_line_start = bytes[length - 1] == '\n';
    pthread_mutex_unlock(&lock);
    return is_written;
}

void ce_allow_status(bool is_allowed, bool at_line_start) {
    pthread_mutex_lock(&lock);
    clear();
    is_forbidden = !is_allowed;
    is_line_start = at_line_start;
    pthread_mutex_unlock(&lock);
}

void ce_drop_status_in_handler(void) {
    if (atomic_exchange(&is_shown, false)) {
        ce_write_all(STDERR_FILENO, clearing, sizeof clearing - 1);
    }
}

bool ce_show_status(const char *text, size_t length) {
    pthread_mutex_lock(&lock);
    bool may_show = is_open && !is_forbidden && (is_line_start || atomic_load(&is_shown));
    if (may_show) {
        // One write: half a line is never seen.
        size_t total = sizeof clearing - 1 + length;
        char *line = malloc(total);
        may_show = line != NULL;
        if (may_show) {
            for (size_t i = 0; i < total; i++) {
                line[i] = i < sizeof clearing - 1 ? clearing[i] : text[i - (sizeof clearing - 1)];
            }
            atomic_store(&is_shown, true);
            ce_write_all(STDERR_FILENO, line, total);
            free(line);
        }
    }
    pthread_mutex_unlock(&lock);
    return may_show;
}

bool ce_hide_status(void) {
    pthread_mutex_lock(&lock);
    bool was_shown = clear();
    pthread_mutex_unlock(&lock);
    return was_shown;
}

// ---- The streams ----

// fopencookie's write; the cookie is the descriptor.
static ssize_t pass(void *cookie, const char *bytes, size_t length) {
    return ce_write_above_status((int)(intptr_t)cookie, bytes, length) ? (ssize_t)length : 0;
}

// A terminal has no position either.
static int refuse_seek(void *cookie, off64_t *offset, int whence) {
    (void)cookie;
    (void)offset;
    (void)whence;
    errno = ESPIPE;
    return -1;
}

static FILE *stream(int descriptor, int buffering) {
    cookie_io_functions_t functions = {.write = pass, .seek = refuse_seek};
    FILE *file = fopencookie((void *)(intptr_t)descriptor, "w", functions);
    if (file == NULL) {
        return NULL;
    }
    setvbuf(file, NULL, buffering, buffering == _IONBF ? 0 : BUFSIZ);
#ifdef __GLIBC__
    file->_fileno = descriptor;  // a script may ask for it; glibc itself goes by the cookie
#endif
    return file;
}

static void leave(void) { ce_drop_status_in_handler(); }

void ce_note_adopted_streams(void) {
    pthread_mutex_lock(&lock);
    are_adopted = true;
    pthread_mutex_unlock(&lock);
}

void ce_open_status(void) {
    if (!isatty(STDERR_FILENO)) {
        return;
    }
    pthread_mutex_lock(&lock);
    bool was_open = is_open;
    bool has_streams = are_adopted;
    is_open = true;
    pthread_mutex_unlock(&lock);
    if (was_open) {
        return;
    }
    atexit(leave);
    if (has_streams) {
        return;
    }
    fflush(NULL);
    FILE *errors = stream(STDERR_FILENO, _IONBF);
    FILE *output = isatty(STDOUT_FILENO) ? stream(STDOUT_FILENO, _IOLBF) : NULL;
    if (errors != NULL) {
        stderr = errors;
    }
    if (output != NULL) {
        stdout = output;
    }
}
