/* `ktrial check`, `ktrial fmt`, `ktrial verbs`: see commands.h. */
#include "harness/lang/commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "harness/lang/diff.h"
#include "harness/lang/files.h"
#include "harness/lang/lang.h"

#define EXIT_USAGE 64

static const char check_help[] =
    "usage: ktrial check PATH…\n"
    "Parses and checks scenarios, runs nothing.\n"
    "  PATH  a scenario, a folder (every *.scn below it), or - for standard input\n"
    "Exit status: 0 when all are good, 64 when one is not.\n";
static const char fmt_help[] =
    "usage: ktrial fmt [--diff] PATH…\n"
    "Puts scenarios into canonical form, and prints the paths of those that it changed.\n"
    "  --diff  show what would change, change nothing\n"
    "  PATH    a scenario, a folder (every *.scn below it), or - from standard input to output\n"
    "Exit status: 0, or 64 when one has errors or, with --diff, would change.\n";
static const char verbs_help[] =
    "usage: ktrial verbs\n"
    "Prints every item, event, action, step, check, guarantee and setting, as Markdown.\n";

struct run {
    bool diff;
    int status;
    size_t count; /* of scenarios */
};

/* Writes a builder's content to a stream; false when that did not work. */
static bool write_out(FILE *to, const struct base_builder *b) {
    struct base_slice text = base_builder_slice(b);
    return base_builder_ok(b) && (text.len == 0 || fwrite(text.data, 1, text.len, to) == text.len);
}

static void show(FILE *to, const struct trial_diagnostics *d, const char *path,
                 struct base_slice source) {
    struct base_builder text;
    base_builder_init(&text, 64 * BASE_MIB);
    trial_diagnostics_format(d, path, (const char *)source.data, source.len, &text);
    if (!write_out(to, &text)) {
        fprintf(to, "%s: %zu problems, too large to show\n", path, d->count);
    }
    base_builder_clean_up(&text);
}

/* Parses and checks one text; *ret_scenario is NULL when it could not be parsed. */
static int parse_and_check(const char *path, struct base_slice source, bool check,
                           struct trial_scenario **ret_scenario) {
    struct trial_diagnostics d;
    struct trial_pos pos;
    trial_diagnostics_init(&d);
    int rc = trial_parse(path, source, ret_scenario, &d);
    if (rc == 0 && check) {
        rc = trial_check(*ret_scenario, NULL, &d);
        const char *missing = rc == 0 ? trial_unsupported(*ret_scenario, &pos) : NULL;
        if (missing) {
            printf("%s:%u:%u: note: %s; `ktrial run` skips this scenario\n", path, pos.line,
                   pos.column, missing);
        }
    }
    if (rc != 0 && d.count == 0) {
        fprintf(stderr, "%s: %s\n", path, base_code_to_str(rc));
    }
    show(stderr, &d, path, source);
    trial_diagnostics_clean_up(&d);
    return rc;
}

static int check_file(void *arg, const char *path, struct base_error *err) {
    struct run *run = arg;
    struct trial_scenario *scenario = NULL;
    struct base_builder text;
    base_builder_init(&text, BASE_MAX_SCENARIO_BYTES);
    int rc = trial_read_file(path, &text, err);
    if (rc == 0) {
        run->count++;
        if (parse_and_check(path, base_builder_slice(&text), true, &scenario) != 0) {
            run->status = EXIT_USAGE;
        }
    }
    trial_scenario_free(scenario);
    base_builder_clean_up(&text);
    return rc;
}

/* Puts text in the place of the file at once, with its mode, or leaves the file as it is. */
static int replace_file(const char *path, const struct base_builder *text, struct base_error *err) {
    char temporary[4096];
    struct stat st;
    int len = snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);
    if (len < 0 || (size_t)len >= sizeof(temporary) || stat(path, &st) != 0) {
        return base_fail(err, BASE_IO, "%s: cannot be replaced", path);
    }
    int fd = mkostemp(temporary, O_CLOEXEC);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!file) {
        return base_fail(err, BASE_IO, "%s: %s", temporary, strerror(errno));
    }
    bool good = write_out(file, text) && fchmod(fd, st.st_mode & 07777) == 0;
    good = fclose(file) == 0 && good;
    if (!good || rename(temporary, path) != 0) {
        (void)unlink(temporary);
        return base_fail(err, BASE_IO, "%s: %s", path, strerror(errno));
    }
    return 0;
}

static int put_formatted(struct run *run, const char *path, struct base_slice source,
                         const struct base_builder *printed, struct base_error *err) {
    bool same = base_slice_equal(source, base_builder_slice(printed));
    if (run->diff) {
        struct base_builder diff;
        base_builder_init(&diff, 64 * BASE_MIB);
        trial_diff_lines(path, path, source, base_builder_slice(printed), &diff);
        (void)write_out(stdout, &diff);
        base_builder_clean_up(&diff);
        run->status = same ? run->status : EXIT_USAGE;
        return 0;
    }
    if (strcmp(path, "-") == 0) {
        return write_out(stdout, printed) ? 0 : base_fail(err, BASE_IO, "standard output failed");
    }
    if (same) {
        return 0;
    }
    int rc = replace_file(path, printed, err);
    if (rc == 0) {
        printf("%s\n", path);
    }
    return rc;
}

static int fmt_file(void *arg, const char *path, struct base_error *err) {
    struct run *run = arg;
    struct trial_scenario *scenario = NULL;
    struct base_builder text;
    struct base_builder printed;
    base_builder_init(&text, BASE_MAX_SCENARIO_BYTES);
    base_builder_init(&printed, 64 * BASE_MIB);
    int rc = trial_read_file(path, &text, err);
    if (rc == 0) {
        run->count++;
        if (parse_and_check(path, base_builder_slice(&text), false, &scenario) != 0) {
            run->status = EXIT_USAGE;
        } else {
            trial_print(scenario, &printed);
            rc = base_builder_ok(&printed)
                     ? put_formatted(run, path, base_builder_slice(&text), &printed, err)
                     : base_fail(err, printed.failed, "%s: too large once printed", path);
        }
    }
    trial_scenario_free(scenario);
    base_builder_clean_up(&printed);
    base_builder_clean_up(&text);
    return rc;
}

/* Walks the paths of a command line; flags were consumed. */
static int walk(int argc, char **argv, int first, trial_file_fn visit, struct run *run) {
    for (int i = first; i < argc; i++) {
        struct base_error err = BASE_ERROR_INIT;
        if (trial_find_scenarios(argv[i], visit, run, &err) != 0) {
            fprintf(stderr, "%s\n", err.text);
            run->status = EXIT_USAGE;
        }
    }
    return run->status;
}

static bool is_help(const char *arg) {
    return strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0;
}

static int refuse_flag(const char *command, const char *flag) {
    fprintf(stderr, "ktrial %s: unknown option %s; see ktrial %s --help\n", command, flag, command);
    return EXIT_USAGE;
}

static bool is_flag(const char *arg) {
    return arg[0] == '-' && arg[1] != '\0';
}

int trial_command_check(int argc, char **argv) {
    struct run run = {0};
    for (int i = 1; i < argc && is_flag(argv[i]); i++) {
        if (is_help(argv[i])) {
            fputs(check_help, stdout);
            return 0;
        }
        return refuse_flag("check", argv[i]);
    }
    if (argc < 2) {
        fputs(check_help, stderr);
        return EXIT_USAGE;
    }
    int status = walk(argc, argv, 1, check_file, &run);
    if (status == 0) {
        printf("%zu scenario%s checked, no errors\n", run.count, run.count == 1 ? "" : "s");
    }
    return status;
}

int trial_command_fmt(int argc, char **argv) {
    struct run run = {0};
    int i = 1;
    for (; i < argc && is_flag(argv[i]); i++) {
        if (is_help(argv[i])) {
            fputs(fmt_help, stdout);
            return 0;
        }
        if (strcmp(argv[i], "--diff") != 0) {
            return refuse_flag("fmt", argv[i]);
        }
        run.diff = true;
    }
    if (i >= argc) {
        fputs(fmt_help, stderr);
        return EXIT_USAGE;
    }
    return walk(argc, argv, i, fmt_file, &run);
}

int trial_command_verbs(int argc, char **argv) {
    if (argc > 1) {
        fputs(verbs_help, is_help(argv[1]) ? stdout : stderr);
        return is_help(argv[1]) ? 0 : EXIT_USAGE;
    }
    struct base_builder text;
    base_builder_init(&text, BASE_MIB);
    trial_words_print(&text);
    bool good = write_out(stdout, &text);
    base_builder_clean_up(&text);
    return good ? 0 : EXIT_USAGE;
}
