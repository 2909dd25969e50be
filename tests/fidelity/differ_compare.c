/*
 * One program on both sides: what was said is made comparable and compared, step by step.
 *
 * Made comparable: the case's own name is $t; producer ids that brokers give are numbered in the
 * order in which they are seen; times of a broker's clock (all that are not whole seconds from the
 * case's time) are "?"; random ids in texts are "ID"; members of a group, topics of
 * an assignment, partitions and settings, which come in the order of a hash table, are sorted.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "differ.h"

#define MAX_WORDS 1500
#define MAX_PIDS 24
/* Producer ids that programs name. */
#define FIRST_MADE_UP_PID 900000
#define LAST_MADE_UP_PID 900099
#define STEADY_TIMES 2
#define STEADY_PATIENCE_MS 2500
#define SURE_PATIENCE_MS 12000

struct record {
    struct base_arena *arena;
    const char *said[DIFFER_MAX_STEPS];
    size_t count;
    long long pids[MAX_PIDS];
    size_t pid_count;
    int patience_ms; /* for what may wait for another request */
};

/* -- words -- */

static const char *word_of(struct record *r, const char *word, size_t len) {
    const char *copy = base_arena_strndup(r->arena, word, len);
    return copy ? copy : "";
}

static const char *pid_word(struct record *r, long long pid) {
    size_t i = 0;
    while (i < r->pid_count && r->pids[i] != pid) {
        i++;
    }
    if (i == r->pid_count && i < MAX_PIDS) {
        r->pids[r->pid_count++] = pid;
    }
    char text[32];
    (void)snprintf(text, sizeof(text), "pid=#%zu", i);
    return word_of(r, text, strlen(text));
}

/* "time=+123": of a clock. Times that a program gives are whole seconds from its own. */
static bool is_of_clock(const char *word) {
    const char *equals = strchr(word, '=');
    if (!equals || equals == word || strchr("+-", equals[1]) == NULL || equals[1] == '\0') {
        return false;
    }
    bool is_time = (size_t)(equals - word) >= 4 && strncmp(equals - 4, "time", 4) == 0;
    return is_time && strtoll(equals + 1, NULL, 10) % 1000 != 0 && strcmp(equals, "=-1") != 0;
}

static size_t hex_run(const char *at) {
    size_t n = 0;
    while (isxdigit((unsigned char)at[n])) {
        n++;
    }
    return n;
}

/* 8-4-4-4-12 hexadecimal digits. */
static bool is_uuid(const char *at) {
    static const size_t runs[] = {8, 4, 4, 4, 12};
    for (size_t i = 0; i < 5; i++) {
        if (hex_run(at) != runs[i] || (i < 4 && at[runs[i]] != '-')) {
            return false;
        }
        at += runs[i] + 1;
    }
    return true;
}

/* The word without the case's name, random ids and absolute times. */
static const char *clean_word(struct record *r, const char *word, const char *unique) {
    char out[4096];
    size_t len = 0;
    size_t unique_len = strlen(unique);
    while (*word && len + 8 < sizeof(out)) {
        const char *instead = NULL;
        size_t skip = 0;
        if (strncmp(word, unique, unique_len) == 0) {
            instead = "$t";
            skip = unique_len;
        } else if (is_uuid(word)) {
            instead = "ID";
            skip = 36;
        } else if (isdigit((unsigned char)*word) && strspn(word, "0123456789") >= 12) {
            instead = "#";
            skip = strspn(word, "0123456789");
        }
        if (instead) {
            memcpy(out + len, instead, strlen(instead));
            len += strlen(instead);
            word += skip;
        } else {
            out[len++] = *word++;
        }
    }
    return word_of(r, out, len);
}

static int compare_words(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* -- order that the protocol does not give -- */

static bool is_one_of(const char *verb, const char *const *verbs) {
    while (*verbs && strcmp(*verbs, verb) != 0) {
        verbs++;
    }
    return *verbs != NULL;
}

/* A word that begins what is said of one member, partition, or setting. */
static bool begins_block(const char *verb, const char *word) {
    static const char *const with_settings[] = {"configs", NULL};
    static const char *const with_codes[] = {"committed", "offset-delete", NULL};
    const char *colon = strchr(word, ':');
    const char *equals = strchr(word, '=');
    if (strcmp(verb, "describe-groups") == 0) {
        return strncmp(word, "client=", 7) == 0;
    }
    if (strcmp(verb, "describe-consumers") == 0) {
        return colon && strncmp(colon, ":epoch=", 7) == 0;
    }
    if (is_one_of(verb, with_settings)) {
        bool named = equals && (memchr(word, '.', (size_t)(equals - word)) ||
                                strncmp(word, "preallocate=", 12) == 0);
        return strncmp(word, "has:", 4) == 0 || (named && !colon);
    }
    if (is_one_of(verb, with_codes)) {
        return isupper((unsigned char)word[0]) && !equals;
    }
    /* "0:NONE", "0:size=some" */
    return isdigit((unsigned char)word[0]) && colon &&
           (isupper((unsigned char)colon[1]) || strncmp(colon, ":size=", 6) == 0);
}

/* Blocks become one word each, then they are sorted. */
static size_t sort_blocks(struct record *r, const char *verb, const char **words, size_t count) {
    size_t to = 0;
    while (to < count && !begins_block(verb, words[to])) {
        to++;
    }
    size_t first = to;
    for (size_t i = to; i < count;) {
        char block[4096];
        size_t len = 0;
        do {
            int n = snprintf(block + len, sizeof(block) - len, "%s%s", len ? " " : "", words[i]);
            len += n > 0 && (size_t)n < sizeof(block) - len ? (size_t)n : 0;
            i++;
        } while (i < count && !begins_block(verb, words[i]));
        words[to++] = word_of(r, block, len);
    }
    qsort(words + first, to - first, sizeof(*words), compare_words);
    return to;
}

static void sort_runs(const char **words, size_t count, const char *start) {
    size_t len = strlen(start);
    for (size_t i = 0; i < count; i++) {
        size_t end = i;
        while (end < count && strncmp(words[end], start, len) == 0) {
            end++;
        }
        qsort(words + i, end - i, sizeof(*words), compare_words);
        i = end > i ? end - 1 : i;
    }
}

/* Of several settings that are wrong, the one is told that a hash table has first. */
static size_t names_settings(const struct fid_step *step) {
    size_t count = 0;
    for (size_t i = 0; i < step->pair_count; i++) {
        const char *name = step->pairs[i].name;
        count += strchr(name, '.') || strcmp(name, "set") == 0 || strcmp(name, "preallocate") == 0;
    }
    return count;
}

/* Kafka's controller tells who may not do something of objects in its memory. */
static bool is_unspeakable(struct base_slice said) {
    return memmem(said.data, said.len, "CLUSTER_AUTHORIZATION_FAILED", 28) != NULL;
}

static bool has_message(const char *word) {
    return strncmp(word, "message=", 8) == 0 || strncmp(word, "top-message=", 12) == 0;
}

static const char *make_comparable(struct record *r, const struct fid_step *step,
                                   const char *unique, struct base_slice said) {
    static const char *const unordered[] = {"describe-acls", "delete-acls", "handshake", NULL};
    const char **words = base_arena_alloc_array(r->arena, MAX_WORDS, sizeof(*words));
    bool any_text = names_settings(step) > 1 || is_unspeakable(said);
    size_t count = 0;
    char *text = base_arena_strndup(r->arena, (const char *)said.data, said.len);
    char *at = NULL;
    for (char *w = text ? strtok_r(text, " ", &at) : NULL; w && words && count < MAX_WORDS;
         w = strtok_r(NULL, " ", &at)) {
        const char *equals = strchr(w, '=');
        long long pid = strncmp(w, "pid=", 4) == 0 ? strtoll(w + 4, NULL, 10) : -1;
        if (pid >= 0 && isdigit((unsigned char)w[4]) &&
            (pid < FIRST_MADE_UP_PID || pid > LAST_MADE_UP_PID)) {
            words[count++] = pid_word(r, pid);
        } else if (any_text && has_message(w)) {
            words[count++] = "message=?";
        } else if (is_of_clock(w)) {
            char masked[64];
            (void)snprintf(masked, sizeof(masked), "%.*s=?", (int)(equals - w), w);
            words[count++] = word_of(r, masked, strlen(masked));
        } else {
            words[count++] = clean_word(r, w, unique);
        }
    }
    count = words ? sort_blocks(r, step->verb, words, count) : 0;
    if (strcmp(step->verb, "beat") == 0) {
        sort_runs(words, count, "topic=");
    } else if (is_one_of(step->verb, unordered)) {
        qsort(words, count, sizeof(*words), compare_words);
    }
    struct base_builder b;
    base_builder_init(&b, BASE_MIB);
    for (size_t i = 0; i < count; i++) {
        base_put_format(&b, "%s%s", i ? " " : "", words[i]);
    }
    const char *result = word_of(r, b.data ? (const char *)b.data : "", b.len);
    base_builder_clean_up(&b);
    return result;
}

/* -- one side -- */

/* What is only a matter of time is asked again. */
static void ask_again(struct fid_run *run, const struct fid_step *step) {
    static const char *const passing[] = {"CONCURRENT_TRANSACTIONS", "COORDINATOR_LOAD_IN_PROGRESS",
                                          "NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE"};
    bool passes = false;
    for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++) {
        passes = passes || fid_has_said(run, passing[i]);
    }
    struct fid_step *again = base_arena_alloc(&run->arena, sizeof(*again));
    if (passes && again && !step->send && step->pair_count < FID_MAX_PAIRS &&
        strcmp(step->verb, "await") != 0) {
        *again = *step;
        again->pairs[again->pair_count++] = (struct fid_pair){
            "until", "!CONCURRENT_TRANSACTIONS !COORDINATOR_LOAD_IN_PROGRESS !NOT_COORDINATOR "
                     "!COORDINATOR_NOT_AVAILABLE"};
        fid_carry_out(run, again);
    }
}

/* Most requests are answered, however long a busy machine takes; some wait for others. */
static int patience_for(struct fid_run *run, const struct fid_case *c, size_t i, int patience_ms) {
    static const char *const waiting[] = {"join", "sync", "await", NULL};
    bool waits = i < c->step_count && is_one_of(c->steps[i].verb, waiting);
    for (size_t p = 0; run && p < FID_PEERS; p++) {
        waits = waits || run->peers[p].taken_count < run->peers[p].sent_count;
    }
    return waits ? patience_ms : SURE_PATIENCE_MS;
}

static void hear(struct fid_run *run, size_t i) {
    struct record *r = run->watch->arg;
    const struct fid_step *step = &run->c->steps[i];
    ask_again(run, step);
    if (r->count < DIFFER_MAX_STEPS) {
        r->said[r->count++] = make_comparable(r, step, run->unique, base_builder_slice(&run->said));
    }
    fid_settle(run, step);
    run->patience_ms = patience_for(run, run->c, i + 1, r->patience_ms);
}

/* Names of one length, since lengths of names have a part in limits. */
static void ask_side(const struct fid_case *c, enum fid_target target, const char *oracle,
                     int patience_ms, struct record *r) {
    static unsigned turn;
    static long long start;
    start = start ? start : (long long)base_clock_wall_ms() % 100000000;
    char unique[64];
    (void)snprintf(unique, sizeof(unique), "fid-%08lld-%07d-%07u", start, (int)getpid(), ++turn);
    struct fid_watch watch = {
        .told = hear, .patience_ms = patience_for(NULL, c, 0, patience_ms), .arg = r};
    r->patience_ms = patience_ms;
    struct fid_result result;
    fid_run_watched(c, target, oracle, unique, &watch, &result);
    if (result.crashed && r->count > 0) {
        r->said[r->count - 1] = "(the server died)";
    }
}

/* -- both -- */

/* The word without its numbers. */
static void put_key_word(char *key, const char *word) {
    size_t len = strlen(key);
    size_t n = strcspn(word, " ");
    for (size_t i = 0; i < n && i < 50 && len + 2 < DIFFER_KEY_BYTES; i++) {
        if (!isdigit((unsigned char)word[i])) {
            key[len++] = word[i];
        }
    }
    key[len] = '\0';
}

static void make_key(struct differ_difference *d, const char *verb) {
    const char *a = d->ours;
    const char *b = d->kafka;
    for (;;) {
        size_t n = strcspn(a, " ");
        size_t m = strcspn(b, " ");
        if (n != m || strncmp(a, b, n) != 0 || !a[n] || !b[m]) {
            break;
        }
        a += n + 1;
        b += m + 1;
    }
    (void)snprintf(d->key, sizeof(d->key), "%s ", verb);
    put_key_word(d->key, a);
    (void)snprintf(d->key + strlen(d->key), sizeof(d->key) - strlen(d->key), " / ");
    put_key_word(d->key, b);
}

void differ_compare(const struct fid_case *c, const char *oracle, int patience_ms,
                    struct base_arena *arena, struct differ_difference *ret) {
    struct record ours = {.arena = arena};
    struct record kafka = {.arena = arena};
    *ret = (struct differ_difference){.ours = "", .kafka = ""};
    ask_side(c, FID_OURS, oracle, patience_ms, &ours);
    ask_side(c, FID_ORACLE, oracle, patience_ms, &kafka);
    ret->unasked = ours.count == 0 || kafka.count == 0;
    for (size_t i = 0; i < c->step_count && i < ours.count && i < kafka.count; i++) {
        if (strcmp(ours.said[i], kafka.said[i]) != 0) {
            ret->found = true;
            ret->step = i;
            ret->ours = ours.said[i];
            ret->kafka = kafka.said[i];
            make_key(ret, c->steps[i].verb);
            return;
        }
    }
}

bool differ_is_steady(const struct fid_case *c, const char *oracle, const char *key) {
    for (int i = 0; i < STEADY_TIMES; i++) {
        struct base_arena arena;
        base_arena_init(&arena, 64 * BASE_MIB);
        struct differ_difference d;
        differ_compare(c, oracle, STEADY_PATIENCE_MS, &arena, &d);
        base_arena_clean_up(&arena);
        if (!d.found || strcmp(d.key, key) != 0) {
            return false;
        }
    }
    return true;
}
