// A line typed without echo, and memory that no other process reads.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <termios.h>
#include <unistd.h>

#include "cedit.h"

// No signal that ends or stops the process may leave the terminal without echo. A handler can only leave a mark.
static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGTSTP, SIGTTIN, SIGTTOU};
enum { signal_count = sizeof signals / sizeof signals[0] };
static volatile sig_atomic_t caught;

static void mark(int signal) { caught = signal; }

static void say(int output, const char *text) {
    ssize_t written = write(output, text, strlen(text));
    (void)written;
}

long ce_read_secret(int descriptor, int output, const char *prompt, char *buffer, size_t capacity) {
    struct termios before;
    bool is_terminal = tcgetattr(descriptor, &before) == 0;
    long count;
    bool has_any;
    do {
        struct sigaction marking = {.sa_handler = mark}, handling[signal_count];
        caught = 0;
        count = 0;
        has_any = false;
        if (is_terminal) {
            for (int i = 0; i < signal_count; i++) {
                sigaction(signals[i], &marking, &handling[i]);  // without SA_RESTART: read returns
                if (handling[i].sa_handler == SIG_IGN) {
                    sigaction(signals[i], &handling[i], NULL);
                }
            }
            struct termios silent = before;
            silent.c_lflag &= ~(tcflag_t)ECHO;
            tcsetattr(descriptor, TCSAFLUSH, &silent);
            say(output, prompt);
        }
        while (!caught) {
            char byte;
            ssize_t got = read(descriptor, &byte, 1);
            if (got < 0 && errno == EINTR && !caught) {
                continue;
            }
            if (got != 1) {
                break;
            }
            has_any = true;
            if (byte == '\n') {
                break;
            }
            if ((size_t)count < capacity) {
                buffer[count++] = byte;
            }
        }
        if (is_terminal) {
            tcsetattr(descriptor, TCSAFLUSH, &before);
            say(output, "\n");
            for (int i = 0; i < signal_count; i++) {
                sigaction(signals[i], &handling[i], NULL);
            }
            if (caught) {
                memset(buffer, 0, capacity);
                raise(caught);  // ends the process, or stops it until it is continued
            }
        }
        // What was stopped asks again.
    } while (caught == SIGTSTP || caught == SIGTTIN || caught == SIGTTOU);
    return has_any && !caught ? count : -1;
}

void ce_keep_memory_private(void) {
#ifdef __linux__
    prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
    // Swift's runtime answers these with a program that reads the memory of this one for a backtrace. It may not, and
    // waits for ever: the signals end the process instead.
    static const int crashes[] = {SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP};
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) {
        struct sigaction handling;
        if (sigaction(crashes[i], NULL, &handling) == 0 && handling.sa_handler != SIG_IGN) {
            signal(crashes[i], SIG_DFL);
        }
    }
#endif
}
