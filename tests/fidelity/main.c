/*
 * fidelity [-t ours|bare|oracle]… [-j WORKERS] [-v] [-a] [-k PART] [-m STRIDE] FILE…
 *
 * Runs the cases of the files against each target. ours has to pass all but those that say how
 * they differ, and has to fail those; the oracle has to pass all; the bare mock may do what it
 * likes. Without -t: ours, and the oracle when KTRIAL_ORACLE=HOST:PORT is set (77 if -t oracle is
 * all that is asked for and it is not set). -m STRIDE: the memory of ours runs out, at every
 * STRIDE-th allocation (memory.c). -v tells what was answered otherwise, -a every last
 * answer; -k takes only claims that contain PART.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "fidelity.h"

static const char *const target_names[FID_TARGET_COUNT] = {"ours", "bare", "oracle"};

struct options {
    bool targets[FID_TARGET_COUNT];
    int workers;
    bool verbose;
    bool all;
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

static int parse(int argc, char **argv, struct options *o) {
    int option;
    while ((option = getopt(argc, argv, "t:j:k:m:va")) != -1) {
        bool known = option != '?';
        switch (option) {
        case 't':
            known = false;
            for (int t = 0; t < FID_TARGET_COUNT; t++) {
                if (strcmp(optarg, target_names[t]) == 0) {
                    o->targets[t] = known = true;
                }
            }
            break;
        case 'j':
            o->workers = (int)strtol(optarg, NULL, 10);
            known = o->workers > 0;
            break;
        case 'm':
            o->memory_stride = (unsigned)strtoul(optarg, NULL, 10);
            known = o->memory_stride > 0;
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
        default:
            break;
        }
        if (!known) {
            fprintf(stderr, "fidelity [-t ours|bare|oracle] [-j WORKERS] [-v] [-a] [-k PART] "
                            "[-m STRIDE] "
                            "FILE…\n");
            return -1;
        }
    }
    return 0;
}

int main(int argc, char **argv) {
    struct options o = {.workers = 4, .oracle = getenv("KTRIAL_ORACLE"),
                        .oracle_sasl = getenv("KTRIAL_ORACLE_SASL")};
    struct fid_cases cases = {0};
    (void)signal(SIGPIPE, SIG_IGN); /* to a server that has closed the connection */
    if (parse(argc, argv, &o) != 0) {
        return 2;
    }
    if (!o.targets[FID_OURS] && !o.targets[FID_BARE] && !o.targets[FID_ORACLE]) {
        o.targets[FID_OURS] = true;
        o.targets[FID_ORACLE] = o.oracle != NULL;
    }
    if (o.targets[FID_ORACLE] && !o.oracle) {
        fprintf(stderr, "KTRIAL_ORACLE is not set: there is no Apache Kafka to ask\n");
        return 77;
    }
    base_arena_init(&cases.arena, 64 * BASE_MIB);
    for (int i = optind; i < argc; i++) {
        if (fid_cases_read(&cases, argv[i]) != 0) {
            return 2;
        }
    }
    bool good = cases.count > 0;
    for (int t = 0; t < FID_TARGET_COUNT; t++) {
        good = (!o.targets[t] || run_target(&cases, (enum fid_target)t, &o)) && good;
    }
    fid_cases_clean_up(&cases);
    return good ? 0 : 1;
}
