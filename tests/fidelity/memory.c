/*
 * A case while the broker's memory runs out: one allocation fails, another one each time. Whatever
 * it was for, the broker lives, each request is answered or its connection is closed, others are
 * served as ever afterwards, the log can be read, and nothing is left behind.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "fidelity.h"

/* Longer than anything here takes, shorter than anything that is waited for. */
#define PATIENCE_MS 2000

/* What anybody may do afterwards, on a connection of its own. */
static const struct fid_step afterwards[] = {
    {.verb = "api-versions", .expect = "NONE"},
    {.verb = "create-topic", .pairs = {{"topic", "$t-after"}}, .pair_count = 1, .expect = "NONE"},
    {.verb = "produce", .pairs = {{"topic", "$t-after"}}, .pair_count = 1, .expect = "NONE base=0"},
    {.verb = "fetch", .pairs = {{"topic", "$t-after"}}, .pair_count = 1, .expect = "NONE"},
    {.verb = "join",
     .pairs = {{"group", "$g-after"}, {"as", "z"}, {"version", "3"}},
     .pair_count = 3,
     .expect = "NONE"},
    {.verb = "init",
     .pairs = {{"txid", "$t-after"}, {"as", "z"}, {"until", "NONE"}},
     .pair_count = 3,
     .expect = "NONE"},
    {.verb = "metadata",
     .pairs = {{"topic", "$t"}, {"create", "no"}},
     .pair_count = 2,
     .expect = "!malformed !closed !timeout"},
    {.verb = "fetch", .expect = "!malformed !closed !timeout !bad-crc"},
    {.verb = "init",
     .pairs = {{"txid", "$t"}, {"as", "y"}, {"until", "NONE"}},
     .pair_count = 3,
     .expect = "NONE"},
    {.verb = "describe-groups", .expect = "!malformed !closed !timeout"},
    {.verb = "list-groups", .expect = "NONE"},
    {.verb = "list-transactions", .expect = "NONE"},
};

/* With "on" in front: the last connection, which no case uses. */
static struct fid_step on_own_connection(const struct fid_step *step) {
    struct fid_step own = *step;
    own.pairs[own.pair_count++] = (struct fid_pair){"on", "5"};
    return own;
}

static bool look_afterwards(struct fid_run *run, struct fid_result *result) {
    for (size_t i = 0; i < sizeof(afterwards) / sizeof(afterwards[0]); i++) {
        struct fid_step step = on_own_connection(&afterwards[i]);
        fid_carry_out(run, &step);
        if (!fid_run_said(run, step.expect)) {
            fid_run_tell(run, 0, result);
            return false;
        }
    }
    return true;
}

static void hang_up_closed(struct fid_run *run, const struct fid_step *step) {
    int64_t n = fid_num(run, step, "on", 0);
    if (n >= 0 && n < FID_PEERS && run->peers[n].fd >= 0 && fid_run_said(run, "closed")) {
        fid_peer_close(&run->peers[n]);
    }
}

/* Whoever waits for others, or for news, may wait in vain where another's request was lost: a
 * member whose join was not answered is still a member. */
static bool may_wait(const struct fid_case *c) {
    int joins = 0;
    for (size_t i = 0; i < c->step_count; i++) {
        const struct fid_step *step = &c->steps[i];
        joins += strcmp(step->verb, "join") == 0;
        if (step->send || joins > 1 || fid_has(step, "wait")) {
            return true;
        }
    }
    return false;
}

/* The steps, whatever is answered; false: one was not answered at all. *ret_as_ever: all were
 * answered as the case says. */
static bool run_steps(struct fid_run *run, struct fid_result *result, bool *ret_as_ever) {
    *ret_as_ever = true;
    for (size_t i = 0; i < run->c->step_count; i++) {
        const struct fid_step *step = &run->c->steps[i];
        fid_carry_out(run, step);
        if (*ret_as_ever && !fid_run_said(run, step->expect)) {
            fid_run_tell(run, step->line, result);
            *ret_as_ever = false;
        }
        if (fid_run_said(run, "timeout") && !fid_run_said(run, step->expect) && !may_wait(run->c)) {
            fid_run_tell(run, step->line, result);
            return false;
        }
        hang_up_closed(run, step);
    }
    return true;
}

static void say(struct fid_result *result, uint64_t n, const char *what) {
    char said[sizeof(result->said)];
    (void)snprintf(said, sizeof(said), "%s", result->said);
    (void)snprintf(result->said, sizeof(result->said), "allocation %llu: %s%.700s",
                   (unsigned long long)n, what, said);
}

/* True: go on with the next allocation. */
static bool run_once(const struct fid_case *c, const char *unique, struct fid_memory *memory,
                     struct fid_result *result) {
    struct fid_run run;
    bool as_ever = false;
    bool good = true;
    const char *what = "";
    fid_run_init(&run, c, FID_OURS, unique);
    run.patience_ms = PATIENCE_MS;
    if (fid_server_start(&run.server, FID_OURS, NULL, c, unique, memory) != 0) {
        what = "no server: ";
        good = false;
    } else if (!run_steps(&run, result, &as_ever)) {
        what = "not answered: ";
        good = false;
    } else if (atomic_load(&memory->failed) && !look_afterwards(&run, result)) {
        what = "afterwards: ";
        good = false;
    }
    if (!fid_server_lives(&run.server)) {
        result->crashed = true;
        what = "the broker ended: ";
        good = false;
    }
    if (good && !fid_server_end(&run.server)) {
        result->crashed = true;
        what = "the broker did not end well: ";
        good = false;
    } else if (good && atomic_load(&memory->left) != 0) {
        what = "something is left behind: ";
        good = false;
    }
    fid_server_stop(&run.server);
    fid_run_clean_up(&run);
    bool untouched = !atomic_load(&memory->failed);
    result->passed = good && untouched && as_ever;
    if (!good || (untouched && !as_ever)) {
        say(result, memory->fails_at, what);
    }
    return good && !untouched;
}

void fid_memory_case(const struct fid_case *c, const char *unique, unsigned stride,
                     struct fid_result *ret_result) {
    struct fid_memory *memory =
        mmap(NULL, sizeof(*memory), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    *ret_result = (struct fid_result){.ran = true};
    if (memory == MAP_FAILED) {
        return;
    }
    uint64_t n = 0;
    do {
        *memory = (struct fid_memory){.fails_at = n};
        *ret_result = (struct fid_result){.ran = true};
        n += stride;
    } while (run_once(c, unique, memory, ret_result));
    munmap(memory, sizeof(*memory));
}
