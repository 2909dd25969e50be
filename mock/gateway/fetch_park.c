/* Fetches that wait for records: where their readers stand, who is woken when, who is paused. */
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/fetch.h"

struct mock_parked_actor {
    struct mock_parked_actor *next;
    char *actor;
};

static const char *reader_name(const struct mock_request *r) {
    return r->connection->actor;
}

void mock_fetch_note_position(struct mock_request *r, bool waiting) {
    const struct mock_fetch_request *q = &r->u.fetch;
    for (size_t t = 0; t < q->topic_count; t++) {
        for (size_t i = 0; i < q->topics[t].partition_count; i++) {
            struct mock_partition *p = mock_partition_find(r->connection->broker, q->topics[t].name,
                                                           q->topics[t].partitions[i].index, NULL);
            struct mock_reader *reader =
                p ? mock_reader_get(p, reader_name(r), r->connection->incarnation) : NULL;
            if (!reader) {
                continue;
            }
            if (waiting) {
                reader->offset = q->topics[t].partitions[i].fetch_offset;
                reader->reads_committed = q->isolation_level != 0;
                reader->waiting = r;
            } else if (reader->waiting == r) {
                reader->waiting = NULL;
            }
        }
    }
}

void mock_fetch_park(struct mock_request *r) {
    struct mock_broker *broker = r->connection->broker;
    int32_t wait_ms = r->u.fetch.max_wait_ms;
    r->deadline_ms = mock_broker_now_ms(broker) + (uint64_t)(wait_ms > 0 ? wait_ms : 0);
    r->parked = true;
    r->next_parked = broker->parked;
    broker->parked = r;
    mock_broker_schedule(broker);
    mock_broker_touch(broker);
}

void mock_fetch_unpark(struct mock_request *r) {
    if (!r->parked) {
        return;
    }
    struct mock_request **at = &r->connection->broker->parked;
    while (*at && *at != r) {
        at = &(*at)->next_parked;
    }
    if (*at) {
        *at = r->next_parked;
    }
    r->parked = false;
    mock_fetch_note_position(r, false);
}

static bool asks_for(const struct mock_request *r, const struct mock_partition *partition) {
    const struct mock_fetch_request *q = &r->u.fetch;
    for (size_t t = 0; t < q->topic_count; t++) {
        struct mock_topic *topic = mock_topic_find(r->connection->broker, q->topics[t].name);
        if (!topic || partition < topic->partitions ||
            partition >= topic->partitions + topic->partition_count) {
            continue;
        }
        for (size_t i = 0; i < q->topics[t].partition_count; i++) {
            if (q->topics[t].partitions[i].index == partition - topic->partitions) {
                return true;
            }
        }
    }
    return false;
}

/* Serves the parked fetches that are due: that have something to say (ready; partition: of this
 * one), or whose time is up. */
static void serve_due(struct mock_broker *broker, bool ready,
                      const struct mock_partition *partition, uint64_t now_ms) {
    bool again = true;
    while (again) {
        again = false;
        for (struct mock_request *r = broker->parked; r; r = r->next_parked) {
            bool due = ready ? (!partition || asks_for(r, partition)) && mock_fetch_is_ready(r)
                             : r->deadline_ms <= now_ms;
            if (due && !r->connection->frozen && !mock_actor_is_parked(broker, reader_name(r))) {
                mock_fetch_unpark(r);
                mock_fetch_serve(r); /* may change the list */
                again = true;
                break;
            }
        }
    }
}

void mock_fetch_wake(struct mock_broker *broker, const struct mock_partition *partition) {
    if (broker->parked) {
        serve_due(broker, true, partition, 0);
    }
}

void mock_fetch_wake_all(struct mock_broker *broker) {
    serve_due(broker, true, NULL, 0);
}

void mock_fetch_expire(struct mock_broker *broker) {
    serve_due(broker, false, NULL, mock_broker_now_ms(broker));
}

uint64_t mock_fetch_next_deadline(const struct mock_broker *broker) {
    uint64_t next = UINT64_MAX;
    for (const struct mock_request *r = broker->parked; r; r = r->next_parked) {
        if (r->deadline_ms < next && !r->connection->frozen &&
            !mock_actor_is_parked(broker, reader_name(r))) {
            next = r->deadline_ms;
        }
    }
    return next;
}

/* -- actors that are paused -- */

bool mock_actor_is_parked(const struct mock_broker *broker, const char *actor) {
    const struct mock_parked_actor *a = broker->parked_actors;
    while (a && strcmp(a->actor, actor) != 0) {
        a = a->next;
    }
    return a != NULL;
}

void mock_actor_park(struct mock_broker *broker, const char *actor, bool parked) {
    struct mock_parked_actor **at = &broker->parked_actors;
    while (*at && strcmp((*at)->actor, actor) != 0) {
        at = &(*at)->next;
    }
    if (parked == (*at != NULL)) {
        return;
    }
    if (!parked) {
        struct mock_parked_actor *gone = *at;
        *at = gone->next;
        base_free(gone->actor);
        base_free(gone);
        /* Those that were ready or due meanwhile are served from the log as it is now. */
        for (struct mock_request *r = broker->parked; r; r = r->next_parked) {
            if (strcmp(reader_name(r), actor) == 0 && mock_fetch_is_ready(r)) {
                r->deadline_ms = 0;
            }
        }
        mock_broker_schedule(broker);
        return;
    }
    struct mock_parked_actor *added = base_alloc_zero(sizeof(*added));
    if (added) {
        added->actor = base_strdup(actor);
        added->next = broker->parked_actors;
        broker->parked_actors = added;
    }
}

void mock_parked_actors_free(struct mock_broker *broker) {
    while (broker->parked_actors) {
        struct mock_parked_actor *next = broker->parked_actors->next;
        base_free(broker->parked_actors->actor);
        base_free(broker->parked_actors);
        broker->parked_actors = next;
    }
}
