/*
 * The program: options, workers, the report. See differ.h.
 */
#include <getopt.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "differ.h"

#define MAX_ROOMS 16
#define MAX_KEYS 512
#define PATIENCE_MS 300

static const char usage[] =
    "usage: differ [OPTION…]\n"
    "\n"
    "Makes random programs of the fidelity suite's steps, asks them of our broker and of a real\n"
    "Apache Kafka, and compares the answers. A difference is asked again until it is sure, made\n"
    "small, and printed as a case that can be pasted into cases/*.txt.\n"
    "\n"
    "  -r ROOM    only this room; may be given several times\n"
    "  -s SEED    where the programs come from (1)\n"
    "  -n COUNT   programs of each room (100)\n"
    "  -f NUMBER  the first program's number (0); with -n 1, this one alone\n"
    "  -j N       workers (4)\n"
    "  -k         keep on: tell every difference, not one for each kind\n"
    "  -u         tell the whole program, do not make it small (a slow machine)\n"
    "  -p         print the programs, ask nobody\n"
    "  -c         only check that every program can be read and is the same again\n"
    "  -t         tell with each program what was said (for one program: -f NUMBER -n 1 -t)\n"
    "  -h         this\n"
    "\n"
    "Environment: KTRIAL_ORACLE=HOST:PORT, KTRIAL_ORACLE_SASL=HOST:PORT (rooms with logins are\n"
    "left out without it); tests/fidelity/kafka.sh run sasl=yes -- differ … sets both.\n"
    "Exit status: 0 no difference, 1 differences, 2 wrong usage or a program that could not be\n"
    "asked, 77 there is no Apache Kafka to ask.\n"
    "\n"
    "Rooms:\n";

struct options {
    bool rooms[MAX_ROOMS];
    unsigned long long seed;
    unsigned count, first;
    int workers;
    bool every, whole, print_only, check_only, tell;
    const char *oracle;
    bool has_sasl;
};

/* What the workers share. */
struct tally {
    atomic_uint asked[MAX_ROOMS], steps[MAX_ROOMS], different[MAX_ROOMS], unsteady[MAX_ROOMS];
    atomic_uint unasked;
    _Atomic uint64_t keys[MAX_KEYS]; /* of kinds of differences that were told */
};

static uint64_t hash_of(const char *text) {
    uint64_t h = 1469598103934665603u;
    for (; *text; text++) {
        h = (h ^ (unsigned char)*text) * 1099511628211u;
    }
    return h ? h : 1;
}

/* False: somebody has told it. */
static bool is_new(struct tally *t, const char *key) {
    uint64_t h = hash_of(key);
    for (size_t i = 0; i < MAX_KEYS; i++) {
        uint64_t none = 0;
        if (atomic_compare_exchange_strong(&t->keys[i], &none, h)) {
            return true;
        }
        if (none == h) {
            return false;
        }
    }
    return true;
}

/* In one piece: workers share the output. */
static void tell(const struct fid_case *c, const struct differ_difference *d, const char *note) {
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    if (!out) {
        return;
    }
    fprintf(out, "# %s (%s)\n", d->key, note);
    differ_print(out, c, d);
    fprintf(out, "\n");
    fclose(out);
    if (write(STDOUT_FILENO, text, len) < 0) {
        perror("differ");
    }
    free(text);
}

static void look_closer(const struct fid_case *c, const struct options *o, size_t room,
                        const struct differ_difference *d, struct tally *t) {
    struct base_arena arena;
    base_arena_init(&arena, 256 * BASE_MIB);
    struct fid_case cut = *c;
    cut.step_count = d->step + 1;
    if (!differ_is_steady(&cut, o->oracle, d->key)) {
        atomic_fetch_add(&t->unsteady[room], 1);
    } else {
        atomic_fetch_add(&t->different[room], 1);
        bool told = o->every || is_new(t, d->key);
        if (told && o->whole) {
            tell(&cut, d, "steady");
        } else if (told) {
            struct fid_case small = differ_shrink(c, o->oracle, d, &arena);
            struct differ_difference last;
            differ_compare(&small, o->oracle, PATIENCE_MS, &arena, &last);
            tell(last.found ? &small : c, last.found ? &last : d, "steady");
        }
    }
    base_arena_clean_up(&arena);
}

/* Reads the program as a case. */
static bool read_program(struct fid_cases *cases, char *text) {
    FILE *in = fmemopen(text, strlen(text), "r");
    bool good = in && fid_cases_read_from(cases, in, "program") == 0 && cases->count == 1;
    if (in) {
        fclose(in);
    }
    if (!good) {
        fprintf(stderr, "differ: the program cannot be read:\n%s", text);
    }
    return good;
}

static void ask_program(const struct options *o, size_t room, unsigned number, struct tally *t) {
    static char text[DIFFER_PROGRAM_BYTES];
    differ_generate(&differ_rooms[room], o->seed, number, text);
    struct fid_cases cases = {0};
    struct base_arena arena;
    base_arena_init(&cases.arena, 16 * BASE_MIB);
    base_arena_init(&arena, 64 * BASE_MIB);
    struct differ_difference d = {.unasked = true};
    if (read_program(&cases, text)) {
        differ_compare(&cases.items[0], o->oracle, PATIENCE_MS, &arena, &d);
        atomic_fetch_add(&t->asked[room], 1);
        atomic_fetch_add(&t->steps[room], (unsigned)cases.items[0].step_count);
    }
    atomic_fetch_add(&t->unasked, d.unasked ? 1 : 0);
    if (o->tell) {
        tell(&cases.items[0], &d, d.found ? "at once" : "no difference");
    }
    if (d.found) {
        look_closer(&cases.items[0], o, room, &d, t);
    }
    base_arena_clean_up(&arena);
    fid_cases_clean_up(&cases);
}

static void work(const struct options *o, int worker, struct tally *t) {
    for (unsigned i = 0; i < o->count; i++) {
        for (size_t room = 0; differ_rooms[room].name; room++) {
            bool mine = (i * 7 + room) % (unsigned)o->workers == (unsigned)worker;
            if (mine && o->rooms[room] && (!differ_rooms[room].logins || o->has_sasl)) {
                ask_program(o, room, o->first + i, t);
            }
        }
    }
}

static bool run_workers(const struct options *o, struct tally *t) {
    pid_t parent = getpid();
    bool good = true;
    fflush(stdout);
    for (int w = 0; w < o->workers; w++) {
        pid_t child = fork();
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (getppid() == parent) {
                work(o, w, t);
            }
            _exit(0);
        }
        good = child > 0 && good;
    }
    int status;
    while (wait(&status) > 0) {
        good = status == 0 && good;
    }
    return good;
}

static void print_programs(const struct options *o) {
    static char text[DIFFER_PROGRAM_BYTES];
    for (size_t room = 0; differ_rooms[room].name; room++) {
        for (unsigned i = 0; o->rooms[room] && i < o->count; i++) {
            differ_generate(&differ_rooms[room], o->seed, o->first + i, text);
            printf("%s\n", text);
        }
    }
}

static int check_programs(const struct options *o) {
    static char text[DIFFER_PROGRAM_BYTES], again[DIFFER_PROGRAM_BYTES];
    unsigned programs = 0, steps = 0;
    for (size_t room = 0; differ_rooms[room].name; room++) {
        for (unsigned i = 0; o->rooms[room] && i < o->count; i++) {
            differ_generate(&differ_rooms[room], o->seed, o->first + i, text);
            differ_generate(&differ_rooms[room], o->seed, o->first + i, again);
            struct fid_cases cases = {0};
            base_arena_init(&cases.arena, 16 * BASE_MIB);
            bool good = strcmp(text, again) == 0 && read_program(&cases, text);
            steps += good ? (unsigned)cases.items[0].step_count : 0;
            fid_cases_clean_up(&cases);
            if (!good) {
                return 2;
            }
            programs++;
        }
    }
    printf("%u programs of %u steps\n", programs, steps);
    return programs > 0 ? 0 : 2;
}

static int compare_all(const struct options *o) {
    struct tally *t =
        mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (t == MAP_FAILED) {
        perror("mmap");
        return 2;
    }
    bool good = run_workers(o, t);
    unsigned different = 0;
    for (size_t r = 0; differ_rooms[r].name; r++) {
        if (t->asked[r]) {
            printf("%s: %u programs of %u steps, %u different, %u not again\n",
                   differ_rooms[r].name, t->asked[r], t->steps[r], t->different[r], t->unsteady[r]);
            different += t->different[r];
        }
    }
    good = good && t->unasked == 0;
    if (!good) {
        printf("%u could not be asked, or a worker ended early\n", t->unasked);
    }
    munmap(t, sizeof(*t));
    return !good ? 2 : different ? 1 : 0;
}

static bool choose_room(struct options *o, const char *name) {
    for (size_t i = 0; differ_rooms[i].name; i++) {
        if (strcmp(differ_rooms[i].name, name) == 0) {
            o->rooms[i] = true;
            return true;
        }
    }
    return false;
}

static void print_usage(FILE *out) {
    fprintf(out, "%s", usage);
    for (const struct differ_room *r = differ_rooms; r->name; r++) {
        fprintf(out, "  %-14s %s\n", r->name, r->about);
    }
}

/* 0, or the exit status plus 1. */
static int parse(int argc, char **argv, struct options *o) {
    static const struct option names[] = {{"help", no_argument, NULL, 'h'}, {0}};
    int option;
    bool any = false;
    while ((option = getopt_long(argc, argv, "r:s:n:f:j:kupcth", names, NULL)) != -1) {
        bool known = option != '?';
        switch (option) {
        case 'r':
            known = any = choose_room(o, optarg);
            break;
        case 's':
            o->seed = strtoull(optarg, NULL, 10);
            break;
        case 'n':
            o->count = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 'f':
            o->first = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 'j':
            o->workers = (int)strtol(optarg, NULL, 10);
            known = o->workers > 0;
            break;
        case 'k':
            o->every = true;
            break;
        case 'u':
            o->whole = true;
            break;
        case 'p':
            o->print_only = true;
            break;
        case 'c':
            o->check_only = true;
            break;
        case 't':
            o->tell = true;
            break;
        case 'h':
            print_usage(stdout);
            return 1;
        default:
            break;
        }
        if (!known) {
            print_usage(stderr);
            return 3;
        }
    }
    for (size_t i = 0; i < MAX_ROOMS && !any; i++) {
        o->rooms[i] = true;
    }
    return 0;
}

int main(int argc, char **argv) {
    struct options o = {.seed = 1,
                        .count = 100,
                        .workers = 4,
                        .oracle = getenv("KTRIAL_ORACLE"),
                        .has_sasl = getenv("KTRIAL_ORACLE_SASL") != NULL};
    int rc = parse(argc, argv, &o);
    if (rc != 0) {
        return rc - 1;
    }
    if (o.print_only) {
        print_programs(&o);
        return 0;
    }
    if (o.check_only) {
        return check_programs(&o);
    }
    if (!o.oracle) {
        fprintf(stderr, "KTRIAL_ORACLE is not set: there is no Apache Kafka to ask\n");
        return 77;
    }
    return compare_all(&o);
}
