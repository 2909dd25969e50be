/*
 * What transactions do to partitions and groups: the host of the coordinator (mock/txn). Its
 * markers are control batches in our logs, and for groups their pending offsets; its changes are
 * events.
 */
#include "mock/gateway/txn.h"

#include <string.h>

#include "base/memory.h"
#include "mock/wire/build.h"

/* Above what the mock cluster gives to producers without a transactional id (up to 9e8). */
#define FIRST_PRODUCER_ID INT64_C(1000000000)
/* One record, two short fields. */
#define MARKER_BYTES 256

struct mock_txn_time mock_txn_now(const struct mock_broker *broker) {
    return (struct mock_txn_time){(int64_t)mock_broker_now_ms(broker), mock_clock_ms(broker)};
}

/* -- events -- */

void mock_txn_act(struct mock_broker *broker, const struct mock_request *r) {
    broker->acting = r;
}

static void begin_event(const struct mock_broker *broker, enum mock_event_kind kind,
                        struct mock_event *ret_event) {
    if (broker->acting) {
        mock_request_event(broker->acting, kind, ret_event);
    } else {
        *ret_event = (struct mock_event){.kind = kind, .api = -1};
    }
}

static void changed(void *arg, const struct mock_txn_change *change) {
    struct mock_broker *broker = arg;
    struct mock_event event;
    begin_event(broker, MOCK_EVENT_TXN, &event);
    event.group = change->id;
    event.text = change->what;
    event.offset = change->producer_id;
    event.generation = change->epoch;
    mock_broker_emit(broker, &event);
}

/* -- markers in partitions -- */

void mock_partition_hold_stable(struct mock_partition *partition) {
    mock_log_hold_stable(partition->log, mock_producers_first_open(partition->producers));
}

static struct mock_stored_batch *make_marker(const struct mock_txn_marker *marker, int64_t now_ms) {
    struct base_builder b;
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.producer_id = marker->producer_id;
    options.producer_epoch = marker->epoch;
    base_builder_init(&b, MARKER_BYTES);
    mock_batch_build_marker(&b, &options, marker->commit, marker->coordinator_epoch, now_ms);
    struct mock_stored_batch *batch =
        base_builder_ok(&b) ? mock_stored_batch_new(base_builder_slice(&b)) : NULL;
    base_builder_clean_up(&b);
    return batch;
}

/* The marker is in the log: the partition knows, and readers may go on. */
static void marked(struct mock_broker *broker, struct mock_topic *topic, int32_t index,
                   const struct mock_txn_marker *marker, struct mock_stored_batch *batch) {
    struct mock_partition *partition = &topic->partitions[index];
    const struct mock_marker m = {marker->producer_id, marker->epoch, marker->coordinator_epoch,
                                  batch->max_timestamp};
    int64_t first = -1;
    /* Out of memory is for a producer that is not known: it has nothing open. */
    (void)mock_producers_marker(partition->producers, &m, &first, NULL);
    mock_producers_heard(partition->producers, marker->producer_id, batch->appended_ms);
    if (first >= 0 && !marker->commit) {
        const struct mock_aborted_txn txn = {marker->producer_id, first, batch->last_offset};
        (void)mock_log_add_aborted(partition->log, &txn, NULL);
    }
    mock_partition_hold_stable(partition);
    struct mock_event event;
    begin_event(broker, MOCK_EVENT_MARKER, &event);
    event.topic = topic->name;
    event.partition = index;
    event.offset = batch->base_offset;
    event.batch = batch;
    event.text = marker->commit ? "commit" : "abort";
    mock_broker_emit(broker, &event);
    mock_fetch_wake(broker, partition);
    mock_partition_appended(broker, topic, index);
}

int16_t mock_partition_mark(struct mock_broker *broker, struct mock_topic *topic,
                            struct mock_txn_marker *marker) {
    int32_t index = marker->partition.partition;
    struct mock_partition *partition = &topic->partitions[index];
    int64_t now_ms = mock_clock_ms(broker);
    struct mock_stored_batch *batch = make_marker(marker, now_ms);
    if (!batch || mock_log_append(partition->log, batch, partition->leader_epoch, now_ms, NULL)) {
        mock_stored_batch_unref(batch);
        return MOCK_ERROR_KAFKA_STORAGE_ERROR;
    }
    marker->written_at = batch->base_offset;
    marked(broker, topic, index, marker, batch);
    mock_stored_batch_unref(batch);
    return MOCK_ERROR_NONE;
}

/* -- offsets of groups -- */

struct offsets_end {
    struct mock_broker *broker;
    int32_t partition; /* of MOCK_OFFSETS_TOPIC */
};

static bool is_meant(void *arg, const char *group) {
    const struct offsets_end *end = arg;
    return mock_txn_offsets_partition(base_slice_str(group)).partition == end->partition;
}

static void committed(void *arg, const struct mock_pending_view *view) {
    struct mock_broker *broker = ((struct offsets_end *)arg)->broker;
    struct mock_event event;
    begin_event(broker, MOCK_EVENT_COMMITTED, &event);
    event.group = view->group;
    event.member = view->member_id;
    event.generation = view->generation;
    event.topic = view->topic;
    event.partition = view->partition;
    event.offset = view->offset;
    mock_broker_emit(broker, &event);
}

static enum mock_txn_marked mark_offsets(struct mock_broker *broker,
                                         const struct mock_txn_marker *marker) {
    struct offsets_end end = {broker, marker->partition.partition};
    return mock_groups_txn_end(broker->groups, marker->producer_id, marker->commit, is_meant,
                               committed, &end)
               ? MOCK_TXN_MARKED
               : MOCK_TXN_MARK_LATER;
}

/* -- the host -- */

static bool is_marker(const struct mock_stored_batch *batch) {
    return (batch->bytes[MOCK_BATCH_ATTRIBUTES_AT + 1] & MOCK_BATCH_CONTROL) != 0;
}

/* A marker that was written is still in the log: no leader without it has come. */
static bool is_written(const struct mock_log *log, const struct mock_txn_marker *marker) {
    size_t i = mock_log_find(log, marker->written_at);
    if (marker->written_at < 0 || i == mock_log_batch_count(log)) {
        return false;
    }
    const struct mock_stored_batch *batch = mock_log_batch(log, i);
    return batch->base_offset == marker->written_at && is_marker(batch) &&
           batch->producer_id == marker->producer_id;
}

/* As with acks=all: it is done when all in-sync replicas have it. */
static enum mock_txn_marked mark(void *arg, struct mock_txn_marker *marker) {
    struct mock_broker *broker = arg;
    if (base_slice_equal_str(marker->partition.topic, MOCK_OFFSETS_TOPIC)) {
        return mark_offsets(broker, marker);
    }
    struct mock_topic *topic = NULL;
    const struct mock_partition *partition =
        mock_partition_find(broker, marker->partition.topic, marker->partition.partition, &topic);
    if (!partition) {
        return MOCK_TXN_MARK_NEVER;
    }
    const struct mock_node *leader = mock_node_get(broker, partition->leader);
    if (!leader || leader->stopped) {
        return MOCK_TXN_MARK_LATER;
    }
    if (!is_written(partition->log, marker) && mock_partition_mark(broker, topic, marker)) {
        return MOCK_TXN_MARK_LATER;
    }
    return mock_partition_high_watermark(partition) > marker->written_at ? MOCK_TXN_MARKED
                                                                         : MOCK_TXN_MARK_LATER;
}

int mock_txn_open(struct mock_broker *broker, struct base_error *err) {
    const struct mock_settings *settings = &broker->settings;
    struct mock_txns_options options = {
        .max_timeout_ms = settings->transaction_max_timeout_ms,
        .id_expiration_ms = settings->transactional_id_expiration_ms,
        .v2 = settings->transaction_version >= 2,
        .first_producer_id = FIRST_PRODUCER_ID,
    };
    struct mock_txns_host host = {broker, mark, changed};
    return mock_txns_new(&options, &host, &broker->txns, err);
}

/* -- taking part -- */

int16_t mock_txn_take_part(struct mock_request *r, struct base_slice id,
                           struct mock_txn_producer producer, struct mock_txn_partition partition,
                           bool add) {
    struct mock_broker *broker = r->connection->broker;
    int16_t error;
    if (add) {
        mock_txn_act(broker, r);
        error =
            mock_txns_add(broker->txns, id, producer, &partition, 1, true, mock_txn_now(broker));
        mock_txn_act(broker, NULL);
        mock_broker_schedule(broker);
    } else {
        error = mock_txns_verify(broker->txns, id, producer, partition);
    }
    return error == MOCK_ERROR_PRODUCER_FENCED ? MOCK_ERROR_INVALID_PRODUCER_EPOCH : error;
}

/* -- on command -- */

int mock_txn_fence(struct mock_broker *broker, const char *id, struct base_error *err) {
    struct mock_txn_view view;
    struct mock_txn_producer producer = {-1, -1};
    if (!mock_txns_view(broker->txns, base_slice_str(id), &view)) {
        return base_fail(err, BASE_NOT_FOUND, "nobody has used the transactional id %s", id);
    }
    /* The first attempt of an instance aborts what is open, the next one gets the producer id. */
    int16_t error = MOCK_ERROR_CONCURRENT_TRANSACTIONS;
    for (int i = 0; i < 2 && error == MOCK_ERROR_CONCURRENT_TRANSACTIONS; i++) {
        error = mock_txns_init(broker->txns, base_slice_str(id), view.timeout_ms, producer,
                               mock_txn_now(broker), &producer);
        producer = (struct mock_txn_producer){-1, -1};
    }
    mock_broker_schedule(broker);
    /* Markers that cannot be written yet: whoever used the id is fenced all the same. */
    return error && error != MOCK_ERROR_CONCURRENT_TRANSACTIONS
               ? base_fail(err, BASE_STATE, "%s cannot be fenced: error %d", id, (int)error)
               : 0;
}

int mock_txn_expire(struct mock_broker *broker, const char *id, struct base_error *err) {
    if (!mock_txns_time_out(broker->txns, base_slice_str(id), mock_txn_now(broker))) {
        return base_fail(err, BASE_STATE, "no transaction of %s is open", id);
    }
    mock_broker_schedule(broker);
    return 0;
}
