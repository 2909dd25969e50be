/* The guard process: see guard.h. */
#include "harness/run/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

/* How long the guard waits for a killed process to be gone before it removes its files. */
#define DEATH_TIMEOUT_MS 5000
#define REMOVE_ATTEMPTS 100
#define OPEN_FILES_AT_ONCE 16

enum guard_word { GUARD_ALIVE = 1, GUARD_GONE, GUARD_CLEAN };
struct guard_message {
    int32_t word;
    int32_t owner;
    int32_t group;
};

struct trial_guard {
    pid_t pid;
    pid_t starter;
    int to;     /* tellings */
    int from;   /* the directory's name, then one byte for each cleaning */
    char directory[PATH_MAX];
};

/* -- files -- */

static int remove_one(const char *path, const struct stat *st, int what, struct FTW *where) {
    return remove(path) == 0 || errno == ENOENT ? 0 : -1;
}

int trial_remove_tree(const char *path, struct base_error *err) {
    struct stat st;
    /* A process that is dying may still add a file to a folder that is being removed. */
    for (int i = 0; i < REMOVE_ATTEMPTS; i++) {
        if (lstat(path, &st) != 0 && errno == ENOENT) {
            return 0;
        }
        (void)nftw(path, remove_one, OPEN_FILES_AT_ONCE, FTW_DEPTH | FTW_PHYS);
    }
    return lstat(path, &st) != 0 && errno == ENOENT
               ? 0
               : base_fail(err, BASE_IO, "cannot remove '%s': %s", path, strerror(errno));
}

/* -- the guard process -- */

struct guarded {
    struct guard_message *items;
    size_t count;
    size_t cap;
};

static void remember(struct guarded *guarded, const struct guard_message *message) {
    if (guarded->count == guarded->cap) {
        size_t cap = guarded->cap ? guarded->cap * 2 : 64;
        if (base_grow((void **)&guarded->items, &guarded->cap, cap, sizeof(*guarded->items)) != 0) {
            return;
        }
    }
    guarded->items[guarded->count++] = *message;
}

static void forget(struct guarded *guarded, const struct guard_message *message) {
    for (size_t i = 0; i < guarded->count; i++) {
        if (guarded->items[i].group == message->group &&
            guarded->items[i].owner == message->owner) {
            guarded->items[i] = guarded->items[--guarded->count];
            return;
        }
    }
}

/* Kills a group and waits until its leader is gone. */
static void kill_group(pid_t group) {
#ifdef SYS_pidfd_open
    int leader = (int)syscall(SYS_pidfd_open, group, 0);
#else
    int leader = -1;
#endif
    (void)kill(-group, SIGKILL);
    (void)kill(-group, SIGCONT);
    if (leader >= 0) {
        struct pollfd gone = {.fd = leader, .events = POLLIN};
        (void)poll(&gone, 1, DEATH_TIMEOUT_MS);
        (void)close(leader);
    }
}

/* owner 0: everybody's. */
static void kill_groups(struct guarded *guarded, pid_t owner) {
    for (size_t i = 0; i < guarded->count;) {
        if (owner != 0 && guarded->items[i].owner != owner) {
            i++;
            continue;
        }
        kill_group(guarded->items[i].group);
        guarded->items[i] = guarded->items[--guarded->count];
    }
}

static void clean_owner(struct guarded *guarded, const char *directory, pid_t owner, int answer) {
    kill_groups(guarded, owner);
    char path[PATH_MAX + 32];
    (void)snprintf(path, sizeof(path), "%s/%d", directory, (int)owner);
    (void)trial_remove_tree(path, NULL);
    (void)!write(answer, "c", 1);
}

static bool read_message(int from, struct guard_message *ret_message) {
    size_t have = 0;
    while (have < sizeof(*ret_message)) {
        ssize_t got = read(from, (char *)ret_message + have, sizeof(*ret_message) - have);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        have += got > 0 ? (size_t)got : 0;
    }
    return true;
}

static void guard_main(int from, int answer) {
    /* Out of the terminal's process group, deaf to its signals, and holding none of ktrial's files:
     * whoever reads ktrial's output must see its end when ktrial ends. */
    (void)setsid();
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
    (void)signal(SIGPIPE, SIG_IGN);
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; null >= 0 && fd <= 2; fd++) {
        (void)dup2(null, fd);
    }
    const char *folder = getenv("TMPDIR");
    char directory[PATH_MAX];
    int len = snprintf(directory, sizeof(directory), "%s/ktrial-XXXXXX",
                       folder && folder[0] ? folder : "/tmp");
    if (len >= (int)sizeof(directory) || !mkdtemp(directory)) {
        _exit(1);
    }
    (void)!write(answer, directory, strlen(directory) + 1);
    struct guarded guarded = {0};
    struct guard_message message;
    while (read_message(from, &message)) {
        switch (message.word) {
        case GUARD_ALIVE:
            remember(&guarded, &message);
            break;
        case GUARD_GONE:
            forget(&guarded, &message);
            break;
        case GUARD_CLEAN:
            clean_owner(&guarded, directory, message.owner, answer);
            break;
        default:
            break;
        }
    }
    kill_groups(&guarded, 0);
    _exit(trial_remove_tree(directory, NULL) == 0 ? 0 : 1);
}

/* -- ktrial's side -- */

/* Reads the zero-terminated name; false when the guard could not make its directory. */
static bool read_directory(struct trial_guard *guard) {
    size_t have = 0;
    while (have < sizeof(guard->directory)) {
        ssize_t got = read(guard->from, guard->directory + have, 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return false;
        }
        if (guard->directory[have++] == '\0') {
            return true;
        }
    }
    return false;
}

int trial_guard_start(struct trial_guard **ret_guard, struct base_error *err) {
    int tellings[2];
    int answers[2];
    if (pipe2(tellings, O_CLOEXEC) != 0) {
        return base_fail(err, BASE_IO, "no pipe for the guard: %s", strerror(errno));
    }
    if (pipe2(answers, O_CLOEXEC) != 0) {
        (void)close(tellings[0]);
        (void)close(tellings[1]);
        return base_fail(err, BASE_IO, "no pipe for the guard: %s", strerror(errno));
    }
    pid_t pid = fork();
    if (pid == 0) {
        (void)close(tellings[1]);
        (void)close(answers[0]);
        guard_main(tellings[0], answers[1]);
    }
    (void)close(tellings[0]);
    (void)close(answers[1]);
    struct trial_guard *guard = base_alloc_zero(sizeof(*guard));
    if (pid < 0 || !guard) {
        (void)close(tellings[1]);
        (void)close(answers[0]);
        base_free(guard);
        return base_fail(err, BASE_IO, "cannot fork the guard: %s", strerror(errno));
    }
    *guard = (struct trial_guard){
        .pid = pid, .starter = getpid(), .to = tellings[1], .from = answers[0]};
    if (!read_directory(guard)) {
        trial_guard_finish(guard);
        const char *folder = getenv("TMPDIR");
        return base_fail(err, BASE_IO, "no temporary directory can be made in '%s'",
                         folder && folder[0] ? folder : "/tmp");
    }
    *ret_guard = guard;
    return 0;
}

const char *trial_guard_directory(const struct trial_guard *guard) {
    return guard->directory;
}

static void tell(const struct trial_guard *guard, int32_t word, pid_t owner, pid_t group) {
    struct guard_message message = {word, (int32_t)owner, (int32_t)group};
    while (write(guard->to, &message, sizeof(message)) < 0 && errno == EINTR) {
    }
}

void trial_guard_tell(const struct trial_guard *guard, pid_t owner, pid_t group, bool alive) {
    if (guard) {
        tell(guard, alive ? GUARD_ALIVE : GUARD_GONE, owner, group);
    }
}

void trial_guard_clean(struct trial_guard *guard, pid_t owner) {
    tell(guard, GUARD_CLEAN, owner, 0);
    char answer;
    while (read(guard->from, &answer, 1) < 0 && errno == EINTR) {
    }
}

void trial_guard_finish(struct trial_guard *guard) {
    if (!guard) {
        return;
    }
    (void)close(guard->to);
    (void)close(guard->from);
    if (guard->starter == getpid()) {
        int status = 0;
        while (waitpid(guard->pid, &status, 0) < 0 && errno == EINTR) {
        }
    }
    base_free(guard);
}
