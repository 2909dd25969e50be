/* See stage.h. */
#include "stage.h"

#include <stdio.h>
#include <string.h>

#include "t_run.h"

struct mock_txns *stage_txns;
struct mock_txns_options stage_options;
struct mock_txn_time stage_time;
enum mock_txn_marked stage_marked;
char stage_told[4096];

static void tell(const char *text) {
    size_t len = strlen(stage_told);
    (void)snprintf(stage_told + len, sizeof(stage_told) - len, "%s%s", len ? " " : "", text);
}

static enum mock_txn_marked mark(void *arg, struct mock_txn_marker *marker) {
    char text[200];
    (void)snprintf(text, sizeof(text), "%s:%.*s-%d:%lld/%d",
                   stage_marked == MOCK_TXN_MARK_LATER ? "later"
                   : marker->commit                    ? "commit"
                                                       : "abort",
                   (int)marker->partition.topic.len, (const char *)marker->partition.topic.data,
                   (int)marker->partition.partition, (long long)marker->producer_id,
                   (int)marker->epoch);
    tell(text);
    return stage_marked;
}

static void changed(void *arg, const struct mock_txn_change *change) {
    char text[200];
    (void)snprintf(text, sizeof(text), "%s:%s:%lld/%d", change->id, change->what,
                   (long long)change->producer_id, (int)change->epoch);
    tell(text);
}

void stage_set_up(void) {
    struct mock_txns_host host = {NULL, mark, changed};
    if (!stage_options.max_timeout_ms) {
        stage_options = (struct mock_txns_options)MOCK_TXNS_OPTIONS_INIT;
    }
    stage_time = (struct mock_txn_time){1000, 5000000};
    stage_marked = MOCK_TXN_MARKED;
    stage_told[0] = '\0';
    (void)mock_txns_new(&stage_options, &host, &stage_txns, NULL);
}

void stage_tear_down(void) {
    mock_txns_free(stage_txns);
    stage_txns = NULL;
    stage_options = (struct mock_txns_options){0};
}

void stage_forget(void) {
    stage_told[0] = '\0';
}

struct mock_txn_producer stage_init(int16_t epoch) {
    struct mock_txn_producer got;
    T_EQUAL_INT(mock_txns_init(stage_txns, ID, TIMEOUT_MS, NOBODY, stage_time, &got), 0);
    T_EQUAL_INT(got.epoch, epoch);
    return got;
}

struct mock_txn_partition stage_partition(const char *topic, int32_t partition) {
    return (struct mock_txn_partition){base_slice_str(topic), partition};
}

int16_t stage_add(struct mock_txn_producer producer, const char *topic, int32_t partition) {
    struct mock_txn_partition p = stage_partition(topic, partition);
    return mock_txns_add(stage_txns, ID, producer, &p, 1, false, stage_time);
}

int16_t stage_end(struct mock_txn_producer producer, bool commit, bool v2,
                  struct mock_txn_producer *ret_next) {
    struct mock_txn_producer next;
    int16_t error = mock_txns_end(stage_txns, ID, producer, commit, v2, stage_time, &next);
    if (ret_next) {
        *ret_next = next;
    }
    return error;
}

struct mock_txn_view stage_view(void) {
    struct mock_txn_view view = {0};
    T_TRUE(mock_txns_view(stage_txns, ID, &view));
    return view;
}

void stage_wait(int64_t ms) {
    stage_time.now_ms += ms;
    stage_time.log_ms += ms;
    mock_txns_tick(stage_txns, stage_time);
}
