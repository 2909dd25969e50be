/* Running ktrial from a test: a folder for its files, its standard streams, its end. */
#pragma once
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/* A folder for one test; also the TMPDIR of what it runs. */
extern char t_folder[64];
void t_folder_make(void);
/* Asserts that ktrial left nothing in its TMPDIR, and removes the folder. */
void t_folder_remove(void);
/* Writes a file into the folder; gives its path (static, overwritten). */
const char *t_file(const char *name, const char *text);

struct t_program {
    pid_t pid;
    FILE *in;   /* its standard input */
    FILE *out;  /* its standard output and error */
    int held;   /* readable at its end only: closed when it, and its guard, are gone */
};
/* Starts ktrial with arguments (up to NULL). */
bool t_program_start(struct t_program *program, const char *const *arguments, bool with_errors);
/* Closes its input, waits for its end: the exit status, or -signal. */
int t_program_end(struct t_program *program);
/* Waits until it and all that it forked without exec are gone. */
void t_program_wait_guard(struct t_program *program);

/* True while the process group has a process that is no zombie (orphans wait for init to be
 * reaped). */
bool t_group_lives(pid_t group);

/* `ktrial run` of a scenario, with more arguments (up to NULL; may be NULL). Its output is in
 * t_output. */
int t_trial(const char *scenario, const char *const *more);
extern char t_output[65536];
/* The status is as expected, and so are words in the output (NULL: any). */
void t_expect_trial(const char *scenario, int status, const char *words);
