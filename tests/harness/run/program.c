/* Running ktrial from a test: see program.h. */
#include "program.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "t_run.h"

char t_folder[64];
char t_output[65536];

void t_folder_make(void) {
    char temporary[80];
    (void)snprintf(t_folder, sizeof(t_folder), "/tmp/test-run-XXXXXX");
    T_TRUE(mkdtemp(t_folder) != NULL);
    (void)snprintf(temporary, sizeof(temporary), "%s/tmp", t_folder);
    T_EQUAL_INT(mkdir(temporary, 0700), 0);
}

void t_folder_remove(void) {
    char path[80];
    (void)snprintf(path, sizeof(path), "%s/tmp", t_folder);
    DIR *dir = opendir(path);
    struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        t_check(entry->d_name[0] == '.', __LINE__, __FILE__, "left over: %s", entry->d_name);
    }
    if (dir) {
        (void)closedir(dir);
    }
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", t_folder);
    T_EQUAL_INT(system(command), 0);
}

const char *t_file(const char *name, const char *text) {
    static char path[128];
    (void)snprintf(path, sizeof(path), "%s/%s", t_folder, name);
    FILE *file = fopen(path, "we");
    if (T_TRUE(file != NULL)) {
        (void)fputs(text, file);
        (void)fclose(file);
    }
    return path;
}

static void run_child(const char *const *arguments, const int in[2], const int out[2],
                      bool with_errors) {
    char temporary[80];
    const char *argv[32] = {T_KTRIAL};
    for (size_t i = 0; arguments[i] && i < 30; i++) {
        argv[i + 1] = arguments[i];
    }
    (void)snprintf(temporary, sizeof(temporary), "%s/tmp", t_folder);
    (void)setenv("TMPDIR", temporary, 1);
    (void)dup2(in[0], STDIN_FILENO);
    (void)dup2(out[1], STDOUT_FILENO);
    if (with_errors) {
        (void)dup2(out[1], STDERR_FILENO);
    }
    (void)execv(T_KTRIAL, (char *const *)argv);
    _exit(127);
}

bool t_program_start(struct t_program *program, const char *const *arguments, bool with_errors) {
    int in[2];
    int out[2];
    int held[2];
    if (!T_TRUE(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 && pipe(held) == 0)) {
        return false;
    }
    (void)fcntl(held[0], F_SETFD, FD_CLOEXEC);
    program->pid = fork();
    if (program->pid == 0) {
        run_child(arguments, in, out, with_errors);
    }
    (void)close(in[0]);
    (void)close(out[1]);
    (void)close(held[1]);
    program->in = fdopen(in[1], "w");
    program->out = fdopen(out[0], "r");
    program->held = held[0];
    return T_TRUE(program->pid > 0 && program->in && program->out);
}

void t_program_wait_guard(struct t_program *program) {
    char byte;
    T_EQUAL_INT(read(program->held, &byte, 1), 0);
}

int t_program_end(struct t_program *program) {
    int status = 0;
    (void)fclose(program->in);
    size_t len = fread(t_output, 1, sizeof(t_output) - 1, program->out);
    t_output[len] = '\0';
    (void)fclose(program->out);
    T_EQUAL_INT(waitpid(program->pid, &status, 0), program->pid);
    t_program_wait_guard(program);
    (void)close(program->held);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool t_group_lives(pid_t group) {
    DIR *dir = opendir("/proc");
    struct dirent *entry;
    bool lives = false;
    while (dir && !lives && (entry = readdir(dir))) {
        char path[300];
        char text[512] = "";
        (void)snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
        FILE *file = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' ? fopen(path, "re") : NULL;
        if (file) {
            (void)!fread(text, 1, sizeof(text) - 1, file);
            (void)fclose(file);
        }
        const char *after = strrchr(text, ')');
        char state = '?';
        int parent = 0;
        int its_group = 0;
        lives = after && sscanf(after + 1, " %c %d %d", &state, &parent, &its_group) == 3 &&
                its_group == group && state != 'Z' && state != 'X';
    }
    if (dir) {
        (void)closedir(dir);
    }
    return lives;
}

int t_trial(const char *scenario, const char *const *more) {
    const char *arguments[30] = {"run", t_file("trial.scn", scenario)};
    for (size_t i = 0; more && more[i] && i < 27; i++) {
        arguments[i + 2] = more[i];
    }
    struct t_program program;
    return t_program_start(&program, arguments, true) ? t_program_end(&program) : -1;
}

void t_expect_trial(const char *scenario, int status, const char *words) {
    int actual = t_trial(scenario, NULL);
    bool has_words = !words || strstr(t_output, words);
    t_check(actual == status && has_words, __LINE__, __FILE__,
            "status %d, expected %d and '%s'; output: %.200s", actual, status, words ? words : "",
            t_output);
}
