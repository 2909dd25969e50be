/*
 * Random differential testing: short programs of the fidelity suite's steps, made from a seed, are
 * asked of our broker and of a real Apache Kafka, and what both said is compared word by word.
 *
 * differ_rooms.c has the tables of what a program may be made of, differ_generate.c makes one,
 * differ_compare.c carries it out on both sides and compares, differ_shrink.c makes a program that
 * shows a difference small, differ.c is the program with its workers and its report.
 */
#pragma once
#include "fidelity.h"

/* A step as it may be generated: words "name=value|value|value", each one optional with a
 * probability in front ("30%name=…"), "30%send" before the verb. Values: see differ_generate.c. */
struct differ_step {
    int weight;
    const char *text;
};

struct differ_room {
    const char *name;
    const char *about; /* for --help */
    bool logins;
    bool members;                    /* "as=a" has the connection 1, b 2, c 3 */
    const char *topics;              /* what follows "topic: ", alternatives by '|' */
    const char *prelude;             /* lines that every program begins with; '\n' after each */
    const struct differ_step *steps; /* ends with weight 0 */
    int min_steps, max_steps;
};

/* -- differ_rooms.c: ends with a NULL name -- */
extern const struct differ_room differ_rooms[];

/* -- differ_generate.c -- */

#define DIFFER_PROGRAM_BYTES 16384
/* The program of that number as text of a case, the same for the same arguments. */
void differ_generate(const struct differ_room *room, uint64_t seed, unsigned number,
                     char ret_text[DIFFER_PROGRAM_BYTES]);

/* -- differ_compare.c -- */

#define DIFFER_MAX_STEPS 40
#define DIFFER_KEY_BYTES 160
struct differ_difference {
    bool found;
    bool unasked; /* one of both could not be asked at all */
    size_t step;  /* the first one that was answered otherwise */
    /* The verb and the first words that differ, without their numbers: the same cause has mostly
     * the same key. */
    char key[DIFFER_KEY_BYTES];
    /* What was said, made comparable; of the arena. */
    const char *ours;
    const char *kafka;
};
/* Carries the case out once on each side. patience_ms: for one answer, before "timeout" is it. */
void differ_compare(const struct fid_case *c, const char *oracle, int patience_ms,
                    struct base_arena *arena, struct differ_difference *ret);
/* Whether the difference is there again, each of some times, with more patience. */
bool differ_is_steady(const struct fid_case *c, const char *oracle, const char *key);

/* -- differ_shrink.c -- */

/* The smallest case found with the same difference; its steps are of the arena. */
struct fid_case differ_shrink(const struct fid_case *c, const char *oracle,
                              const struct differ_difference *difference, struct base_arena *arena);
/* The case as text that can be pasted into cases/, with Kafka's words expected where they differ.
 */
void differ_print(FILE *out, const struct fid_case *c, const struct differ_difference *difference);
