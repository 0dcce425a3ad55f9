// The handlers of SIGINT, SIGTERM and SIGPIPE. They only do what POSIX allows in a handler.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cedit.h"
#include "status.h"

// A handler has no other way to its state than globals; all of them are lock-free atomics.
static atomic_int report_descriptor = -1;
static atomic_int current_mode = CE_IDLE;
static atomic_int stop_pending = 0;
static atomic_bool has_ender = false;
static atomic_int end_status = 0;
static sem_t end_wanted, is_flushed;

static void report(int signal) {
    int saved = errno;
    int earlier = atomic_load(&current_mode) == CE_RUNNING ? atomic_fetch_add(&stop_pending, 1) : 0;
    if (earlier > 0) {
        int status = signal == SIGINT ? 130 : 143;
        if (earlier == 1 && atomic_load(&has_ender)) {  // a handler may not flush
            atomic_store(&end_status, status);
            sem_post(&end_wanted);
            errno = saved;
            return;
        }
        ce_drop_status_in_handler();
        _exit(status);
    }
    char byte = signal == SIGINT ? 'I' : 'T';
    ssize_t written = write(atomic_load(&report_descriptor), &byte, 1);
    (void)written;  // a full pipe holds reports enough
    errno = saved;
}

// Waits for the locks of streams that busy threads hold, so it may never end.
static void *flush(void *unused) {
    (void)unused;
    if (ftrylockfile(stdout) == 0) {  // before the others: reading standard input holds a lock too
        fflush_unlocked(stdout);
        funlockfile(stdout);
    }
    fflush(NULL);
    sem_post(&is_flushed);
    return NULL;
}

void ce_end_process(int status) {
    pthread_t thread;
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_nsec += 250 * 1000 * 1000;
    if (limit.tv_nsec >= 1000 * 1000 * 1000) {
        limit.tv_sec += 1;
        limit.tv_nsec -= 1000 * 1000 * 1000;
    }
    if (sem_init(&is_flushed, 0, 0) == 0 && pthread_create(&thread, NULL, flush, NULL) == 0) {
        while (sem_timedwait(&is_flushed, &limit) != 0 && errno == EINTR) {
        }
    }
    ce_drop_status_in_handler();
    _exit(status);
}

// Ends the process when the handler says so.
static void *end_on_demand(void *unused) {
    (void)unused;
    while (sem_wait(&end_wanted) != 0) {
    }
    ce_end_process(atomic_load(&end_status));
}

static void start_ender(void) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    if (sem_init(&end_wanted, 0, 0) == 0 && pthread_create(&thread, NULL, end_on_demand, NULL) == 0) {
        pthread_detach(thread);
        atomic_store(&has_ender, true);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int ce_catch_interrupts(bool also_terminate) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -1;
    }
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    atomic_store(&report_descriptor, ends[1]);
    if (!atomic_load(&has_ender)) start_ender();
    struct sigaction action = {.sa_handler = report, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    struct sigaction before;
    if (sigaction(SIGINT, NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
        sigaction(SIGINT, &action, NULL);
    }
    if (also_terminate) {
        sigaction(SIGTERM, &action, NULL);
    }
    return ends[0];
}

void ce_set_mode(ce_mode mode) {
    atomic_store(&stop_pending, 0);
    atomic_store(&current_mode, mode);
}

void ce_die_of_pipe(void) {
    signal(SIGPIPE, SIG_DFL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    raise(SIGPIPE);
    _exit(141);
}

static bool is_broken(int descriptor) {
    struct pollfd state = {.fd = descriptor};
    return poll(&state, 1, 0) == 1 && (state.revents & POLLERR) != 0;
}

// SIGPIPE goes to the thread that wrote. The network library's threads (their names begin with NIO) write to sockets,
// and a peer that hung up is no reason to end.
static void broken_pipe(int signal) {
    (void)signal;
    int saved = errno;
    char name[17] = {0};
    prctl(PR_GET_NAME, name);
    if (memcmp(name, "NIO", 3) != 0 && is_broken(STDOUT_FILENO)) {
        ce_die_of_pipe();
    }
    errno = saved;
}

// Waits until standard output has no reader any more, and then sees to it that the next write there ends the process.
// The network library sets its SIG_IGN once, at its first socket, which may come later: so this is repeated.
static void *guard(void *unused) {
    (void)unused;
    struct pollfd state = {.fd = STDOUT_FILENO};
    while (poll(&state, 1, -1) < 0 && errno == EINTR) {
    }
    if ((state.revents & POLLERR) == 0) {
        return NULL;
    }
    struct sigaction action = {.sa_handler = broken_pipe, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (;;) {
        sigaction(SIGPIPE, &action, NULL);
        struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
        nanosleep(&pause, NULL);
    }
}

void ce_guard_pipe(void) {
    struct stat status;
    if (fstat(STDOUT_FILENO, &status) != 0 || !(S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode))) {
        return;
    }
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    if (pthread_create(&thread, NULL, guard, NULL) == 0) {
        pthread_detach(thread);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}
