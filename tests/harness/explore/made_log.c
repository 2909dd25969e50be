/* Captured logs from a few letters: see made_log.h. */
#include "made_log.h"

#include <string.h>

#include "base/limits.h"
#include "mock/wire/build.h"

#define MAX_RECORDS 512

static const char *const topics[] = {"rev", "other"};

int made_log_open(struct made_log *log) {
    memset(log, 0, sizeof(*log));
    if (!world_open(&log->world, "topic rev partitions 1 compact\n"
                                 "topic other { cleanup.policy = \"compact,delete\" }\n"
                                 "topic plain partitions 1\n"
                                 "topic unread partitions 1 compact\n"
                                 "store db sqlite\nwriter w1 to rev\n"
                                 "client c1 from rev, other, plain group g into db\n")) {
        return 0;
    }
    for (int i = 0; i < 2; i++) {
        struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_TOPIC);
        event.topic = topics[i];
        event.partition = 1;
        world_event(&log->world, event);
    }
    return 1;
}

void made_log_event(struct made_log *log, const char *topic, struct base_slice bytes,
                    int64_t last_offset) {
    struct mock_batch_header header;
    struct mock_stored_batch *batch = mock_stored_batch_new(bytes);
    T_EQUAL_INT(mock_batch_header_decode(bytes, &header), 0);
    batch->base_offset = header.base_offset;
    batch->last_offset = last_offset;
    batch->producer_id = header.producer_id;
    batch->record_count = (uint32_t)header.record_count;
    struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_APPEND);
    event.actor = "w1";
    event.topic = topic;
    event.partition = 0;
    event.offset = header.base_offset;
    event.batch = batch;
    world_event(&log->world, event);
    mock_stored_batch_unref(batch);
}

static void append_batch(struct made_log *log, int topic, int64_t producer, enum mock_codec codec,
                         const struct mock_build_record *records, size_t count) {
    struct base_builder bytes;
    base_builder_init(&bytes, BASE_MIB);
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.codec = codec;
    options.base_offset = log->next_offset[topic];
    options.producer_id = 100 + producer;
    options.producer_epoch = 3;
    options.base_sequence = (int32_t)log->batches++ * 10;
    mock_batch_build(&bytes, &options, records, count);
    T_EQUAL_INT(bytes.failed, 0);
    log->next_offset[topic] += (int64_t)count;
    made_log_event(log, topics[topic], base_builder_slice(&bytes), log->next_offset[topic] - 1);
    base_builder_clean_up(&bytes);
}

void made_log_append(struct made_log *log, int topic, int64_t producer, enum mock_codec codec,
                     const char *text) {
    static const struct mock_record_header header = {{(const uint8_t *)"h", 1},
                                                     {(const uint8_t *)"v", 1}};
    struct mock_build_record records[MAX_RECORDS];
    size_t count = 0;
    for (const char *at = text; *at; at++) {
        if (*at == '|') {
            append_batch(log, topic, producer, codec, records, count);
            count = 0;
        } else if (*at != ' ') {
            records[count] = (struct mock_build_record){
                .timestamp_ms = 1000 + (int64_t)count,
                .key = *at == '~' ? BASE_SLICE_NULL : base_slice_of(at, 1),
                .value = at[1] == '-' ? BASE_SLICE_NULL : base_slice_of(at + 1, 1),
                .headers = &header,
                .header_count = 1,
            };
            count++;
            at++;
        }
    }
    append_batch(log, topic, producer, codec, records, count);
}

int made_log_capture(struct made_log *log) {
    const struct trial_actor *client = trial_find_actor(log->world.bound, "c1");
    int rc = trial_capture_read(log->world.bound, client, log->world.history, &log->capture,
                                &log->world.err);
    return T_EQUAL_INT(rc, 0);
}

void made_log_close(struct made_log *log) {
    if (log->capture.parts) {
        trial_capture_clean_up(&log->capture);
    }
    world_close(&log->world);
}
