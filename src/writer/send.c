/* Handing records to librdkafka: plain ones, and objects with their one or two topics. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/memory.h"
#include "writer/handle.h"

/* swh-journal's patience with a full queue: so long without any delivery report, five times. */
static const int full_queue_waits_ms[] = {1000, 4000, 7000, 10000, 13000};
#define FULL_QUEUE_ATTEMPTS (sizeof(full_queue_waits_ms) / sizeof(full_queue_waits_ms[0]))

/* What the records of one intent have in common. */
struct common {
    int32_t partition;
    struct base_slice key;
    const struct journal_header *headers;
    size_t header_count;
};

/* Waits until a delivery report made room, at most timeout_ms. */
static bool wait_for_room(struct journal_writer *writer, int timeout_ms) {
    uint64_t before = writer->report_count;
    uint64_t deadline = base_clock_monotonic_ns() + (uint64_t)timeout_ms * 1000000u;
    while (writer->report_count == before) {
        uint64_t now = base_clock_monotonic_ns();
        if (now >= deadline) {
            return false;
        }
        (void)rd_kafka_poll(writer->rk, (int)((deadline - now) / 1000000u) + 1);
    }
    return true;
}

static rd_kafka_headers_t *headers_of(const struct common *common) {
    if (common->header_count == 0) {
        return NULL;
    }
    rd_kafka_headers_t *headers = rd_kafka_headers_new(common->header_count);
    for (size_t i = 0; i < common->header_count; i++) {
        const struct journal_header *header = &common->headers[i];
        (void)rd_kafka_header_add(headers, header->name, -1, header->value.data,
                                  (ssize_t)header->value.len);
    }
    return headers;
}

static rd_kafka_resp_err_t produce_once(struct journal_writer *writer, struct journal_part *part,
                                        rd_kafka_topic_t *rkt, const struct common *common,
                                        struct base_slice value) {
    rd_kafka_headers_t *headers = headers_of(common);
    rd_kafka_resp_err_t error = rd_kafka_producev(
        writer->rk, RD_KAFKA_V_RKT(rkt), RD_KAFKA_V_PARTITION(common->partition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_KEY((const void *)common->key.data, common->key.len),
        RD_KAFKA_V_VALUE((void *)(uintptr_t)value.data, value.len), RD_KAFKA_V_OPAQUE(part),
        headers ? RD_KAFKA_VTYPE_HEADERS : RD_KAFKA_VTYPE_END, headers, RD_KAFKA_V_END);
    if (error && headers) {
        rd_kafka_headers_destroy(headers);
    }
    return error;
}

/* Hands one part over. A refusal settles it: librdkafka certainly did not send it. */
static bool produce(struct journal_writer *writer, struct journal_part *part, const char *topic,
                    const struct common *common, struct base_slice value) {
    struct journal_writer_topic *handle = journal_writer_topic_get(writer, topic, NULL);
    if (!handle) {
        journal_part_settle(&writer->intents, part, JOURNAL_FATE_NOT_PERSISTED, "_UNKNOWN_TOPIC");
        return false;
    }
    part->topic = handle->name;
    rd_kafka_topic_t *rkt = handle->rkt;
    rd_kafka_resp_err_t error = produce_once(writer, part, rkt, common, value);
    size_t attempt = 0;
    while (error == RD_KAFKA_RESP_ERR__QUEUE_FULL && attempt < FULL_QUEUE_ATTEMPTS) {
        if (!wait_for_room(writer, full_queue_waits_ms[attempt])) {
            attempt++;
        }
        error = produce_once(writer, part, rkt, common, value);
    }
    if (error) {
        journal_part_settle(&writer->intents, part, JOURNAL_FATE_NOT_PERSISTED,
                            rd_kafka_err2name(error));
        return false;
    }
    return true;
}

static int no_memory(struct base_error *err) {
    return base_fail(err, BASE_NO_MEMORY, "no memory for a write");
}

int journal_writer_write(struct journal_writer *writer, uint64_t id,
                         const struct journal_record *record, struct base_error *err) {
    struct journal_intent *intent = journal_intent_new(&writer->intents, id, 1);
    if (!intent) {
        return no_memory(err);
    }
    struct common common = {record->partition, record->key, record->headers,
                            record->header_count};
    (void)produce(writer, &intent->parts[0], record->topic, &common, record->value);
    return 0;
}

/* The privileged record first: if it is refused at once, no public copy must stand without it. */
static int write_parts(struct journal_writer *writer, uint64_t id,
                       const struct journal_route *route, enum journal_type type,
                       const struct common *common, struct base_slice original,
                       const struct base_slice *anonymized, struct base_error *err) {
    char *public_topic = journal_topic_name(route->prefix, false, type);
    char *privileged_topic =
        anonymized ? journal_topic_name(route->prefix, true, type) : NULL;
    unsigned part_count = anonymized ? 2 : 1;
    struct journal_intent *intent = NULL;
    if (public_topic && (privileged_topic || !anonymized)) {
        intent = journal_intent_new(&writer->intents, id, part_count);
    }
    if (!intent) {
        base_free(public_topic);
        base_free(privileged_topic);
        return no_memory(err);
    }
    struct journal_part *last = &intent->parts[part_count - 1];
    if (anonymized && !produce(writer, &intent->parts[0], privileged_topic, common, original)) {
        struct journal_writer_topic *handle = journal_writer_topic_get(writer, public_topic, NULL);
        last->topic = handle ? handle->name : NULL;
        journal_part_settle(&writer->intents, last, JOURNAL_FATE_NOT_PERSISTED,
                            intent->parts[0].error);
    } else {
        (void)produce(writer, last, public_topic, common, anonymized ? *anonymized : original);
    }
    base_free(public_topic);
    base_free(privileged_topic);
    return 0;
}

/* An object that the encoder refuses: its own failed outcome, and nobody else's. */
static int refuse(struct journal_writer *writer, uint64_t id, const struct journal_route *route,
                  enum journal_type type, const struct base_error *reason,
                  struct base_error *err) {
    char *topic = journal_topic_name(route->prefix, false, type);
    struct journal_intent *intent =
        topic ? journal_intent_new(&writer->intents, id, 1) : NULL;
    if (!intent) {
        base_free(topic);
        return no_memory(err);
    }
    struct journal_writer_topic *handle = journal_writer_topic_get(writer, topic, NULL);
    intent->parts[0].topic = handle ? handle->name : NULL;
    base_free(topic);
    journal_log(&writer->logger, 4, "writer: intent %llu: refused: %s", (unsigned long long)id,
                reason->text);
    journal_part_settle(&writer->intents, &intent->parts[0], JOURNAL_FATE_NOT_PERSISTED,
                        "MALFORMED_OBJECT");
    return 0;
}

int journal_writer_write_object(struct journal_writer *writer, uint64_t id,
                                const struct journal_route *route, enum journal_type type,
                                struct base_slice encoded, const struct journal_header *headers,
                                size_t header_count, struct base_error *err) {
    struct journal_object *object = NULL;
    struct base_builder key;
    struct base_builder public_value;
    struct base_error reason = BASE_ERROR_INIT;
    bool anonymize = route->anonymize && journal_type_is_anonymized(type);
    base_builder_init(&key, BASE_MAX_FRAME_BYTES);
    base_builder_init(&public_value, BASE_MAX_FRAME_BYTES);
    int code = journal_object_decode(type, encoded, &object, &reason);
    code = code ? code : journal_object_key(object, &key, &reason);
    if (!code && anonymize) {
        code = journal_object_anonymize(object, &reason);
        code = code ? code : journal_object_encode(object, &public_value, &reason);
    }
    if (code) {
        code = refuse(writer, id, route, type, &reason, err);
    } else {
        struct common common = {RD_KAFKA_PARTITION_UA, base_builder_slice(&key), headers,
                                header_count};
        struct base_slice anonymized = base_builder_slice(&public_value);
        code = write_parts(writer, id, route, type, &common, encoded,
                           anonymize ? &anonymized : NULL, err);
    }
    base_builder_clean_up(&public_value);
    base_builder_clean_up(&key);
    journal_object_free(object);
    return code;
}

int journal_writer_delete_object(struct journal_writer *writer, uint64_t id,
                                 const struct journal_route *route, enum journal_type type,
                                 struct base_slice key, const struct journal_header *headers,
                                 size_t header_count, struct base_error *err) {
    struct common common = {RD_KAFKA_PARTITION_UA, key, headers, header_count};
    struct base_slice tombstone = BASE_SLICE_NULL;
    bool both = route->anonymize && journal_type_is_anonymized(type);
    return write_parts(writer, id, route, type, &common, tombstone, both ? &tombstone : NULL, err);
}
