// A line typed without echo.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cedit.h"

// Ctrl-C must not leave the terminal without echo. A handler can only leave a mark.
static volatile sig_atomic_t was_interrupted;

static void mark(int signal) {
    (void)signal;
    was_interrupted = 1;
}

long ce_read_secret(int descriptor, int output, const char *prompt, char *buffer, size_t capacity) {
    struct termios before;
    bool is_terminal = tcgetattr(descriptor, &before) == 0;
    struct sigaction marking = {.sa_handler = mark}, handling;
    was_interrupted = 0;
    if (is_terminal) {
        sigaction(SIGINT, &marking, &handling);  // without SA_RESTART: read returns
    }
    if (is_terminal) {
        struct termios silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(descriptor, TCSAFLUSH, &silent);
        ssize_t written = write(output, prompt, strlen(prompt));
        (void)written;
    }
    long count = 0;
    bool has_any = false;
    for (;;) {
        char byte;
        ssize_t got = read(descriptor, &byte, 1);
        if (got < 0 && errno == EINTR && !was_interrupted) {
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
        ssize_t written = write(output, "\n", 1);
        (void)written;
        sigaction(SIGINT, &handling, NULL);
        if (was_interrupted) {
            raise(SIGINT);
        }
    }
    return has_any ? count : -1;
}
