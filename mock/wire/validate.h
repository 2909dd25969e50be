/*
 * What a broker demands of a producer's batch (Kafka: ProduceRequest.validateRecords, UnifiedLog,
 * LogValidator). Answers are Kafka's error codes; the reasons are our own words, for whoever reads
 * the history.
 */
#pragma once
#include "mock/wire/record.h"

/* What the broker and the topic demand. */
struct mock_batch_rules {
    size_t max_bytes;        /* message.max.bytes; a larger batch is MESSAGE_TOO_LARGE */
    bool keys_required;      /* a compacted topic: a record without key is INVALID_RECORD */
    int16_t produce_version; /* zstd before 7 is UNSUPPORTED_COMPRESSION_TYPE */
    /* The topic gives its records the time of their append. Then the producer's times do not count,
     * but it may not claim LogAppendTime for itself. */
    bool log_append_time;
    int64_t max_timestamp_ms; /* a record of a later time is INVALID_TIMESTAMP */
    int64_t min_timestamp_ms; /* and of an earlier one, unless it is -1: none */
};
/* Kafka's message.max.bytes is 1 MiB and 12 bytes. */
#define MOCK_BATCH_RULES_INIT                                                                      \
    { 1048588, false, 12, false, INT64_MAX, INT64_MIN }

#define MOCK_BATCH_REASON_BYTES 160

/* Why a batch is refused. */
struct mock_batch_refusal {
    int16_t error_code;   /* an enum mock_error */
    int32_t record_index; /* the first record that is to blame; -1: the batch as a whole */
    int32_t bad_records; /* so many that mock_record_judge finds fault with; 0: the batch's fault */
    char reason[MOCK_BATCH_REASON_BYTES];
};

/* Looks for a batch at the start of bytes as Kafka does before it reads one
 * (ByteBufferLogInputStream.nextBatchSize). 1: there is a whole one of *ret_len bytes, of a magic
 * from 0 to 2; 0: too few bytes for one. BASE_MALFORMED: a length that cannot be; BASE_UNSUPPORTED:
 * another magic. */
int mock_batch_look(struct base_slice bytes, size_t *ret_len) BASE_MUST_USE;

/* Finds the one batch that a Produce of this version may carry for a partition, and cuts off what
 * follows it and is no batch any more. records may be null. Returns MOCK_ERROR_NONE or the error,
 * and then fills ret_refusal (which may be NULL). MOCK_ERROR_UNKNOWN_SERVER_ERROR: the version
 * looks at the codec (ProduceRequest.validateRecords: before 7), and there is none of that number.
 */
int16_t mock_batch_find(struct base_slice *records, int16_t produce_version,
                        struct mock_batch_refusal *ret_refusal) BASE_MUST_USE;

/* Judges the records of one partition of a Produce: mock_batch_find, base offset 0, right lengths,
 * CRC, no control batch, count == last offset delta + 1, a sequence with a producer id, and
 * (decompressed) records that are well formed, numbered 0 to n-1, and as the topic demands.
 * Returns MOCK_ERROR_NONE and the header, or the error code that answers it, and then fills
 * ret_refusal (which may be NULL) instead. MOCK_ERROR_UNKNOWN_SERVER_ERROR: memory is out, too. */
int16_t mock_batch_validate(struct base_slice records, const struct mock_batch_rules *rules,
                            struct mock_batch_header *ret_header,
                            struct mock_batch_refusal *ret_refusal) BASE_MUST_USE;

enum mock_record_fault {
    MOCK_RECORD_GOOD,
    MOCK_RECORD_NO_KEY,        /* INVALID_RECORD */
    MOCK_RECORD_OUT_OF_TIME,   /* INVALID_TIMESTAMP: beyond what the topic takes */
    MOCK_RECORD_CLAIMS_APPEND, /* INVALID_TIMESTAMP: its batch says LogAppendTime */
};
/* The first thing that is wrong with a record of a batch with these attributes
 * (LogValidator.validateRecord). One bad record refuses the batch; all of them are named. */
static inline enum mock_record_fault mock_record_judge(const struct mock_record *record,
                                                       int16_t attributes,
                                                       const struct mock_batch_rules *rules) {
    if (rules->keys_required && base_slice_is_null(record->key)) {
        return MOCK_RECORD_NO_KEY;
    }
    if (!rules->log_append_time && record->timestamp_ms != -1) {
        return record->timestamp_ms > rules->max_timestamp_ms ||
                       record->timestamp_ms < rules->min_timestamp_ms
                   ? MOCK_RECORD_OUT_OF_TIME
                   : MOCK_RECORD_GOOD;
    }
    return attributes & MOCK_BATCH_LOG_APPEND_TIME ? MOCK_RECORD_CLAIMS_APPEND : MOCK_RECORD_GOOD;
}
