/* Passes over logs made by chance, checked after each by the naive model of invariants.h; and a
 * pass in which every allocation fails once. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "invariants.h"
#include "script.h"
#include "suites.h"
#include "t_run.h"

static uint32_t seed;

/* Knuth's MMIX generator's little sister: the same on every machine. */
static uint32_t chance(uint32_t below) {
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static void add_batch(struct script *s, const char *origin) {
    char line[256];
    static const char *const codecs[] = {"none", "gzip", "snappy", "lz4", "zstd"};
    (void)snprintf(line, sizeof(line), "codec %s", codecs[chance(5)]);
    script_run(s, origin, line);
    int len = chance(2) ? snprintf(line, sizeof(line), "i%u", chance(4) + 1)
                        : snprintf(line, sizeof(line), "n");
    for (uint32_t i = chance(6) + 1; i > 0; i--) {
        len += snprintf(line + len, sizeof(line) - (size_t)len, " %u%s", chance(9),
                        chance(4) == 0 ? "-" : "");
    }
    script_run(s, origin, line);
}

static void play(uint32_t number) {
    char origin[32];
    (void)snprintf(origin, sizeof(origin), "seed %u", number);
    struct script s;
    script_open(&s);
    seed = number;
    static const char *const settings[] = {"set segment.records 5", "set segment.bytes 300",
                                           "set delete.retention.ms 1000", "map 4",
                                           "set min.compaction.lag.ms 500"};
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        if (chance(3) == 0) {
            script_run(&s, origin, settings[i]);
        }
    }
    for (int round = 0; round < 6; round++) {
        for (uint32_t i = chance(12) + 1; i > 0; i--) {
            add_batch(&s, origin);
        }
        script_run(&s, origin, chance(2) ? "roll" : "at 400");
        script_run(&s, origin, chance(3) ? "at 700" : "at 1");
        if (chance(4) == 0) {
            script_run(&s, origin, "forget 1");
        }
        struct mock_clean_range range = mock_log_cleanable(s.log, s.now_ms);
        script_run(&s, origin, range.cleanable_bytes ? "clean" : "idle");
    }
    script_close(&s);
}

static void every_pass_keeps_the_contract(void) {
    for (uint32_t number = 1; number <= 300; number++) {
        play(number);
    }
}

/* What was acknowledged to a producer is known after a restart, whatever was compacted away. */
static void the_last_sequences_survive_any_number_of_passes(void) {
    for (uint32_t number = 1; number <= 100; number++) {
        struct script s;
        script_open(&s);
        seed = number;
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 6; i++) {
                add_batch(&s, "sequences");
            }
            script_run(&s, "sequences", "roll \n clean");
            script_run(&s, "sequences", "reload");
            for (int64_t id = 1; id <= 4; id++) {
                struct mock_sequence next = {id, 0, s.sequences[id], s.sequences[id], false, false};
                struct mock_sequence_result result = mock_producers_check(
                    s.producers, &next, MOCK_FIRST_SEQUENCE_ZERO_ALWAYS, false);
                T_EQUAL_INT(result.answer, MOCK_SEQUENCE_APPEND);
            }
        }
        script_close(&s);
    }
}

static void build(struct script *s) {
    script_open(s);
    script_run(s, "memory",
               "codec gzip \n i1 1 2 3- \n p2 4 5 \n abort 2 \n codec none \n n 1 ? 2 \n p3 6 \n"
               "commit 3 \n n 4 4- \n roll \n n 1 \n i1 7 7 7 \n codec zstd \n n 8- 1 \n"
               "roll \n n 9");
}

/* A failed pass leaves every batch where it was, and nothing behind. */
static void a_pass_without_memory_changes_nothing(void) {
    bool done = false;
    for (uint64_t after = 0; !done && after < 5000; after++) {
        struct script s;
        build(&s);
        struct snapshot before;
        snapshot_take(&before, s.log);
        struct mock_clean_options options = MOCK_CLEAN_OPTIONS_INIT;
        options.now_ms = s.now_ms;
        options.producers = s.producers;
        struct mock_clean_pass *pass = NULL;
        int64_t live = base_memory_live_count();
        base_memory_fail_after(after, 0);
        int rc = mock_log_clean(s.log, &options, &pass, NULL);
        base_memory_fail_never();
        if (rc == 0) {
            check_pass(&before, s.log, mock_clean_pass_report(pass));
            mock_clean_pass_free(pass);
            done = true;
        } else {
            T_TRUE(pass == NULL);
            T_EQUAL_INT(base_memory_live_count(), live);
            T_EQUAL_INT(mock_log_clean_checkpoint(s.log), -1);
            T_EQUAL_INT(mock_log_batch_count(s.log), before.batch_count);
            for (size_t i = 0; i < before.batch_count; i++) {
                T_TRUE(mock_log_batch(s.log, i) == before.batches[i]);
                T_EQUAL_INT(before.batches[i]->refs, 2);
            }
        }
        snapshot_free(&before);
        script_close(&s);
    }
    T_TRUE(done);
}

static void retention_without_memory_changes_nothing(void) {
    bool done = false;
    for (uint64_t after = 0; !done && after < 500; after++) {
        struct script s;
        build(&s);
        script_run(&s, "memory", "set cleanup.policy delete \n set retention.ms 1000 \n at 2000");
        struct mock_clean_pass *pass = NULL;
        int64_t live = base_memory_live_count();
        base_memory_fail_after(after, 0);
        int rc = mock_log_retain(s.log, s.now_ms, &pass, NULL);
        base_memory_fail_never();
        if (rc == 0) {
            T_EQUAL_INT(mock_log_start(s.log), mock_log_end(s.log));
            mock_clean_pass_free(pass);
            done = true;
        } else {
            T_EQUAL_INT(mock_log_start(s.log), 0);
            T_TRUE(base_memory_live_count() == live);
        }
        script_close(&s);
    }
    T_TRUE(done);
}

#define NAMED(test) {#test, test}

CU_SuiteInfo *suite_mock_log_cleaner_random(void) {
    static CU_TestInfo tests[] = {
        NAMED(every_pass_keeps_the_contract),
        NAMED(the_last_sequences_survive_any_number_of_passes),
        NAMED(a_pass_without_memory_changes_nothing),
        NAMED(retention_without_memory_changes_nothing),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"the cleaner on anything", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
