// Lines from a terminal through libedit's own interface.
#define _GNU_SOURCE
#include "editor.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "utf8.h"

enum { history_size = 2000 };

ce_editor *ce_owner(EditLine *line) {
    void *data = NULL;
    el_wget(line, EL_CLIENTDATA, &data);
    return data;
}

static wchar_t *prompt_of(EditLine *line) { return ce_owner(line)->prompt; }

void ce_use_utf8(void) {
    if (setlocale(LC_CTYPE, "") == NULL || strcasecmp(nl_langinfo(CODESET), "UTF-8") != 0) {
        setlocale(LC_CTYPE, "C.UTF-8");
    }
}

int ce_columns(int descriptor) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col < 20 ? 20 : size.ws_col;
    }
    return 80;
}

// ---- The process as a whole ----

// The editor that a signal or an end of the process concerns: neither takes an argument.
static _Atomic(ce_editor *) current_editor;

// A task may end the process (os.exit) while a line is being edited.
static void leave_terminal(void) {
    ce_editor *editor = atomic_load(&current_editor);
    if (editor != NULL && atomic_load(&editor->is_raw)) {
        static const char ending[] = "\033[?2004l\r\n";
        ce_write_all(fileno(editor->out), ending, sizeof ending - 1);
        tcsetattr(editor->input, TCSANOW, &editor->usual);
    }
}

// SIGCONT, after Ctrl-Z and `fg`.
static void note_continued(int signal) {
    (void)signal;
    int saved = errno;
    ce_editor *editor = atomic_load(&current_editor);
    if (editor != NULL && atomic_load(&editor->is_raw)) {
        atomic_store(&editor->continued, true);
        ssize_t written = write(editor->wake[1], "", 1);
        (void)written;  // a full pipe wakes the reader as well
    }
    errno = saved;
}

// ---- Reading ----

// libedit takes the terminal for prepared, which the shell has put back meanwhile.
static void take_terminal_again(ce_editor *editor) {
    el_wset(editor->line, EL_PREP_TERM, 0);
    el_wset(editor->line, EL_PREP_TERM, 1);
    fputs("\r\033[?2004h", editor->out);
    el_wset(editor->line, EL_REFRESH);
    fflush(editor->out);
}

// The terminal may have another size since the last key. It has wrapped the rows anew by itself.
static void notice_size(ce_editor *editor) {
    struct winsize size;
    if (ioctl(fileno(editor->out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
        return;
    }
    if (size.ws_col == editor->columns && size.ws_row == editor->rows) {
        return;
    }
    editor->columns = size.ws_col;
    editor->rows = size.ws_row;
    ce_move_to_top(editor);
    fputs("\033[J", editor->out);
    el_resize(editor->line);
    el_wset(editor->line, EL_REFRESH);
}

// Waits for a byte of input; meanwhile shows output. Returns 1, 0 at the end of input, -1 for Ctrl-C.
static int next_byte(ce_editor *editor, char *byte) {
    for (;;) {
        struct pollfd sources[2] = {
            {.fd = editor->keys, .events = POLLIN},
            {.fd = editor->wake[0], .events = POLLIN},
        };
        if (poll(sources, 2, -1) < 0) {
            if (errno == EINTR) {
                continue;
            }
            return 0;
        }
        if (sources[1].revents != 0) {
            char bytes[64];
            while (read(editor->wake[0], bytes, sizeof bytes) > 0) {
            }
            if (atomic_exchange(&editor->interrupted, false)) {
                editor->is_dropped = true;
                return -1;
            }
            if (atomic_exchange(&editor->continued, false)) {
                take_terminal_again(editor);
            }
            ce_show_pending(editor);
        }
        if (sources[0].revents != 0) {
            notice_size(editor);
            ssize_t got = read(editor->keys, byte, 1);
            if (got == 1) {
                return 1;
            }
            if (got < 0 && (errno == EINTR || errno == EAGAIN)) {
                continue;
            }
            return 0;
        }
    }
}

// libedit's source of characters (EL_GETCFN).
static int next_character(EditLine *line, wchar_t *character) {
    ce_editor *editor = ce_owner(line);
    char bytes[4];
    size_t count = 0;
    for (;;) {
        int got = next_byte(editor, &bytes[count]);
        if (got <= 0) {
            errno = got < 0 ? EINTR : 0;
            return got;
        }
        count++;
        size_t taken = ce_decode(bytes, count, character);
        if (taken == count) {
            return 1;
        }
        if (taken != 0 || count == sizeof bytes) {  // a wrong byte in the middle
            *character = 0xFFFD;
            return 1;
        }
    }
}

// ---- The interface ----

static void end_editing(ce_editor *editor) {
    if (editor->line != NULL) {
        el_end(editor->line);
    }
    if (editor->history != NULL) {
        history_wend(editor->history);
    }
    editor->line = NULL;
    editor->history = NULL;
}

static void release(ce_editor *editor) {
    end_editing(editor);
    if (editor->in != NULL) {
        fclose(editor->in);
    }
    if (editor->out != NULL) {
        fclose(editor->out);
    }
    if (editor->keys >= 0) {
        close(editor->keys);
    }
    for (int end = 0; end < 2; end++) {
        if (editor->wake[end] >= 0) {
            close(editor->wake[end]);
        }
    }
    pthread_mutex_destroy(&editor->lock);
    pthread_cond_destroy(&editor->room);
    free(editor->pending);
    free(editor->prompt);
    free(editor->earlier);
    free(editor);
}

// A Ctrl-C empties the terminal's queue, also between a poll that found a key there and the read of it: a read that waits
// would then sleep through the interrupt. Not waiting is a property of an open file, which the shell shares with the
// program's standard input, so the terminal is opened once more. Where that is refused, the shared one serves.
static int open_keys(int input) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", input);
    int keys = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    return keys >= 0 ? keys : fcntl(input, F_DUPFD_CLOEXEC, 3);
}

ce_editor *ce_open(const char *program, int input, int output, ce_completer completer, void *context) {
    const char *terminal = getenv("TERM");
    if (!isatty(input) || !isatty(output) || terminal == NULL || *terminal == 0 || strcmp(terminal, "dumb") == 0) {
        return NULL;
    }
    ce_editor *editor = calloc(1, sizeof *editor);
    if (editor == NULL) {
        return NULL;
    }
    pthread_mutex_init(&editor->lock, NULL);
    pthread_cond_init(&editor->room, NULL);
    editor->completer = completer;
    editor->context = context;
    editor->wake[0] = editor->wake[1] = editor->keys = -1;
    editor->in = fdopen(fcntl(input, F_DUPFD_CLOEXEC, 3), "r");
    editor->out = fdopen(fcntl(output, F_DUPFD_CLOEXEC, 3), "w");
    editor->keys = open_keys(input);
    if (editor->in == NULL || editor->out == NULL || editor->keys < 0
        || pipe2(editor->wake, O_CLOEXEC | O_NONBLOCK) != 0) {
        release(editor);
        return NULL;
    }
    editor->input = fileno(editor->in);
    tcgetattr(editor->input, &editor->usual);
    if (atomic_exchange(&current_editor, editor) == NULL) {
        atexit(leave_terminal);
        struct sigaction action = {.sa_handler = note_continued, .sa_flags = SA_RESTART};
        sigemptyset(&action.sa_mask);
        sigaction(SIGCONT, &action, NULL);
    }
    struct winsize size;
    if (ioctl(output, TIOCGWINSZ, &size) == 0) {
        editor->columns = size.ws_col;
        editor->rows = size.ws_row;
    }
    editor->line = el_init_fd(
        program, editor->in, editor->out, editor->out, editor->input, fileno(editor->out), fileno(editor->out));
    editor->history = history_winit();
    if (editor->line == NULL || editor->history == NULL) {
        release(editor);
        return NULL;
    }
    EditLine *line = editor->line;
    el_wset(line, EL_CLIENTDATA, editor);
    el_wset(line, EL_SIGNAL, 0);
    el_wset(line, EL_EDITOR, L"emacs");
    el_wset(line, EL_PROMPT_ESC, prompt_of, L'\1');
    el_wset(line, EL_GETCFN, next_character);
    HistEventW event;
    history_w(editor->history, &event, H_SETSIZE, (int)history_size);
    history_w(editor->history, &event, H_SETUNIQUE, 1);
    el_wset(line, EL_HIST, history_w, editor->history);
    ce_bind_keys(line);
    ce_bind_arrows(line);
    el_source(line, NULL);  // the user's ~/.editrc: vi keys and bindings
    return editor;
}

void ce_close(ce_editor *editor) {
    ce_editor *expected = editor;
    atomic_compare_exchange_strong(&current_editor, &expected, NULL);
    if (editor->is_adopted) {
        end_editing(editor);
    } else {
        release(editor);
    }
}

void ce_remember(ce_editor *editor, const char *text) {
    wchar_t *wide = ce_widen(text, strlen(text));
    if (wide != NULL) {
        HistEventW event;
        history_w(editor->history, &event, H_ENTER, wide);
    }
    free(wide);
}

void ce_interrupt(ce_editor *editor) {
    atomic_store(&editor->interrupted, true);
    ssize_t written = write(editor->wake[1], "", 1);
    (void)written;  // a full pipe wakes the reader as well
}

ce_outcome ce_read(
    ce_editor *editor, const char *prompt, const char *earlier, size_t earlier_length, char **text, size_t *length) {
    free(editor->prompt);
    editor->prompt = ce_widen(prompt, strlen(prompt));
    if (editor->prompt == NULL || !ce_set_earlier(editor, earlier, earlier_length)) {
        return CE_END;
    }
    atomic_store(&editor->interrupted, false);
    editor->is_dropped = false;
    ce_begin_reading(editor);
    fputs("\033[?2004h", editor->out);  // pasted text comes in brackets
    int count = 0;
    atomic_store(&editor->is_raw, true);
    // libedit shows the prompt first and takes the terminal then: a key typed in between would be lost.
    el_wset(editor->line, EL_PREP_TERM, 1);
    const wchar_t *line = el_wgets(editor->line, &count);
    atomic_store(&editor->is_raw, false);
    // libedit answers an interrupt like the end of input where one of its commands was reading: a search, a paste.
    bool was_interrupted = editor->is_dropped;
    if (was_interrupted) {
        ce_move_below(editor);
    }
    fputs("\033[?2004l", editor->out);
    if (line == NULL && !was_interrupted) {
        fputs("\r\n", editor->out);
    }
    fflush(editor->out);
    ce_outcome outcome = was_interrupted ? CE_INTERRUPTED : CE_END;
    if (line != NULL && count > 0 && !was_interrupted) {
        if (line[count - 1] == L'\n') {
            count--;
        }
        *text = ce_narrow(line, (size_t)count, length);
        outcome = *text == NULL ? CE_END : editor->has_taken_earlier ? CE_WHOLE : CE_LINE;
    }
    ce_end_reading(editor);
    return outcome;
}

#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)

const char *ce_libedit_version(void) { return TEXT(LIBEDIT_MAJOR) "." TEXT(LIBEDIT_MINOR); }
