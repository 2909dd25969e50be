/* Child processes: their streams, their end, what they inherit. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/builder.h"
#include "harness/run/process.h"
#include "program.h"
#include "suites.h"
#include "t_run.h"

struct watched {
    struct base_builder out;
    struct base_builder err;
    int status;
    int signal;
    bool exited;
    bool stops_at_output;
};

static uv_loop_t loop;
static struct trial_reaper reaper;
static struct watched watched;

static void set_up(void) {
    T_EQUAL_INT(uv_loop_init(&loop), 0);
    T_EQUAL_INT(trial_reaper_open(&reaper, &loop, NULL), 0);
    watched = (struct watched){0};
    base_builder_init(&watched.out, 16u << 20);
    base_builder_init(&watched.err, 16u << 20);
}

static void tear_down(void) {
    trial_reaper_close(&reaper);
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    T_EQUAL_INT(uv_loop_close(&loop), 0);
    base_builder_clean_up(&watched.out);
    base_builder_clean_up(&watched.err);
}

static void output(void *arg, enum trial_stream stream, struct base_slice bytes) {
    base_put_slice(stream == TRIAL_STDOUT ? &watched.out : &watched.err, bytes);
    if (watched.stops_at_output) {
        watched.stops_at_output = false;
        uv_stop(&loop);
    }
}

static void exited(void *arg, int status, int signum) {
    watched.status = status;
    watched.signal = signum;
    watched.exited = true;
    uv_stop(&loop);
}

static struct trial_process *spawn(const char *command, struct base_error *err) {
    char *const argv[] = {(char *)"/bin/sh", (char *)"-c", (char *)command, NULL};
    char *const envp[] = {(char *)"PATH=/bin:/usr/bin", (char *)"MARK=here", NULL};
    struct trial_process_options options = {
        .argv = argv, .envp = envp, .directory = "/", .output = output, .exited = exited};
    struct trial_process *process = NULL;
    if (trial_process_spawn(&reaper, &options, &process, err) != 0) {
        return NULL;
    }
    return process;
}

static struct trial_process *spawned(const char *command) {
    struct base_error err = BASE_ERROR_INIT;
    struct trial_process *process = spawn(command, &err);
    t_check(process != NULL, __LINE__, __FILE__, "%s: %s", command, err.text);
    return process;
}

static void run_to_end(struct trial_process *process) {
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    T_TRUE(watched.exited);
    trial_process_free(process);
}

static void expect_out(const char *text) {
    T_EQUAL_BYTES(watched.out.data ? (const char *)watched.out.data : "", watched.out.len, text,
                  strlen(text));
}

static void output_comes_before_the_exit(void) {
    run_to_end(spawned("echo out; echo err >&2; exit 7"));
    expect_out("out\n");
    T_EQUAL_INT(watched.err.len, 4);
    T_EQUAL_INT(watched.status, 7);
    T_EQUAL_INT(watched.signal, 0);
}

static void much_output_comes_whole(void) {
    run_to_end(spawned("head -c 3000000 /dev/zero"));
    T_EQUAL_INT(watched.out.len, 3000000);
}

static void a_signal_is_told(void) {
    run_to_end(spawned("kill -SEGV $$"));
    T_EQUAL_INT(watched.status, -1);
    T_EQUAL_INT(watched.signal, SIGSEGV);
}

static void what_is_written_arrives_and_the_end_too(void) {
    struct trial_process *process = spawned("cat; echo end");
    T_EQUAL_INT(trial_process_write(process, base_slice_str("one\n"), NULL), 0);
    T_EQUAL_INT(trial_process_write(process, base_slice_str("two\n"), NULL), 0);
    trial_process_end_input(process);
    run_to_end(process);
    expect_out("one\ntwo\nend\n");
}

static void writing_to_one_that_does_not_read_is_no_error(void) {
    struct trial_process *process = spawned("exec <&-; echo closed; cat /dev/null");
    char block[100000];
    memset(block, 'x', sizeof(block));
    T_EQUAL_INT(trial_process_write(process, base_slice_of(block, sizeof(block)), NULL), 0);
    T_EQUAL_INT(trial_process_write(process, base_slice_of(block, sizeof(block)), NULL), 0);
    run_to_end(process);
    T_EQUAL_INT(watched.status, 0);
}

static void the_environment_folder_and_signals_are_its_own(void) {
    (void)signal(SIGUSR1, SIG_IGN);
    run_to_end(spawned("echo $MARK; pwd; grep SigIgn /proc/self/status | tr -d '\\t'"));
    (void)signal(SIGUSR1, SIG_DFL);
    expect_out("here\n/\nSigIgn:0000000000000000\n");
}

static void no_file_is_inherited(void) {
    int leaky = dup(STDOUT_FILENO); /* without close-on-exec, as a careless parent leaves it */
    run_to_end(spawned("exec ls /proc/self/fd"));
    (void)close(leaky);
    expect_out("0\n1\n2\n3\n"); /* the last is the folder that ls reads */
}

static void it_is_in_a_group_of_its_own_that_dies_with_it(void) {
    struct trial_process *process =
        spawned("tail -f /dev/null & echo $!; exec tail -f "
                "/dev/null");
    pid_t pid = trial_process_pid(process);
    T_TRUE(pid != getpgrp());
    T_EQUAL_INT(getpgid(pid), pid);
    watched.stops_at_output = true;
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    trial_process_signal(process, SIGSTOP);
    trial_process_signal(process, SIGKILL);
    run_to_end(process);
    T_EQUAL_INT(watched.signal, SIGKILL);
    /* The rest of the group is dying: its number is the first thing that it wrote. */
    base_put_u8(&watched.out, 0);
    pid_t rest = (pid_t)strtol((const char *)watched.out.data, NULL, 10);
    int gone = (int)syscall(SYS_pidfd_open, rest, 0);
    struct pollfd ready = {.fd = gone, .events = POLLIN};
    T_TRUE(rest > 1 && (gone < 0 || poll(&ready, 1, 20000) == 1));
    if (gone >= 0) {
        (void)close(gone);
    }
}

static void giving_up_on_it_kills_it(void) {
    struct trial_process *process = spawned("exec tail -f /dev/null");
    pid_t pid = trial_process_pid(process);
    trial_process_free(process);
    T_TRUE(kill(pid, 0) != 0);
    T_TRUE(!watched.exited);
}

static void a_program_that_is_not_there_is_an_error(void) {
    char *const argv[] = {(char *)"/nowhere/program", NULL};
    char *const envp[] = {NULL};
    struct trial_process_options options = {
        .argv = argv, .envp = envp, .output = output, .exited = exited};
    struct trial_process *process = NULL;
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(trial_process_spawn(&reaper, &options, &process, &err), BASE_IO);
    T_TRUE(strstr(err.text, "/nowhere/program") && strstr(err.text, "No such file"));
}

CU_SuiteInfo *suite_run_process(void) {
    static CU_TestInfo tests[] = {
        {"output_comes_before_the_exit", output_comes_before_the_exit},
        {"much_output_comes_whole", much_output_comes_whole},
        {"a_signal_is_told", a_signal_is_told},
        {"what_is_written_arrives_and_the_end_too", what_is_written_arrives_and_the_end_too},
        {"writing_to_one_that_does_not_read_is_no_error",
         writing_to_one_that_does_not_read_is_no_error},
        {"the_environment_folder_and_signals_are_its_own",
         the_environment_folder_and_signals_are_its_own},
        {"no_file_is_inherited", no_file_is_inherited},
        {"it_is_in_a_group_of_its_own_that_dies_with_it",
         it_is_in_a_group_of_its_own_that_dies_with_it},
        {"giving_up_on_it_kills_it", giving_up_on_it_kills_it},
        {"a_program_that_is_not_there_is_an_error", a_program_that_is_not_there_is_an_error},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"run process", NULL, NULL, set_up, tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
