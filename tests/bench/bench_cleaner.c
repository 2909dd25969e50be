/*
 * The cleaner's benchmark: one pass over 1 to 10 million records, and beside each the plain loop
 * that reads the same records and hashes the same bytes. What counts is that the cost of a record
 * does not grow with the log. Argument: the greatest number of records, in millions (10 if left
 * out).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/crc32c.h"
#include "base/limits.h"
#include "mock/log/cleaner.h"
#include "mock/wire/build.h"

#define BATCH_RECORDS 100
#define VALUE_BYTES 40
#define RECORDS_A_KEY 10
#define SEGMENT_BYTES "16777216"
#define MILLION 1000000u
/* A record of the longest log may cost this much more than one of the shortest: the key map
 * outgrows the caches of the processor on the way. */
#define GOAL 2.0

struct measured {
    double pass_ns;  /* a record */
    double plain_ns; /* a record */
    size_t removed;
};

/* Of this process alone: the machine may be busy with others. */
static double cpu_ns(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static uint32_t seed = 1;

static uint32_t chance(uint32_t below) {
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)seed * below) >> 32);
}

static int fail(const char *what) {
    fprintf(stderr, "bench-cleaner: %s\n", what);
    return -1;
}

static int add_batch(struct mock_log *log, struct base_builder *b, uint32_t keys) {
    struct mock_build_record records[BATCH_RECORDS];
    char texts[BATCH_RECORDS][16];
    static const uint8_t value[VALUE_BYTES] = {1};
    for (size_t i = 0; i < BATCH_RECORDS; i++) {
        int len = snprintf(texts[i], sizeof(texts[i]), "key-%09u", chance(keys));
        records[i] = (struct mock_build_record){
            .timestamp_ms = 1700000000000,
            .key = base_slice_of(texts[i], (size_t)len),
            .value = base_slice_of(value, sizeof(value)),
        };
    }
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    base_builder_reset(b);
    mock_batch_build(b, &options, records, BATCH_RECORDS);
    struct mock_stored_batch *batch =
        base_builder_ok(b) ? mock_stored_batch_new(base_builder_slice(b)) : NULL;
    int rc = batch ? mock_log_append(log, batch, 0, 1700000000000, NULL) : -1;
    mock_stored_batch_unref(batch);
    return rc;
}

static int fill(struct mock_log *log, uint32_t count) {
    struct mock_log_config config = MOCK_LOG_CONFIG_INIT;
    int rc = mock_log_config_set(&config, "cleanup.policy", "compact", NULL);
    rc = rc ? rc : mock_log_config_set(&config, "segment.bytes", SEGMENT_BYTES, NULL);
    mock_log_configure(log, &config);
    struct base_builder b;
    base_builder_init(&b, BASE_MIB);
    for (uint32_t i = 0; rc == 0 && i < count; i += BATCH_RECORDS) {
        rc = add_batch(log, &b, count / RECORDS_A_KEY);
    }
    base_builder_clean_up(&b);
    return rc ? fail("the log could not be filled") : 0;
}

/* Reads every record, hashes its key and its value. */
static double plain_loop(const struct mock_log *log, uint32_t *ret_hash) {
    double from = cpu_ns();
    for (size_t i = 0; i < mock_log_batch_count(log); i++) {
        struct mock_record_iterator it;
        struct mock_record record;
        if (mock_record_iterator_init(&it, mock_stored_batch_slice(mock_log_batch(log, i)))) {
            return -1;
        }
        while (mock_record_iterator_next(&it, &record) > 0) {
            *ret_hash += base_crc32c(record.key.data, record.key.len);
            *ret_hash += base_crc32c(record.value.data, record.value.len);
        }
        mock_record_iterator_clean_up(&it);
    }
    return cpu_ns() - from;
}

static int measure(uint32_t count, struct measured *ret) {
    struct mock_log_budget budget = {0, BASE_MAX_LOG_BYTES};
    struct mock_log *log = NULL;
    struct mock_clean_pass *pass = NULL;
    if (mock_log_new(&budget, &log, NULL)) {
        return fail("out of memory");
    }
    uint32_t hash = 0;
    int rc = fill(log, count);
    double plain = rc ? -1 : plain_loop(log, &hash);
    struct mock_clean_options options = MOCK_CLEAN_OPTIONS_INIT;
    options.now_ms = 1700000000000;
    options.roll = true;
    double from = cpu_ns();
    if (rc == 0 && mock_log_clean(log, &options, &pass, NULL)) {
        rc = fail("the pass failed");
    }
    double took = cpu_ns() - from;
    if (rc == 0) {
        *ret = (struct measured){took / count, plain / count,
                                 mock_clean_pass_report(pass)->removed_count};
        rc = plain < 0 || hash == 0 ? fail("the plain loop failed") : 0;
    }
    mock_clean_pass_free(pass);
    mock_log_free(log);
    return rc;
}

static const char help[] =
    "usage: bench-cleaner [MILLIONS]\n"
    "Compacts logs of 1, 3, 5, … to MILLIONS (10) million records beside a plain loop over the\n"
    "same, and asks whether the cost of a record stays what it is at one million.\n"
    "Exit status: 0 the goal is met, 1 missed, 64 a mistake in the call, 99 it failed.\n";

int main(int argc, char **argv) {
    unsigned most = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 10;
    bool is_help = argc == 2 && strcmp(argv[1], "--help") == 0;
    if (argc > 2 || most == 0) {
        fputs(help, is_help ? stdout : stderr);
        return is_help ? 0 : 64;
    }
    double first = 0;
    double last = 0;
    printf("records  removed   pass    plain loop  ratio  cost of a record against 1 million\n");
    for (unsigned millions = 1; millions <= most; millions += millions == 1 ? 1 : 2) {
        struct measured m;
        if (measure(millions * MILLION, &m) < 0) {
            return 99;
        }
        first = millions == 1 ? m.pass_ns : first;
        last = m.pass_ns / first;
        printf("%3u M  %9zu  %4.0f ns  %4.0f ns     %4.1f   %.2f\n", millions, m.removed, m.pass_ns,
               m.plain_ns, m.pass_ns / m.plain_ns, last);
        fflush(stdout);
    }
    printf("    goal: linear, at most %.1f times the cost of a record at 1 million: %s\n", GOAL,
           last <= GOAL ? "met" : "MISSED");
    return last <= GOAL ? 0 : 1;
}
