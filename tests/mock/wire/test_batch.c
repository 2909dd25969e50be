/* The record batch: what a broker refuses, and what it takes. */
#include <string.h>

#include "base/crc32c.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/memory.h"
#include "mock/wire/build.h"
#include "mock/wire/error_names.h"
#include "mock/wire/validate.h"
#include "t_run.h"

CU_SuiteInfo *suite_wire_batch(void);

static const struct mock_batch_rules rules = MOCK_BATCH_RULES_INIT;

/* Three records: with headers, with a null key, with a null value. */
static const struct mock_record_header record_headers[] = {
    {{(const uint8_t *)"h1", 2}, {(const uint8_t *)"v1", 2}},
    {{(const uint8_t *)"h2", 2}, {NULL, 0}},
};
static const struct mock_build_record three[] = {
    {0, 1000, {(const uint8_t *)"k0", 2}, {(const uint8_t *)"v0", 2}, record_headers, 2},
    {1, 1005, {NULL, 0}, {(const uint8_t *)"v1", 2}, NULL, 0},
    {2, 999, {(const uint8_t *)"k2", 2}, {NULL, 0}, NULL, 0},
};

static void build_three(struct base_builder *b, enum mock_codec codec) {
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.codec = codec;
    base_builder_init(b, BASE_MIB);
    mock_batch_build(b, &options, three, 3);
    T_EQUAL_INT(b->failed, 0);
}

static void fix_crc(struct base_builder *b) {
    base_patch_u32(b, MOCK_BATCH_CRC_AT,
                   base_crc32c(b->data + MOCK_BATCH_CRC_FROM, b->len - MOCK_BATCH_CRC_FROM));
}

/* Validates an exact-size heap copy of the first len bytes. */
static int16_t validate(const struct base_builder *b, size_t len, struct mock_batch_refusal *why) {
    uint8_t *copy = base_memdup(b->data, len);
    struct mock_batch_header header;
    int16_t error = mock_batch_validate(base_slice_of(copy, len), &rules, &header, why);
    base_free(copy);
    return error;
}

/* One record, as the format's documents lay it out; the bytes were put together by hand. */
static void a_batch_has_the_documented_bytes(void) {
    static const uint8_t expected[] = {
        0,    0,    0,    0,    0,    0,    0,    9, /* base offset */
        0,    0,    0,    60,                        /* length of what follows */
        0,    0,    0,    4,                         /* leader epoch */
        2,                                           /* magic */
        0,    0,    0,    0,                         /* CRC, filled in below */
        0,    0x10,                                  /* attributes: transactional */
        0,    0,    0,    0,                         /* last offset delta */
        0,    0,    0,    0,    0,    0,    0x03, 0xe8, /* base timestamp */
        0,    0,    0,    0,    0,    0,    0x03, 0xe8, /* max timestamp */
        0,    0,    0,    0,    0,    0,    0,    77, /* producer id */
        0,    5,                                     /* producer epoch */
        0,    0,    0,    6,                         /* base sequence */
        0,    0,    0,    1,                         /* record count */
        20,                                          /* record: 10 bytes */
        0,    0,    0,                               /* attributes, timestamp and offset deltas */
        2,    'k',                                   /* key */
        1,                                           /* value: null */
        2,    2,    'h',  1,                         /* one header, its value null */
    };
    uint8_t want[sizeof(expected)];
    memcpy(want, expected, sizeof(want));
    struct mock_record_header header = {base_slice_str("h"), BASE_SLICE_NULL};
    struct mock_build_record record = {0, 1000, base_slice_str("k"), BASE_SLICE_NULL, &header, 1};
    struct mock_build_options options = {
        MOCK_CODEC_NONE, MOCK_BATCH_TRANSACTIONAL, 9, 4, 77, 5, 6, -1};
    struct base_builder b;
    base_builder_init(&b, BASE_MIB);
    mock_batch_build(&b, &options, &record, 1);
    if (T_EQUAL_INT(b.len, sizeof(want))) {
        memcpy(want + MOCK_BATCH_CRC_AT, b.data + MOCK_BATCH_CRC_AT, 4);
        T_EQUAL_BYTES(b.data, b.len, want, sizeof(want));
    }
    struct mock_batch_header h;
    T_EQUAL_INT(mock_batch_header_decode(base_builder_slice(&b), &h), 0);
    T_EQUAL_INT(h.producer_id, 77);
    T_EQUAL_INT(h.producer_epoch, 5);
    T_EQUAL_INT(h.base_sequence, 6);
    T_EQUAL_INT(mock_batch_bytes(&h), b.len);
    T_TRUE(mock_batch_is_transactional(&h) && !mock_batch_is_control(&h));
    base_builder_clean_up(&b);
}

static void check_three(struct base_slice batch) {
    struct mock_record_iterator it;
    if (!T_EQUAL_INT(mock_record_iterator_init(&it, batch), 0)) {
        return;
    }
    struct mock_record r;
    struct mock_record_header h;
    T_EQUAL_INT(mock_record_iterator_next(&it, &r), 1);
    T_TRUE(base_slice_equal_str(r.key, "k0") && base_slice_equal_str(r.value, "v0"));
    T_TRUE(mock_record_next_header(&r, &h) && base_slice_equal_str(h.value, "v1"));
    T_TRUE(mock_record_next_header(&r, &h) && base_slice_is_null(h.value));
    T_TRUE(base_slice_equal_str(h.name, "h2"));
    T_TRUE(!mock_record_next_header(&r, &h));
    T_EQUAL_INT(mock_record_iterator_next(&it, &r), 1);
    T_TRUE(base_slice_is_null(r.key));
    T_EQUAL_INT(r.timestamp_ms, 1005);
    T_EQUAL_INT(mock_record_iterator_next(&it, &r), 1);
    T_TRUE(base_slice_is_null(r.value));
    T_EQUAL_INT(r.timestamp_ms, 999);
    T_EQUAL_INT(r.offset, 102);
    T_EQUAL_INT(mock_record_iterator_next(&it, &r), 0);
    T_EQUAL_INT(it.batch.max_timestamp, 1005);
    mock_record_iterator_clean_up(&it);
}

static void a_good_batch_is_taken_in_every_codec(void) {
    for (int codec = 0; codec < MOCK_CODEC_COUNT; codec++) {
        struct base_builder b;
        build_three(&b, (enum mock_codec)codec);
        struct mock_batch_refusal why = {0};
        T_EQUAL_INT(validate(&b, b.len, &why), 0);
        T_EQUAL_STR(why.reason, "");
        mock_batch_patch_base_offset(b.data, 100);
        mock_batch_patch_leader_epoch(b.data, 3);
        struct mock_batch_header h;
        T_EQUAL_INT(mock_batch_header_decode(base_builder_slice(&b), &h), 0);
        T_EQUAL_INT(h.base_offset, 100);
        T_EQUAL_INT(h.partition_leader_epoch, 3);
        T_EQUAL_INT(mock_batch_last_offset(&h), 102);
        T_EQUAL_INT(h.crc, base_crc32c(b.data + MOCK_BATCH_CRC_FROM, b.len - MOCK_BATCH_CRC_FROM));
        check_three(base_builder_slice(&b));
        base_builder_clean_up(&b);
    }
}

static void every_truncation_of_a_batch_is_refused(void) {
    for (int codec = 0; codec < MOCK_CODEC_COUNT; codec++) {
        struct base_builder b;
        build_three(&b, (enum mock_codec)codec);
        for (size_t len = 0; len < b.len; len++) {
            struct mock_batch_refusal why;
            int16_t error = validate(&b, len, &why);
            T_EQUAL_INT(error, MOCK_ERROR_INVALID_RECORD);
            T_EQUAL_INT(why.error_code, error);
            /* The same, with a length and a CRC that fit: the content is what is missing. */
            if (len >= MOCK_BATCH_HEADER_BYTES) {
                struct base_builder cut;
                base_builder_init(&cut, BASE_MIB);
                base_put_bytes(&cut, b.data, len);
                base_patch_u32(&cut, MOCK_BATCH_LENGTH_AT, (uint32_t)len - MOCK_BATCH_LENGTH_FROM);
                fix_crc(&cut);
                error = validate(&cut, cut.len, NULL);
                T_EQUAL_INT(error, codec == MOCK_CODEC_NONE ? MOCK_ERROR_INVALID_RECORD
                                                              : MOCK_ERROR_UNKNOWN_SERVER_ERROR);
                base_builder_clean_up(&cut);
            }
        }
        base_builder_clean_up(&b);
    }
}

static void every_flipped_bit_under_the_crc_is_refused(void) {
    struct base_builder b;
    build_three(&b, MOCK_CODEC_NONE);
    for (size_t at = MOCK_BATCH_CRC_AT; at < b.len; at++) {
        for (int bit = 0; bit < 8; bit++) {
            b.data[at] ^= (uint8_t)(1 << bit);
            int16_t error = validate(&b, b.len, NULL);
            /* Whatever else it says: the CRC comes first. */
            T_EQUAL_INT(error, MOCK_ERROR_CORRUPT_MESSAGE);
            b.data[at] ^= (uint8_t)(1 << bit);
        }
    }
    T_EQUAL_INT(validate(&b, b.len, NULL), 0);
    base_builder_clean_up(&b);
}

/* With a right CRC, any damage of the records is either refused or harmless; never a crash. */
static void damage_with_a_right_crc_does_not_crash(void) {
    int refused = 0;
    for (int codec = 0; codec < MOCK_CODEC_COUNT; codec++) {
        struct base_builder b;
        build_three(&b, (enum mock_codec)codec);
        for (size_t at = MOCK_BATCH_CRC_FROM; at < b.len; at++) {
            uint8_t kept = b.data[at];
            for (int add = 1; add < 256; add += 18) {
                b.data[at] = (uint8_t)(kept + add);
                fix_crc(&b);
                refused += validate(&b, b.len, NULL) != 0;
            }
            b.data[at] = kept;
        }
        base_builder_clean_up(&b);
    }
    T_TRUE(refused > 1000);
}

/* Sets one field of a good batch, mends the CRC and gives the answer. */
static int16_t answer_with(size_t at, size_t len, uint64_t value) {
    struct base_builder b;
    build_three(&b, MOCK_CODEC_NONE);
    for (size_t i = 0; i < len; i++) {
        b.data[at + i] = (uint8_t)(value >> (8 * (len - 1 - i)));
    }
    fix_crc(&b);
    int16_t error = validate(&b, b.len, NULL);
    base_builder_clean_up(&b);
    return error;
}

static void each_demand_has_its_error(void) {
    T_EQUAL_INT(answer_with(MOCK_BATCH_BASE_OFFSET_AT, 8, 5), MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(answer_with(MOCK_BATCH_LENGTH_AT, 4, 48), MOCK_ERROR_CORRUPT_MESSAGE);
    T_EQUAL_INT(answer_with(MOCK_BATCH_LENGTH_AT, 4, 0xffffffff), MOCK_ERROR_CORRUPT_MESSAGE);
    /* The rest of it is no batch; nor is it short enough for a cut one. */
    T_EQUAL_INT(answer_with(MOCK_BATCH_LENGTH_AT, 4, 50), MOCK_ERROR_CORRUPT_MESSAGE);
    T_EQUAL_INT(answer_with(MOCK_BATCH_LEADER_EPOCH_AT, 4, 7), MOCK_ERROR_NONE);
    T_EQUAL_INT(answer_with(MOCK_BATCH_MAGIC_AT, 1, 1), MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(answer_with(MOCK_BATCH_MAGIC_AT, 1, 3), MOCK_ERROR_CORRUPT_MESSAGE);
    T_EQUAL_INT(answer_with(MOCK_BATCH_ATTRIBUTES_AT, 2, 5), MOCK_ERROR_UNKNOWN_SERVER_ERROR);
    T_EQUAL_INT(answer_with(MOCK_BATCH_ATTRIBUTES_AT, 2, MOCK_CODEC_GZIP),
                MOCK_ERROR_UNKNOWN_SERVER_ERROR);
    T_EQUAL_INT(answer_with(MOCK_BATCH_ATTRIBUTES_AT, 2, MOCK_BATCH_CONTROL),
                MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(answer_with(MOCK_BATCH_LAST_OFFSET_DELTA_AT, 4, 3), MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(answer_with(MOCK_BATCH_LAST_OFFSET_DELTA_AT, 4, 0x7fffffff),
                MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(answer_with(MOCK_BATCH_RECORD_COUNT_AT, 4, 2), MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(answer_with(MOCK_BATCH_RECORD_COUNT_AT, 4, 0x80000000), MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(answer_with(MOCK_BATCH_PRODUCER_ID_AT, 8, 1), MOCK_ERROR_INVALID_RECORD);
}

/* The answer to an uncompressed batch that claims so many records in these bytes. */
static int16_t answer_to(int32_t count, const char *content, size_t len) {
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    struct base_builder b;
    base_builder_init(&b, BASE_MIB);
    mock_batch_build(&b, &options, three, 1);
    b.len = MOCK_BATCH_HEADER_BYTES;
    base_put_bytes(&b, content, len);
    base_patch_u32(&b, MOCK_BATCH_LENGTH_AT, (uint32_t)b.len - MOCK_BATCH_LENGTH_FROM);
    base_patch_u32(&b, MOCK_BATCH_RECORD_COUNT_AT, (uint32_t)count);
    base_patch_u32(&b, MOCK_BATCH_LAST_OFFSET_DELTA_AT, (uint32_t)count - 1);
    fix_crc(&b);
    int16_t error = validate(&b, b.len, NULL);
    base_builder_clean_up(&b);
    return error;
}

static void malformed_records_are_invalid(void) {
    /* Length, attributes, timestamp delta, offset delta, key, value, headers. Lengths are zigzag:
     * 1 is -1 (null), 2 is 1, 3 is -2. */
    T_EQUAL_INT(answer_to(1, "\x0c\0\0\0\1\1\0", 7), MOCK_ERROR_NONE);
    T_EQUAL_INT(answer_to(1, "\x10\0\0\0\2k\2v\0", 9), MOCK_ERROR_NONE);
    T_EQUAL_INT(answer_to(2, "\x0c\0\0\0\1\1\0\x0c\0\0\2\1\1\0", 14), MOCK_ERROR_NONE);
    /* One byte more in the record than its fields have; one less; one after the records. */
    T_EQUAL_INT(answer_to(1, "\x0e\0\0\0\1\1\0x", 8), MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(answer_to(1, "\x0a\0\0\0\1\1\0", 7), MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(answer_to(1, "\x0c\0\0\0\1\1\0x", 8), MOCK_ERROR_INVALID_RECORD);
    /* A record too few, a record too many. */
    T_EQUAL_INT(answer_to(2, "\x0c\0\0\0\1\1\0", 7), MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(answer_to(1, "\x0c\0\0\0\1\1\0\x0c\0\0\2\1\1\0", 14),
                MOCK_ERROR_INVALID_RECORD);
    /* Offsets that repeat, or do not begin at 0. */
    T_EQUAL_INT(answer_to(2, "\x0c\0\0\0\1\1\0\x0c\0\0\0\1\1\0", 14),
                MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(answer_to(1, "\x0c\0\0\2\1\1\0", 7), MOCK_ERROR_INVALID_RECORD);
    /* A negative record length; a key of -2 bytes; a value longer than the record. */
    T_EQUAL_INT(answer_to(1, "\1\0\0\0\1\1\0", 7), MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(answer_to(1, "\x0c\0\0\0\3\1\0", 7), MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(answer_to(1, "\x0c\0\0\0\1\x7e\0", 7), MOCK_ERROR_INVALID_RECORD);
    /* A header count of -1 and of 63; a header without name; one that is right. */
    T_EQUAL_INT(answer_to(1, "\x0c\0\0\0\1\1\1", 7), MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(answer_to(1, "\x0c\0\0\0\1\1\x7e", 7), MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(answer_to(1, "\x10\0\0\0\1\1\2\1\1", 9), MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(answer_to(1, "\x10\0\0\0\1\1\2\0\1", 9), MOCK_ERROR_NONE);
}

static void rules_of_the_topic_are_obeyed(void) {
    struct base_builder b;
    build_three(&b, MOCK_CODEC_ZSTD);
    struct mock_batch_header header;
    struct mock_batch_refusal why;
    struct mock_batch_rules strict = MOCK_BATCH_RULES_INIT;
    strict.keys_required = true;
    T_EQUAL_INT(mock_batch_validate(base_builder_slice(&b), &strict, &header, &why),
                MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(why.record_index, 1);
    T_EQUAL_INT(why.bad_records, 1);
    struct mock_batch_rules small = MOCK_BATCH_RULES_INIT;
    small.max_bytes = b.len - 1;
    T_EQUAL_INT(mock_batch_validate(base_builder_slice(&b), &small, &header, &why),
                MOCK_ERROR_MESSAGE_TOO_LARGE);
    T_EQUAL_INT(why.record_index, -1);
    T_EQUAL_INT(why.bad_records, 0);
    small.max_bytes = b.len;
    T_EQUAL_INT(mock_batch_validate(base_builder_slice(&b), &small, &header, &why), 0);
    struct mock_batch_rules old = MOCK_BATCH_RULES_INIT;
    old.produce_version = 6;
    T_EQUAL_INT(mock_batch_validate(base_builder_slice(&b), &old, &header, &why),
                MOCK_ERROR_UNSUPPORTED_COMPRESSION_TYPE);
    T_EQUAL_INT(mock_batch_validate(BASE_SLICE_NULL, &rules, &header, &why),
                MOCK_ERROR_INVALID_RECORD);
    base_builder_clean_up(&b);
}

/* The times are 1000, 1005 and 999; the second has no key. */
static void every_bad_record_is_counted_and_one_time_decides(void) {
    struct base_builder b;
    build_three(&b, MOCK_CODEC_GZIP);
    struct mock_batch_header header;
    struct mock_batch_refusal why;
    struct mock_batch_rules strict = MOCK_BATCH_RULES_INIT;
    strict.min_timestamp_ms = 1000;
    strict.max_timestamp_ms = 1004;
    T_EQUAL_INT(mock_batch_validate(base_builder_slice(&b), &strict, &header, &why),
                MOCK_ERROR_INVALID_TIMESTAMP);
    T_EQUAL_INT(why.record_index, 1);
    T_EQUAL_INT(why.bad_records, 2);
    strict.keys_required = true;
    strict.max_timestamp_ms = 2000;
    T_EQUAL_INT(mock_batch_validate(base_builder_slice(&b), &strict, &header, &why),
                MOCK_ERROR_INVALID_TIMESTAMP);
    T_EQUAL_INT(why.bad_records, 2);
    strict.log_append_time = true; /* the producer's times do not count */
    T_EQUAL_INT(mock_batch_validate(base_builder_slice(&b), &strict, &header, &why),
                MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(why.bad_records, 1);
    mock_batch_patch_attributes(b.data, b.len, MOCK_CODEC_GZIP | MOCK_BATCH_LOG_APPEND_TIME);
    T_EQUAL_INT(mock_batch_validate(base_builder_slice(&b), &strict, &header, &why),
                MOCK_ERROR_INVALID_TIMESTAMP);
    T_EQUAL_INT(why.record_index, 0);
    T_EQUAL_INT(why.bad_records, 3);
    strict.log_append_time = strict.keys_required = false;
    strict.max_timestamp_ms = INT64_MAX;
    T_EQUAL_INT(mock_batch_validate(base_builder_slice(&b), &strict, &header, &why), 0);
    base_builder_clean_up(&b);
}

static void two_batches_are_refused_and_iterated(void) {
    struct base_builder b;
    build_three(&b, MOCK_CODEC_NONE);
    size_t one = b.len;
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.base_offset = 3;
    mock_batch_build(&b, &options, three, 2);
    T_EQUAL_INT(validate(&b, b.len, NULL), MOCK_ERROR_INVALID_RECORD);
    /* What is left of a batch that was cut is dropped. */
    T_EQUAL_INT(validate(&b, one + 5, NULL), MOCK_ERROR_NONE);
    T_EQUAL_INT(validate(&b, b.len - 1, NULL), MOCK_ERROR_NONE);
    struct base_slice found = base_slice_of(b.data, b.len - 1);
    T_EQUAL_INT(mock_batch_find(&found, 8, NULL), MOCK_ERROR_NONE);
    T_EQUAL_INT(found.len, one);
    /* A Fetch may cut the last batch. */
    struct base_slice rest = base_slice_of(b.data, b.len - 1);
    struct base_slice batch;
    struct mock_batch_header h;
    T_EQUAL_INT(mock_batch_next(&rest, &batch, &h), 1);
    T_EQUAL_INT(batch.len, one);
    T_EQUAL_INT(mock_batch_next(&rest, &batch, &h), 0);
    rest.len++;
    T_EQUAL_INT(mock_batch_next(&rest, &batch, &h), 1);
    T_EQUAL_INT(h.base_offset, 3);
    T_EQUAL_INT(mock_batch_next(&rest, &batch, &h), 0);
    base_builder_clean_up(&b);
}

static void a_batch_with_holes_keeps_its_offsets(void) {
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.base_offset = 50;
    options.last_offset_delta = 9;
    struct mock_build_record records[] = {three[0], three[2]};
    records[0].offset_delta = 4;
    records[1].offset_delta = 7;
    struct base_builder b;
    base_builder_init(&b, BASE_MIB);
    mock_batch_build(&b, &options, records, 2);
    struct mock_record_iterator it;
    struct mock_record r;
    T_EQUAL_INT(mock_record_iterator_init(&it, base_builder_slice(&b)), 0);
    T_EQUAL_INT(mock_record_iterator_next(&it, &r), 1);
    T_EQUAL_INT(r.offset, 54);
    T_EQUAL_INT(mock_record_iterator_next(&it, &r), 1);
    T_EQUAL_INT(r.offset, 57);
    T_EQUAL_INT(mock_record_iterator_next(&it, &r), 0);
    T_EQUAL_INT(mock_batch_last_offset(&it.batch), 59);
    mock_record_iterator_clean_up(&it);
    base_builder_reset(&b);
    options.codec = MOCK_CODEC_GZIP;
    mock_batch_build(&b, &options, NULL, 0);
    T_EQUAL_INT(mock_record_iterator_init(&it, base_builder_slice(&b)), 0);
    T_EQUAL_INT(mock_record_iterator_next(&it, &r), 0);
    mock_record_iterator_clean_up(&it);
    base_builder_clean_up(&b);
}

static void a_marker_is_a_control_batch(void) {
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.producer_id = 8;
    options.producer_epoch = 2;
    struct base_builder b;
    base_builder_init(&b, BASE_MIB);
    mock_batch_build_marker(&b, &options, true, 0x01020304, 5);
    struct mock_record_iterator it;
    struct mock_record r;
    T_EQUAL_INT(mock_record_iterator_init(&it, base_builder_slice(&b)), 0);
    T_TRUE(mock_batch_is_control(&it.batch) && mock_batch_is_transactional(&it.batch));
    T_EQUAL_INT(mock_record_iterator_next(&it, &r), 1);
    T_EQUAL_BYTES(r.key.data, r.key.len, "\0\0\0\1", 4);
    T_EQUAL_BYTES(r.value.data, r.value.len, "\0\0\1\2\3\4", 6);
    mock_record_iterator_clean_up(&it);
    base_builder_clean_up(&b);
}

static void log_append_time_is_the_batch_s(void) {
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.attributes = MOCK_BATCH_LOG_APPEND_TIME;
    struct base_builder b;
    base_builder_init(&b, BASE_MIB);
    mock_batch_build(&b, &options, three, 3);
    struct mock_record_iterator it;
    struct mock_record r;
    T_EQUAL_INT(mock_record_iterator_init(&it, base_builder_slice(&b)), 0);
    while (mock_record_iterator_next(&it, &r) > 0) {
        T_EQUAL_INT(r.timestamp_ms, 1005);
    }
    mock_record_iterator_clean_up(&it);
    base_builder_clean_up(&b);
}

static void failing_memory_is_a_server_error_and_nothing_leaks(void) {
    for (int codec = MOCK_CODEC_GZIP; codec < MOCK_CODEC_COUNT; codec++) {
        struct base_builder b;
        build_three(&b, (enum mock_codec)codec);
        struct mock_batch_header header;
        struct mock_batch_refusal why;
        int64_t before = base_memory_live_count();
        base_memory_fail_after(0, 1);
        int16_t error = mock_batch_validate(base_builder_slice(&b), &rules, &header, &why);
        base_memory_fail_never();
        T_EQUAL_INT(error, MOCK_ERROR_UNKNOWN_SERVER_ERROR);
        T_EQUAL_STR(why.reason, "memory is out");
        T_EQUAL_INT(base_memory_live_count(), before);
        struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
        options.codec = (enum mock_codec)codec;
        int code = BASE_NO_MEMORY;
        for (uint64_t after = 0; code == BASE_NO_MEMORY && after < 20; after++) {
            struct base_builder out;
            base_builder_init(&out, BASE_MIB);
            base_memory_fail_after(after, 1);
            mock_batch_build(&out, &options, three, 3);
            base_memory_fail_never();
            code = out.failed;
            base_builder_clean_up(&out);
        }
        T_EQUAL_INT(code, 0);
        T_EQUAL_INT(base_memory_live_count(), before);
        base_builder_clean_up(&b);
    }
}

/* Whatever is validated while one allocation fails is refused for it, or rightly taken; done again
 * it is taken. */
static void one_failing_allocation_does_no_more_harm(void) {
    int64_t before = base_memory_live_count();
    for (int codec = MOCK_CODEC_NONE; codec < MOCK_CODEC_COUNT; codec++) {
        struct base_builder b;
        build_three(&b, (enum mock_codec)codec);
        struct mock_batch_header header;
        for (uint64_t after = 0; after < 20; after++) {
            struct mock_batch_refusal why = {0};
            base_memory_fail_after(after, 0);
            int16_t error = mock_batch_validate(base_builder_slice(&b), &rules, &header, &why);
            base_memory_fail_never();
            T_TRUE(error == 0 || error == MOCK_ERROR_UNKNOWN_SERVER_ERROR);
            T_EQUAL_INT(mock_batch_validate(base_builder_slice(&b), &rules, &header, &why), 0);
        }
        base_builder_clean_up(&b);
    }
    T_EQUAL_INT(base_memory_live_count(), before);
}

static CU_TestInfo tests[] = {
    {"a_batch_has_the_documented_bytes", a_batch_has_the_documented_bytes},
    {"a_good_batch_is_taken_in_every_codec", a_good_batch_is_taken_in_every_codec},
    {"every_truncation_of_a_batch_is_refused", every_truncation_of_a_batch_is_refused},
    {"every_flipped_bit_under_the_crc_is_refused", every_flipped_bit_under_the_crc_is_refused},
    {"damage_with_a_right_crc_does_not_crash", damage_with_a_right_crc_does_not_crash},
    {"each_demand_has_its_error", each_demand_has_its_error},
    {"malformed_records_are_invalid", malformed_records_are_invalid},
    {"rules_of_the_topic_are_obeyed", rules_of_the_topic_are_obeyed},
    {"every_bad_record_is_counted_and_one_time_decides",
     every_bad_record_is_counted_and_one_time_decides},
    {"two_batches_are_refused_and_iterated", two_batches_are_refused_and_iterated},
    {"a_batch_with_holes_keeps_its_offsets", a_batch_with_holes_keeps_its_offsets},
    {"a_marker_is_a_control_batch", a_marker_is_a_control_batch},
    {"failing_memory_is_a_server_error_and_nothing_leaks",
     failing_memory_is_a_server_error_and_nothing_leaks},
    {"one_failing_allocation_does_no_more_harm", one_failing_allocation_does_no_more_harm},
    {"log_append_time_is_the_batch_s", log_append_time_is_the_batch_s},
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_wire_batch(void) {
    static CU_SuiteInfo suites[] = {
        {"wire batch", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
