/* The history of one trial: rows in an array that grows, their strings interned. See history.h. */
#include "harness/check/history.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/memory.h"
#include "harness/check/clean.h"
#include "harness/check/table.h"

/* The strings and bytes of one history; record batches are shared and not counted. */
#define MAX_HISTORY_BYTES ((size_t)4096 * BASE_MIB)

struct trial_history {
    struct trial_event *events;
    size_t count;
    size_t cap;
    struct trial_table names;
    struct base_arena arena;
};

static const char *const fact_names[TRIAL_FACT_KIND_COUNT] = {
    [TRIAL_FACT_CONNECT] = "connect",
    [TRIAL_FACT_DISCONNECT] = "disconnect",
    [TRIAL_FACT_RECV] = "recv",
    [TRIAL_FACT_BEFORE] = "before",
    [TRIAL_FACT_AFTER] = "after",
    [TRIAL_FACT_SEND] = "send",
    [TRIAL_FACT_APPEND] = "append",
    [TRIAL_FACT_ACK] = "ack",
    [TRIAL_FACT_SERVE] = "serve",
    [TRIAL_FACT_COMMIT] = "commit",
    [TRIAL_FACT_COMMITTED] = "committed",
    [TRIAL_FACT_GROUP] = "group",
    [TRIAL_FACT_TOPIC] = "topic",
    [TRIAL_FACT_LEADER] = "leader",
    [TRIAL_FACT_BROKER] = "broker",
    [TRIAL_FACT_CLOCK] = "clock",
    [TRIAL_FACT_FAULT] = "fault",
    [TRIAL_FACT_CLEAN] = "clean",
    [TRIAL_FACT_ROLL] = "roll",
    [TRIAL_FACT_TXN] = "txn",
    [TRIAL_FACT_MARKER] = "marker",
    [TRIAL_FACT_TRUNCATE] = "truncate",
    [TRIAL_FACT_REPLICATE] = "replicate",
    [TRIAL_FACT_DENY] = "deny",
    [TRIAL_FACT_ACTOR_START] = "actor-start",
    [TRIAL_FACT_ACTOR_READY] = "actor-ready",
    [TRIAL_FACT_ACTOR_EXIT] = "actor-exit",
    [TRIAL_FACT_ACTOR_PAUSE] = "actor-pause",
    [TRIAL_FACT_ACTOR_RESUME] = "actor-resume",
    [TRIAL_FACT_INTENT] = "intent",
    [TRIAL_FACT_OUTCOME] = "outcome",
    [TRIAL_FACT_FLUSHED] = "flushed",
    [TRIAL_FACT_PROCESSED] = "processed",
    [TRIAL_FACT_SKIPPED] = "skipped",
    [TRIAL_FACT_POINT] = "point",
    [TRIAL_FACT_POINT_GO] = "point-go",
    [TRIAL_FACT_STORE_VIEW] = "store-view",
    [TRIAL_FACT_STORE_BLIND] = "store-blind",
    [TRIAL_FACT_STORE_ROW] = "store-row",
    [TRIAL_FACT_STORE_CELL] = "store-cell",
    [TRIAL_FACT_STORE_READ] = "store-read",
    [TRIAL_FACT_OUTPUT] = "output",
    [TRIAL_FACT_STEP] = "step",
    [TRIAL_FACT_NOTE] = "note",
    [TRIAL_FACT_QUIESCENT] = "quiescent",
    [TRIAL_FACT_BUDGET] = "budget",
};

const char *trial_fact_to_str(enum trial_fact fact) {
    return (unsigned)fact < TRIAL_FACT_KIND_COUNT ? fact_names[fact] : "unknown";
}

int trial_history_new(struct trial_history **ret_history, struct base_error *err) {
    struct trial_history *history = base_alloc_zero(sizeof(*history));
    if (!history) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a history");
    }
    trial_table_init(&history->names);
    base_arena_init(&history->arena, MAX_HISTORY_BYTES);
    *ret_history = history;
    return 0;
}

static void drop(const struct trial_event *event) {
    mock_stored_batch_unref(event->batch);
    trial_clean_unref_batches(event->clean);
}

void trial_history_free(struct trial_history *history) {
    if (!history) {
        return;
    }
    for (size_t i = 0; i < history->count; i++) {
        drop(&history->events[i]);
    }
    base_free(history->events);
    trial_table_clean_up(&history->names);
    base_arena_clean_up(&history->arena);
    base_free(history);
}

/* Replaces a borrowed string by the history's own. */
static int intern(struct trial_history *history, const char **text) {
    if (!*text) {
        return 0;
    }
    struct base_slice bytes = base_slice_str(*text);
    uint32_t number = trial_table_find(&history->names, 0, bytes);
    if (number == TRIAL_TABLE_NONE) {
        char *copy = base_arena_strndup(&history->arena, *text, bytes.len);
        if (!copy) {
            return history->arena.failed;
        }
        int rc = trial_table_intern(&history->names, 0, base_slice_of(copy, bytes.len), &number);
        if (rc) {
            return rc;
        }
    }
    *text = (const char *)history->names.entries[number].bytes.data;
    return 0;
}

static int own_strings(struct trial_history *history, struct trial_event *event) {
    const char **texts[] = {&event->actor, &event->topic,  &event->topic2, &event->type,
                            &event->group, &event->member, &event->text,   &event->text2};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        int rc = intern(history, texts[i]);
        if (rc) {
            return rc;
        }
    }
    event->key = base_arena_slice(&history->arena, event->key);
    event->value = base_arena_slice(&history->arena, event->value);
    event->clean = event->clean ? trial_clean_copy(event->clean, &history->arena) : NULL;
    return history->arena.failed;
}

int trial_history_add(struct trial_history *history, const struct trial_event *event,
                      struct base_error *err) {
    if (history->count >= BASE_MAX_HISTORY_EVENTS) {
        return base_fail(err, BASE_LIMIT, "the history is full: %u events (limit)",
                         BASE_MAX_HISTORY_EVENTS);
    }
    int rc = base_grow((void **)&history->events, &history->cap, history->count + 1,
                       sizeof(*history->events));
    struct trial_event own = *event;
    if (rc == 0) {
        rc = own_strings(history, &own);
    }
    if (rc) {
        return base_fail(err, rc, "the history cannot take another event: %s",
                         base_code_to_str(rc));
    }
    if (own.batch) {
        own.batch = mock_stored_batch_ref(own.batch);
    }
    trial_clean_ref_batches(own.clean);
    history->events[history->count++] = own;
    return 0;
}

/* The broker's events have their own numbers; names keep the two lists from drifting apart. */
static const enum trial_fact fact_of_mock[MOCK_EVENT_KIND_COUNT] = {
    [MOCK_EVENT_CONNECT] = TRIAL_FACT_CONNECT,     [MOCK_EVENT_DISCONNECT] = TRIAL_FACT_DISCONNECT,
    [MOCK_EVENT_RECV] = TRIAL_FACT_RECV,           [MOCK_EVENT_BEFORE] = TRIAL_FACT_BEFORE,
    [MOCK_EVENT_AFTER] = TRIAL_FACT_AFTER,         [MOCK_EVENT_SEND] = TRIAL_FACT_SEND,
    [MOCK_EVENT_APPEND] = TRIAL_FACT_APPEND,       [MOCK_EVENT_ACK] = TRIAL_FACT_ACK,
    [MOCK_EVENT_SERVE] = TRIAL_FACT_SERVE,         [MOCK_EVENT_COMMIT] = TRIAL_FACT_COMMIT,
    [MOCK_EVENT_COMMITTED] = TRIAL_FACT_COMMITTED, [MOCK_EVENT_GROUP] = TRIAL_FACT_GROUP,
    [MOCK_EVENT_TOPIC] = TRIAL_FACT_TOPIC,         [MOCK_EVENT_LEADER] = TRIAL_FACT_LEADER,
    [MOCK_EVENT_BROKER] = TRIAL_FACT_BROKER,       [MOCK_EVENT_CLOCK] = TRIAL_FACT_CLOCK,
    [MOCK_EVENT_FAULT] = TRIAL_FACT_FAULT,         [MOCK_EVENT_CLEAN] = TRIAL_FACT_CLEAN,
    [MOCK_EVENT_ROLL] = TRIAL_FACT_ROLL,           [MOCK_EVENT_TXN] = TRIAL_FACT_TXN,
    [MOCK_EVENT_MARKER] = TRIAL_FACT_MARKER,       [MOCK_EVENT_TRUNCATE] = TRIAL_FACT_TRUNCATE,
    [MOCK_EVENT_REPLICATE] = TRIAL_FACT_REPLICATE, [MOCK_EVENT_DENY] = TRIAL_FACT_DENY,
};

int trial_history_add_mock(struct trial_history *history, const struct mock_event *event,
                           struct base_error *err) {
    if ((unsigned)event->kind >= MOCK_EVENT_KIND_COUNT) {
        return base_fail(err, BASE_USAGE, "event %d of the broker is not known", (int)event->kind);
    }
    struct trial_event row = {
        .fact = fact_of_mock[event->kind],
        .incarnation = event->incarnation,
        .actor = event->actor,
        .connection = event->connection,
        .request = event->request,
        .broker = event->broker,
        .correlation_id = event->correlation_id,
        .api = event->api,
        .version = event->version,
        .error = event->error,
        .dropped = event->dropped,
        .idle = event->idle,
        .topic = event->topic,
        .partition = event->partition,
        .generation = event->generation,
        .offset = event->offset,
        .group = event->group,
        .member = event->member,
        .text = event->text,
        .batch = event->batch,
    };
    struct base_arena room;
    base_arena_init(&room, MAX_HISTORY_BYTES);
    int rc = 0;
    if (event->kind == MOCK_EVENT_CLEAN && event->clean) {
        row.clean = trial_clean_of_report(event->clean, &room);
        rc = room.failed ? base_fail(err, room.failed, "no memory for what a pass did") : 0;
    }
    rc = rc ? rc : trial_history_add(history, &row, err);
    base_arena_clean_up(&room);
    return rc;
}

size_t trial_history_count(const struct trial_history *history) {
    return history->count;
}

const struct trial_event *trial_history_at(const struct trial_history *history, size_t index) {
    return &history->events[index];
}

void trial_history_remove(struct trial_history *history, size_t index) {
    drop(&history->events[index]);
    memmove(&history->events[index], &history->events[index + 1],
            (history->count - index - 1) * sizeof(*history->events));
    history->count--;
}
