/* The guard: nothing is left over, however ktrial ends. */
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "harness/run/guard.h"
#include "program.h"
#include "suites.h"
#include "t_run.h"

/* A trial whose actor tells its number through a FIFO, and then waits for ever. */
#define WAITING_TRIAL \
    "scenario \"waits\"\nbudget 10m\ntopic rev\n" \
    "writer w1 to rev exec \"echo \\$\\$ > fifo; trap '' TERM; tail -f /dev/null & wait\"\n" \
    "run {\n  start w1\n}\n"

static struct t_program program;

/* Starts the trial; the actor's process number. */
static pid_t start_waiting(void) {
    char fifo[96];
    char line[32] = "";
    (void)snprintf(fifo, sizeof(fifo), "%s/fifo", t_folder);
    T_EQUAL_INT(mkfifo(fifo, 0600), 0);
    const char *arguments[] = {"run", t_file("trial.scn", WAITING_TRIAL), NULL};
    if (!t_program_start(&program, arguments, true)) {
        return 0;
    }
    /* Without O_NONBLOCK a trial that does not begin would be waited for as well. */
    struct pollfd ready = {.fd = open(fifo, O_RDWR | O_NONBLOCK | O_CLOEXEC), .events = POLLIN};
    if (T_TRUE(ready.fd >= 0) && T_EQUAL_INT(poll(&ready, 1, 20000), 1)) {
        T_TRUE(read(ready.fd, line, sizeof(line) - 1) > 0);
    }
    (void)close(ready.fd);
    return (pid_t)strtol(line, NULL, 10);
}

static void expect_death(pid_t actor) {
    int watched = (int)syscall(SYS_pidfd_open, actor, 0);
    if (watched >= 0) {
        struct pollfd gone = {.fd = watched, .events = POLLIN};
        T_EQUAL_INT(poll(&gone, 1, 20000), 1);
        (void)close(watched);
    }
    t_program_wait_guard(&program);
    /* Every member has been sent its SIGKILL; when each is gone is the kernel's business. */
    uint64_t watchdog_ns = base_clock_monotonic_ns() + UINT64_C(20000000000);
    while (t_group_lives(actor) && base_clock_monotonic_ns() < watchdog_ns) {
        (void)sched_yield();
    }
    T_TRUE(!t_group_lives(actor));
}

static void nothing_is_left_when_ktrial_is_killed_by(int signal) {
    pid_t actor = start_waiting();
    if (T_TRUE(actor > 1)) {
        T_EQUAL_INT(kill(actor, 0), 0);
        T_EQUAL_INT(kill(program.pid, signal), 0);
        expect_death(actor);
        T_EQUAL_INT(t_program_end(&program), -signal);
    }
}

static void nothing_is_left_when_ktrial_is_killed(void) {
    nothing_is_left_when_ktrial_is_killed_by(SIGKILL);
}

static void nothing_is_left_when_ktrial_is_terminated(void) {
    nothing_is_left_when_ktrial_is_killed_by(SIGTERM);
}

static void nothing_is_left_when_ktrial_is_interrupted(void) {
    nothing_is_left_when_ktrial_is_killed_by(SIGINT);
}

static void cleaning_kills_the_groups_of_one_owner_only(void) {
    struct trial_guard *guard = NULL;
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(trial_guard_start(&guard, &err), 0);
    pid_t groups[2];
    for (size_t i = 0; i < 2; i++) {
        groups[i] = fork();
        if (groups[i] == 0) {
            (void)setpgid(0, 0);

            (void)execl("/bin/sh", "sh", "-c", "exec tail -f /dev/null", (char *)NULL);
            _exit(127);
        }
        (void)setpgid(groups[i], groups[i]);
        trial_guard_tell(guard, (pid_t)(1000 + i), groups[i], true);
    }
    char folder[4200];
    (void)snprintf(folder, sizeof(folder), "%s/1000", trial_guard_directory(guard));
    T_EQUAL_INT(mkdir(folder, 0700), 0);
    trial_guard_clean(guard, 1000);
    int status = 0;
    T_EQUAL_INT(waitpid(groups[0], &status, 0), groups[0]);
    T_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    T_EQUAL_INT(access(folder, F_OK), -1);
    T_EQUAL_INT(kill(groups[1], 0), 0);
    char directory[4200];
    (void)snprintf(directory, sizeof(directory), "%s", trial_guard_directory(guard));
    trial_guard_finish(guard);
    T_EQUAL_INT(waitpid(groups[1], &status, 0), groups[1]);
    T_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    T_EQUAL_INT(access(directory, F_OK), -1);
}

static void a_tree_is_removed_with_what_links_point_to_left_alone(void) {
    char path[128];
    char link_path[128];
    (void)snprintf(path, sizeof(path), "%s/tree", t_folder);
    T_EQUAL_INT(mkdir(path, 0700), 0);
    (void)t_file("tree/file", "x");
    (void)snprintf(link_path, sizeof(link_path), "%s/tree/link", t_folder);
    const char *kept = t_file("kept", "x");
    T_EQUAL_INT(symlink(kept, link_path), 0);
    T_EQUAL_INT(trial_remove_tree(path, NULL), 0);
    T_EQUAL_INT(access(path, F_OK), -1);
    T_EQUAL_INT(access(kept, F_OK), 0);
    T_EQUAL_INT(trial_remove_tree(path, NULL), 0);
}

CU_SuiteInfo *suite_run_guard(void) {
    static CU_TestInfo tests[] = {
        {"nothing_is_left_when_ktrial_is_killed", nothing_is_left_when_ktrial_is_killed},
        {"nothing_is_left_when_ktrial_is_terminated", nothing_is_left_when_ktrial_is_terminated},
        {"nothing_is_left_when_ktrial_is_interrupted", nothing_is_left_when_ktrial_is_interrupted},
        {"cleaning_kills_the_groups_of_one_owner_only",
         cleaning_kills_the_groups_of_one_owner_only},
        {"a_tree_is_removed_with_what_links_point_to_left_alone",
         a_tree_is_removed_with_what_links_point_to_left_alone},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"run guard", NULL, NULL, t_folder_make, t_folder_remove, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
