/*
 * What a real Kafka needs around a case, for it serves many: coordinators that are there, the
 * case's topic, and (for who compares step by step) an end to what a step set going.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "fidelity.h"

/* On a connection of its own. The step stays until the case ends: its answer may come late. */
static bool await_word(struct fid_run *run, struct fid_step step) {
    struct fid_step *kept = base_arena_alloc(&run->arena, sizeof(*kept));
    if (!kept) {
        return false;
    }
    *kept = step;
    kept->pairs[kept->pair_count++] = (struct fid_pair){"on", "5"};
    fid_carry_out(run, kept);
    return fid_has_said(run, fid_str(run, kept, "until", ""));
}

/* It makes its internal topics, and loads them, when somebody first asks for a coordinator. */
static bool warm_up(struct fid_run *run) {
    static const struct fid_step steps[] = {
        {.verb = "find-coordinator", .pairs = {{"until", "NONE"}}, .pair_count = 1},
        {.verb = "find-coordinator", .pairs = {{"type", "1"}, {"until", "NONE"}}, .pair_count = 2},
        {.verb = "heartbeat",
         .pairs = {{"member", "nobody"}, {"until", "UNKNOWN_MEMBER_ID"}},
         .pair_count = 2},
        {.verb = "init", .pairs = {{"as", "-"}, {"until", "NONE"}}, .pair_count = 2},
    };
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (!await_word(run, steps[i])) {
            return false;
        }
    }
    /* What it has made known is the case's no more. */
    memset(run->members, 0, sizeof(run->members));
    return true;
}

/* It gets the case's topic by the protocol; then each partition's leader is waited for. */
static bool create_topic(struct fid_run *run) {
    struct fid_step step = {.verb = "create"};
    char number[16];
    (void)snprintf(number, sizeof(number), "%d", run->c->partitions);
    step.pairs[step.pair_count++] = (struct fid_pair){"partitions", number};
    step.pairs[step.pair_count++] = (struct fid_pair){"until", "NONE"};
    for (size_t i = 0; i < run->c->config_count; i++) {
        step.pairs[step.pair_count++] = run->c->configs[i];
    }
    bool good = await_word(run, step);
    for (int32_t i = 0; i < run->c->partitions && good; i++) {
        (void)snprintf(number, sizeof(number), "%d", i);
        struct fid_step ask_end = {.verb = "list-offsets",
                                   .pairs = {{"partition", number}, {"until", "NONE"}},
                                   .pair_count = 2};
        good = await_word(run, ask_end);
    }
    return good;
}

/* The group coordinator hears of a topic later than its leader. */
static bool await_coordinator(struct fid_run *run) {
    bool asks = false;
    for (size_t i = 0; i < run->c->step_count && !run->c->no_topic; i++) {
        asks = asks || strcmp(run->c->steps[i].verb, "beat") == 0;
    }
    struct fid_step step = {
        .verb = "beat", .pairs = {{"group", "$t-known"}, {"until", "topics=1"}}, .pair_count = 2};
    bool good = !asks || await_word(run, step);
    memset(run->members, 0, sizeof(run->members));
    return good;
}

bool fid_oracle_prepare(struct fid_run *run) {
    static bool warm;
    bool good =
        (warm || warm_up(run)) && (run->c->no_topic || create_topic(run)) && await_coordinator(run);
    warm = good;
    if (run->peers[FID_PEERS - 1].fd >= 0) {
        fid_peer_close(&run->peers[FID_PEERS - 1]);
    }
    return good;
}

/* -- settling -- */

/* The controller's decisions reach the broker in their order, several at a time: when the second of
 * two later ones is there, all that the broker does about the first is done. */
static void await_metadata(struct fid_run *run) {
    static char name[64];
    static unsigned turn;
    if (!name[0]) {
        (void)snprintf(name, sizeof(name), "fid-%lld-%d-fence", (long long)base_clock_wall_ms(),
                       (int)getpid());
        struct fid_step make = {.verb = "create-topic",
                                .pairs = {{"topic", name}, {"as", "-"}, {"until", "NONE"}},
                                .pair_count = 3};
        (void)await_word(run, make);
    }
    for (int i = 0; i < 2; i++) {
        char value[16], word[40];
        (void)snprintf(value, sizeof(value), "%u", 1000000 + ++turn);
        (void)snprintf(word, sizeof(word), "retention.ms=%s", value);
        struct fid_step change = {
            .verb = "alter",
            .pairs = {{"name", name}, {"retention.ms", value}, {"until", "NONE"}},
            .pair_count = 3};
        struct fid_step look = {
            .verb = "configs",
            .pairs = {{"name", name}, {"keys", "retention.ms"}, {"until", word}},
            .pair_count = 3};
        (void)(await_word(run, change) && await_word(run, look));
    }
}

/* What was sent on another connection is there before these are answered. */
static void await_turn(struct fid_run *run) {
    struct fid_step step = {
        .verb = "heartbeat", .pairs = {{"member", "nobody"}, {"generation", "1"}}, .pair_count = 2};
    for (int i = 0; i < 3; i++) {
        (void)await_word(run, step);
    }
}

static void await_markers(struct fid_run *run, const struct fid_step *of) {
    const char *txid = fid_str(run, of, "txid", strcmp(of->verb, "init") == 0 ? "null" : "$t");
    struct fid_step step = {
        .verb = "transactions",
        .pairs = {{"txid", txid},
                  {"as", "-"},
                  {"until", "!state=PrepareCommit !state=PrepareAbort !state=PrepareEpochFence"}},
        .pair_count = 3};
    if (strcmp(txid, "null") != 0) {
        (void)await_word(run, step);
    }
}

static bool is_one_of(const char *verb, const char *const *verbs) {
    while (*verbs && strcmp(*verbs, verb) != 0) {
        verbs++;
    }
    return *verbs != NULL;
}

void fid_settle(struct fid_run *run, const struct fid_step *step) {
    static const char *const of_metadata[] = {
        "create",    "create-topic", "delete-topic", "add-partitions", "alter",
        "alter-all", "create-acl",   "delete-acls",  "alter-scram",    NULL};
    static const char *const of_transactions[] = {"init", "end-txn", "markers", NULL};
    bool changed = fid_has_said(run, "NONE"); /* what was refused sets nothing going */
    struct fid_member kept[FID_MEMBERS];
    memcpy(kept, run->members, sizeof(kept));
    memset(run->members, 0, sizeof(run->members));
    int patience_ms = run->patience_ms;
    run->patience_ms = 12000;
    bool oracle = run->target == FID_ORACLE;
    bool waits = false;
    for (size_t i = 0; i + 1 < FID_PEERS; i++) {
        waits = waits || run->peers[i].taken_count < run->peers[i].sent_count;
    }
    if (waits) {
        await_turn(run);
    }
    if (oracle && changed && is_one_of(step->verb, of_metadata)) {
        await_metadata(run);
        await_turn(run);
    } else if (oracle && changed && is_one_of(step->verb, of_transactions)) {
        await_markers(run, step);
    }
    run->patience_ms = patience_ms;
    memcpy(run->members, kept, sizeof(kept));
}

void fid_oracle_leave(struct fid_run *run) {
    struct fid_step topics = {
        .verb = "delete-topic", .pairs = {{"topic", "$t,$t-b,$t-c"}, {"as", "-"}}, .pair_count = 2};
    struct fid_step rights = {.verb = "delete-acls",
                              .pairs = {{"name", "null"}, {"principal", "User:$t"}},
                              .pair_count = 2};
    memset(run->members, 0, sizeof(run->members));
    (void)await_word(run, topics);
    if (run->c->logins) {
        (void)await_word(run, rights);
    }
}
