/* The fidelity suite's program: the cases of the files against each target, several at a time. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "fidelity.h"

#define EXIT_USAGE 64
#define EXIT_SKIP 77

static const char help[] =
    "usage: fidelity [-t ours|bare|oracle]… [-j WORKERS] [-v] [-a] [-k PART] [-m STRIDE] FILE…\n"
    "Runs the cases of the files against each target. ours has to pass all but those that say how\n"
    "they differ, and has to fail those; oracle, a real Apache Kafka, has to pass all; bare,\n"
    "librdkafka's mock cluster, may do what it likes.\n"
    "  -t TARGET   without it: ours, and the oracle when KTRIAL_ORACLE is set\n"
    "  -j WORKERS  so many cases at once (4)\n"
    "  -v          tell what was answered otherwise\n"
    "  -a          tell every last answer\n"
    "  -k PART     only claims that contain PART\n"
    "  -m STRIDE   the memory of ours runs out, at every STRIDE-th allocation\n"
    "KTRIAL_ORACLE=HOST:PORT is the oracle, KTRIAL_ORACLE_SASL its listener with logins.\n"
    "Exit status: 0 as it should be, 1 not, 64 a mistake in the call or in a file, 77 the\n"
    "oracle is asked for and there is none.\n";

static const char *const target_names[FID_TARGET_COUNT] = {"ours", "bare", "oracle"};

struct options {
    bool targets[FID_TARGET_COUNT];
    int workers;
    bool verbose;
    bool all;
    bool help;
    unsigned memory_stride; /* 0: no memory runs out */
    const char *part;
    const char *oracle;
    const char *oracle_sasl; /* its listener with SASL; NULL: none, such cases are not asked */
};

struct tally {
    int ran, passed, failed, differ, stale, crashed;
};

static bool is_chosen(const struct options *o, const struct fid_case *c, enum fid_target target) {
    return (!o->part || strstr(c->claim, o->part) != NULL) &&
           (target == FID_OURS || !c->ours_only) &&
           (!c->logins || target == FID_OURS || (target == FID_ORACLE && o->oracle_sasl));
}

/* Every n-th case in each of n processes, so that a server may be forked for it; of those that one
 * Kafka is asked alone, or of the others. */
static void work(const struct fid_cases *cases, enum fid_target target, const struct options *o,
                 bool alone, struct fid_result *results, int worker) {
    unsigned long long run = (unsigned long long)base_clock_wall_ms() % 1000000000u;
    int workers = alone ? 1 : o->workers;
    for (size_t i = (size_t)worker; i < cases->count; i += (size_t)workers) {
        char unique[64];
        (void)snprintf(unique, sizeof(unique), "fid-%llu-%d-%zu", run, worker, i);
        bool is_alone = target == FID_ORACLE && cases->items[i].alone;
        if (is_alone == alone && is_chosen(o, &cases->items[i], target)) {
            if (o->memory_stride) {
                fid_memory_case(&cases->items[i], unique, o->memory_stride, &results[i]);
            } else {
                fid_run_case(&cases->items[i], target, o->oracle, unique, &results[i]);
            }
        }
    }
}

static int run_workers(const struct fid_cases *cases, enum fid_target target,
                       const struct options *o, bool alone, struct fid_result *results) {
    pid_t parent = getpid();
    int rc = 0;
    fflush(stdout);
    for (int w = 0; w < (alone ? 1 : o->workers); w++) {
        pid_t child = fork();
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (getppid() == parent) {
                work(cases, target, o, alone, results, w);
            }
            _exit(0);
        }
        rc = child < 0 ? -1 : rc;
    }
    int status;
    while (wait(&status) > 0) {
        rc = status != 0 ? -1 : rc;
    }
    return rc;
}

static void judge(const struct fid_case *c, const struct fid_result *r, enum fid_target target,
                  const struct options *o, struct tally *t) {
    bool differs = target == FID_OURS && c->differs;
    t->ran++;
    t->passed += r->passed;
    t->crashed += r->crashed;
    t->differ += differs && !r->passed;
    t->stale += differs && r->passed;
    t->failed += !differs && !r->passed;
    bool wrong = target != FID_BARE && r->passed == differs;
    if (wrong || (o->verbose && !r->passed) || o->all) {
        printf("%s: %s\n  %s:%d: %s%s\n", target_names[target], c->claim, c->file,
               r->line ? r->line : c->line,
               wrong && r->passed ? "passes, though it says how it differs: "
               : r->crashed       ? "the server died: "
                                  : "answered: ",
               wrong && r->passed ? c->differs : r->said);
    }
}

/* False: not as it has to be. */
static bool run_target(const struct fid_cases *cases, enum fid_target target,
                       const struct options *o) {
    size_t bytes = cases->count * sizeof(struct fid_result);
    struct fid_result *results =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (results == MAP_FAILED) {
        perror("mmap");
        return false;
    }
    struct tally t = {0};
    bool worked = run_workers(cases, target, o, false, results) == 0;
    worked = (target != FID_ORACLE || run_workers(cases, target, o, true, results) == 0) && worked;
    for (size_t i = 0; i < cases->count; i++) {
        if (results[i].ran) {
            judge(&cases->items[i], &results[i], target, o, &t);
        } else if (is_chosen(o, &cases->items[i], target)) {
            t.failed++;
            printf("%s: %s: was not run\n", target_names[target], cases->items[i].claim);
        }
    }
    munmap(results, bytes);
    printf("%s: %d cases, %d as Apache Kafka, %d otherwise", target_names[target], t.ran,
           t.passed, t.ran - t.passed);
    if (target == FID_OURS) {
        printf(" (%d known), %d no longer", t.differ, t.stale);
    }
    printf("%s\n", t.crashed ? " (its server died in some)" : "");
    return worked && t.ran > 0 && (target == FID_BARE || (t.failed == 0 && t.stale == 0));
}

static bool find_target(const char *name, struct options *o) {
    for (int t = 0; t < FID_TARGET_COUNT; t++) {
        if (strcmp(name, target_names[t]) == 0) {
            o->targets[t] = true;
            return true;
        }
    }
    return false;
}

static int wrong(const char *what) {
    fprintf(stderr, "fidelity: %s; see fidelity --help\n", what);
    return EXIT_USAGE;
}

/* 0, or the exit status after it has said why. */
static int parse(int argc, char **argv, struct options *o) {
    static const struct option long_options[] = {{"help", no_argument, NULL, 'h'}, {0}};
    int option;
    while ((option = getopt_long(argc, argv, "t:j:k:m:vah", long_options, NULL)) != -1) {
        switch (option) {
        case 't':
            if (!find_target(optarg, o)) {
                return wrong("-t: expected ours, bare or oracle");
            }
            break;
        case 'j':
            o->workers = (int)strtol(optarg, NULL, 10);
            if (o->workers < 1) {
                return wrong("-j: expected a number of at least 1");
            }
            break;
        case 'm':
            o->memory_stride = (unsigned)strtoul(optarg, NULL, 10);
            if (o->memory_stride < 1) {
                return wrong("-m: expected a number of at least 1");
            }
            break;
        case 'k':
            o->part = optarg;
            break;
        case 'a':
            o->all = true;
            break;
        case 'v':
            o->verbose = true;
            break;
        case 'h':
            o->help = true;
            return 0;
        default:
            return wrong("unknown option");
        }
    }
    return optind < argc ? 0 : wrong("which cases?");
}

int main(int argc, char **argv) {
    struct options o = {.workers = 4, .oracle = getenv("KTRIAL_ORACLE"),
                        .oracle_sasl = getenv("KTRIAL_ORACLE_SASL")};
    struct fid_cases cases = {0};
    (void)signal(SIGPIPE, SIG_IGN); /* to a server that has closed the connection */
    int status = parse(argc, argv, &o);
    if (status != 0) {
        return status;
    }
    if (o.help) {
        fputs(help, stdout);
        return 0;
    }
    if (!o.targets[FID_OURS] && !o.targets[FID_BARE] && !o.targets[FID_ORACLE]) {
        o.targets[FID_OURS] = true;
        o.targets[FID_ORACLE] = o.oracle != NULL;
    }
    if (o.targets[FID_ORACLE] && !o.oracle) {
        fprintf(stderr, "fidelity: KTRIAL_ORACLE is not set: there is no Apache Kafka to ask\n");
        return EXIT_SKIP;
    }
    base_arena_init(&cases.arena, 64 * BASE_MIB);
    for (int i = optind; i < argc; i++) {
        if (fid_cases_read(&cases, argv[i]) != 0) {
            return EXIT_USAGE;
        }
    }
    bool good = cases.count > 0;
    for (int t = 0; t < FID_TARGET_COUNT; t++) {
        good = (!o.targets[t] || run_target(&cases, (enum fid_target)t, &o)) && good;
    }
    fid_cases_clean_up(&cases);
    return good ? 0 : 1;
}
