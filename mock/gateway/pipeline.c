/*
 * The path of a request, from frame to bytes: see gateway.h for its stages. No other file decides
 * when a request is decoded, applied or answered.
 */
#include "mock/gateway/gateway.h"

#include <string.h>

#include "base/memory.h"
#include "mock/wire/api_versions.h"

/* -- events -- */

static bool is_idle(const struct mock_request *r) {
    return r->header.api_key == MOCK_API_HEARTBEAT ||
           (r->header.api_key == MOCK_API_CONSUMER_GROUP_HEARTBEAT && !r->assigns &&
            !r->owns_partitions) ||
           (r->header.api_key == MOCK_API_FETCH && !r->carries);
}

void mock_request_event(const struct mock_request *r, enum mock_event_kind kind,
                        struct mock_event *ret_event) {
    const struct mock_connection *c = r->connection;
    *ret_event = (struct mock_event){
        .kind = kind,
        .actor = c->actor,
        .incarnation = c->incarnation,
        .connection = c->id,
        .request = r->id,
        .broker = c->node,
        .api = r->header.api_key,
        .version = r->header.api_version,
        .correlation_id = r->header.correlation_id,
        .idle = is_idle(r),
    };
}

static void emit(const struct mock_request *r, enum mock_event_kind kind) {
    struct mock_event event;
    mock_request_event(r, kind, &event);
    event.size_bytes = kind == MOCK_EVENT_RECV ? r->frame_len : mock_request_answer_bytes(r);
    mock_broker_emit(r->connection->broker, &event);
}

/* -- a request's life -- */

static struct mock_request *new_request(struct mock_connection *c, struct base_slice frame,
                                        const struct mock_request_header *header) {
    struct mock_request *r = base_alloc_zero(sizeof(*r));
    uint8_t *taken = r ? mock_frame_splitter_take(&c->splitter, frame) : NULL;
    uint8_t *memory = taken ? taken : base_memdup(frame.data, frame.len);
    if (!r || !memory) {
        base_free(r);
        base_free(memory);
        return NULL;
    }
    r->connection = c;
    r->id = ++c->broker->next_request;
    c->broker->requests_alive++;
    r->memory = memory;
    r->frame = taken ? frame.data : memory;
    r->frame_len = frame.len;
    r->header = *header;
    r->header.client_id = BASE_SLICE_NULL; /* it points into the caller's frame */
    base_arena_init(&r->arena, BASE_MAX_DECODE_BYTES);
    base_builder_init(&r->answer, BASE_MAX_UNSENT_BYTES);
    return r;
}

void mock_request_free(struct mock_request *r) {
    if (r->firing) {
        mock_firing_request_gone(r->firing);
    }
    if (r->handler && r->handler->clean_up) {
        r->handler->clean_up(r);
    }
    base_arena_clean_up(&r->arena);
    base_builder_clean_up(&r->answer);
    mock_borrowed_free(r->borrowed);
    r->connection->broker->requests_alive--;
    mock_graves_leave(r->connection->broker, r->id);
    base_free(r->memory);
    base_free(r);
}

static void unlink_request(struct mock_request *r) {
    struct mock_connection *c = r->connection;
    struct mock_request **at = &c->head;
    struct mock_request *before = NULL;
    while (*at && *at != r) {
        before = *at;
        at = &(*at)->next;
    }
    if (!*at) {
        return;
    }
    *at = r->next;
    if (c->tail == r) {
        c->tail = before;
    }
    c->request_count--;
    c->read_ahead_bytes -= r->frame_len;
}

void mock_request_drop(struct mock_request *r, bool finish) {
    if (r->upstream_calls > 0) {
        r->orphan = true; /* mock_request_finish comes when the mock cluster has answered */
        r->discard = !finish;
        return;
    }
    if (r->stage == MOCK_STAGE_ANSWERED && !r->applied && finish) {
        r->orphan = true; /* accepted by the mock cluster: applied next */
        return;
    }
    unlink_request(r);
    mock_request_free(r);
}

bool mock_request_abandoned(struct mock_request *r) {
    if (!r->orphan) {
        return false;
    }
    if (r->upstream_calls == 0) {
        struct mock_connection *c = r->connection;
        unlink_request(r);
        mock_request_free(r);
        mock_connection_release(c);
    }
    return true;
}

static int name_client(struct mock_connection *c, struct base_slice client_id) {
    if (!c->client_id) {
        c->client_id = base_strndup((const char *)client_id.data, client_id.len);
    }
    if (!c->actor && c->client_id) {
        c->actor = base_strdup(c->client_id); /* nobody's own listener: named by its client id */
    }
    return c->actor && c->client_id ? 0 : BASE_NO_MEMORY;
}

void mock_pipeline_receive(struct mock_connection *c, struct base_slice frame) {
    struct base_reader reader = base_reader_of(frame);
    struct mock_request_header header = {.api_key = MOCK_API_SASL_AUTHENTICATE};
    struct mock_request *r = NULL;
    bool bare = mock_login_takes_bare(c);
    bool read = bare || mock_request_header_decode(&reader, &header) == 0;
    if (read && (bare || name_client(c, header.client_id) == 0)) {
        r = new_request(c, frame, &header);
    }
    if (!r) {
        mock_connection_close(c, false, read ? "no memory" : "malformed request header");
        return;
    }
    r->bare = bare;
    r->api = mock_api_find(header.api_key);
    r->handler = mock_handler_find(header.api_key);
    if (c->tail) {
        c->tail->next = r;
    } else {
        c->head = r;
    }
    c->tail = r;
    c->request_count++;
    c->read_ahead_bytes += r->frame_len;
    emit(r, MOCK_EVENT_RECV);
}

/* -- begin: decode, BEFORE, faults, apply -- */

static bool version_is_served(const struct mock_request *r) {
    return r->handler && r->api && mock_api_has_version(r->api, r->header.api_version) &&
           r->header.api_version <= r->handler->max_version;
}

/* A version of ApiVersions that we do not know is answered in the v0 format with the one range, so
 * that the client can come down; anything else unknown closes the connection (SocketServer). */
static void refuse_version(struct mock_request *r) {
    if (r->header.api_key != MOCK_API_API_VERSIONS) {
        mock_request_fail(r, "unsupported api or version");
        return;
    }
    size_t slot = base_put_slot_u32(&r->answer);
    mock_response_header_encode(&r->answer, MOCK_API_API_VERSIONS, 0, r->header.correlation_id);
    mock_api_versions_unsupported_encode(&r->answer, 0, r->handler->max_version);
    base_patch_length(&r->answer, slot);
    emit(r, MOCK_EVENT_BEFORE);
    r->applied = true;
    r->error = MOCK_ERROR_UNSUPPORTED_VERSION;
    r->stage = MOCK_STAGE_READY;
}

static void apply(struct mock_request *r) {
    r->stage = MOCK_STAGE_WAITING;
    r->handler->apply(r);
}

/* Applies it, unless a fault on its own kind takes it: once, also when one on revoke had it before.
 */
static void offer(struct mock_request *r) {
    bool first = !r->offered && !r->firing;
    r->offered = true;
    if (!first || !mock_faults_take(r, r->handler->trigger)) {
        apply(r);
    }
}

static void begin(struct mock_request *r) {
    if (!mock_login_admits(r)) {
        return;
    }
    if (!version_is_served(r)) {
        refuse_version(r);
        return;
    }
    struct base_reader body = base_reader_of(base_slice_of(r->frame, r->frame_len));
    struct mock_request_header header = r->header;
    if ((!r->bare && mock_request_header_decode(&body, &header) < 0) ||
        r->handler->decode(r, &body) < 0) {
        bool no_memory = r->arena.failed == BASE_NO_MEMORY;
        mock_request_fail(r, no_memory ? "no memory" : "malformed request");
        return;
    }
    r->header.client_id = header.client_id;
    r->decoded = true;
    emit(r, MOCK_EVENT_BEFORE);
    if (mock_login_refuses(r)) {
        return;
    }
    r->stage = MOCK_STAGE_HELD_BEFORE;
    if (!r->owns_partitions || !mock_faults_take(r, MOCK_ON_REVOKE)) {
        offer(r);
    }
}

void mock_request_fail(struct mock_request *r, const char *why) {
    mock_connection_close(r->connection, false, why);
}

/* -- apply and answer -- */

struct base_builder *mock_request_answer(struct mock_request *r) {
    mock_borrowed_free(r->borrowed);
    r->borrowed = NULL;
    struct base_builder *b = &r->answer;
    base_builder_reset(b);
    (void)base_put_slot_u32(b);
    if (!r->bare) {
        mock_response_header_encode(b, r->header.api_key, r->header.api_version,
                                    r->header.correlation_id);
    }
    b->failed = b->failed ? b->failed : r->arena.failed; /* nothing to make an answer of */
    return b;
}

void mock_request_waits(struct mock_request *r) {
    r->stage = MOCK_STAGE_WAITING;
}

/* Which faults look at an answer. */
static bool take_after(struct mock_request *r) {
    if (r->firing) {
        return false;
    }
    if (r->header.api_key == MOCK_API_PRODUCE && mock_faults_take(r, MOCK_ON_APPEND)) {
        return true;
    }
    if (r->carries && mock_faults_take(r, MOCK_ON_DELIVER)) {
        return true;
    }
    return r->assigns && mock_faults_take(r, MOCK_ON_ASSIGN);
}

size_t mock_request_answer_bytes(const struct mock_request *r) {
    return r->answer.len + (r->borrowed ? r->borrowed->bytes : 0);
}

void mock_request_answered(struct mock_request *r, int16_t first_error) {
    r->error = first_error;
    base_patch_u32(&r->answer, 0, (uint32_t)(mock_request_answer_bytes(r) - sizeof(uint32_t)));
    r->applied = true;
    if (r->orphan) {
        unlink_request(r);
        struct mock_connection *c = r->connection;
        mock_request_free(r);
        mock_connection_release(c);
        return;
    }
    emit(r, MOCK_EVENT_AFTER);
    r->stage = MOCK_STAGE_HELD_AFTER;
    if (r->firing) {
        mock_firing_applied(r);
    } else if (!take_after(r)) {
        r->stage = MOCK_STAGE_READY;
        mock_pipeline_pump(r->connection);
    }
}

void mock_request_finish(struct mock_request *r) {
    if (r->discard && mock_request_abandoned(r)) {
        return;
    }
    r->stage = MOCK_STAGE_ANSWERED;
    mock_pipeline_pump(r->connection);
}

void mock_request_refuse(struct mock_request *r, int16_t error) {
    r->handler->refuse(r, error);
    r->error = error;
    base_patch_length(&r->answer, 0);
    r->applied = true;
    r->stage = MOCK_STAGE_READY;
    mock_pipeline_pump(r->connection);
}

void mock_request_proceed(struct mock_request *r) {
    if (r->fate == MOCK_FATE_DROP_REQUEST) {
        struct mock_connection *c = r->connection;
        mock_request_drop(r, false);
        mock_pipeline_pump(c);
    } else if (r->applied) {
        r->stage = MOCK_STAGE_READY;
        mock_pipeline_pump(r->connection);
    } else {
        struct mock_connection *c = r->connection;
        offer(r);
        mock_pipeline_pump(c);
    }
}

/* -- send -- */

static void emit_send(struct mock_request *r, bool dropped) {
    if (r->header.api_key == MOCK_API_PRODUCE) {
        mock_produce_sent(r, dropped);
    } else if (r->header.api_key == MOCK_API_FETCH) {
        mock_fetch_sent(r, dropped);
    }
    struct mock_event event;
    mock_request_event(r, MOCK_EVENT_SEND, &event);
    event.dropped = dropped;
    event.error = r->error;
    event.size_bytes = dropped ? 0 : mock_request_answer_bytes(r);
    mock_broker_emit(r->connection->broker, &event);
}

void mock_request_sent_nothing(struct mock_request *r) {
    emit_send(r, true);
}

/* Whoever cuts the answer up, repeats or encrypts it needs it in one piece. */
static int make_whole(struct mock_request *r) {
    bool is_whole = !r->borrowed || (r->fate != MOCK_FATE_DUPLICATE && r->fate != MOCK_FATE_CUT &&
                                     r->fate != MOCK_FATE_SLICE && !r->connection->tls);
    if (is_whole) {
        return 0;
    }
    int rc = mock_borrowed_fill(r->borrowed, &r->answer);
    mock_borrowed_free(r->borrowed);
    r->borrowed = NULL;
    return rc;
}

static void send_bytes(struct mock_request *r) {
    struct mock_connection *c = r->connection;
    if (make_whole(r) < 0) {
        mock_connection_close(c, false, "no memory");
        return;
    }
    size_t len = 0;
    uint8_t *again = NULL;
    if (r->fate == MOCK_FATE_DUPLICATE) {
        again = base_memdup(r->answer.data, r->answer.len);
    }
    size_t full = r->answer.len;
    uint8_t *data = base_builder_take(&r->answer, &len);
    if (!data) {
        base_free(again);
        mock_connection_close(c, false, "no memory");
        return;
    }
    switch (r->fate) {
    case MOCK_FATE_CUT:
        len = (uint64_t)r->fate_number < len ? (size_t)r->fate_number : len;
        c->close_after_writes = true;
        mock_connection_write(c, data, len);
        return;
    case MOCK_FATE_SLICE:
        mock_connection_write_slices(c, data, len, (size_t)r->fate_number);
        return;
    case MOCK_FATE_DUPLICATE:
        mock_connection_write(c, data, len);
        if (again) {
            mock_connection_write(c, again, full);
        }
        return;
    default:
        if (!r->borrowed) {
            mock_connection_write(c, data, len);
            return;
        }
        struct mock_borrowed *borrowed = r->borrowed;
        r->borrowed = NULL;
        mock_connection_write_borrowed(c, data, len, borrowed);
    }
}

static void send_head(struct mock_connection *c) {
    struct mock_request *r = c->head;
    bool dropped = r->silent || r->fate == MOCK_FATE_DROP_RESPONSE;
    if (r->fate == MOCK_FATE_APPLY_ERROR) {
        r->handler->refuse(r, r->fate_error);
        r->error = r->fate_error;
        base_patch_length(&r->answer, 0);
    }
    if (!dropped && (r->answer.failed || r->arena.failed)) {
        /* The answer is not whole: what the arena could not hold was left out of it. */
        bool no_memory = r->answer.failed == BASE_NO_MEMORY || r->arena.failed == BASE_NO_MEMORY;
        mock_connection_close(c, false, no_memory ? "no memory" : "answer too large");
        return;
    }
    emit_send(r, dropped);
    if (r->silent && r->error) {
        /* Nobody is told with acks=0, so Kafka ends the connection. */
        mock_connection_close(c, false, "acks=0 refused");
        return;
    }
    c->close_after_writes = c->close_after_writes || r->last;
    c->close_reason = r->last ? "login failed" : c->close_reason;
    c->frozen = c->frozen || r->last;
    if (!dropped) {
        send_bytes(r);
    } else if (r->last) {
        mock_connection_close(c, false, c->close_reason);
    }
    if (c->closing) {
        return; /* the request went with the connection's queue */
    }
    unlink_request(r);
    mock_request_free(r);
}

/* -- the pump: everything that can go on, goes on -- */

/* Begins what may be begun: the head, and Produce requests behind forwarded Produce requests that
 * no fault has in hand. Returns whether anything was. */
static bool begin_some(struct mock_connection *c) {
    if (c->unsent_bytes + c->answers.len > BASE_UNSENT_PAUSE_BYTES) {
        c->paused = true; /* goes on when the peer has taken some: on_written, or the flush */
        return false;
    }
    for (struct mock_request *r = c->head; r; r = r->next) {
        if (r->stage == MOCK_STAGE_QUEUED) {
            begin(r);
            return true;
        }
        bool ahead = r->header.api_key == MOCK_API_PRODUCE && r->next &&
                     r->next->header.api_key == MOCK_API_PRODUCE && !r->firing &&
                     r->stage != MOCK_STAGE_HELD_BEFORE && r->stage != MOCK_STAGE_HELD_AFTER;
        if (!ahead) {
            return false;
        }
    }
    return false;
}

static bool step(struct mock_connection *c) {
    struct mock_request *head = c->head;
    if (head && head->stage == MOCK_STAGE_ANSWERED) {
        head->handler->finish(head);
        return true;
    }
    if (c->frozen || c->closing) {
        return false;
    }
    if (head && head->stage == MOCK_STAGE_READY) {
        send_head(c);
        return true;
    }
    return begin_some(c);
}

void mock_pipeline_pump(struct mock_connection *c) {
    if (c->pumping) {
        return;
    }
    c->pumping = true;
    while (step(c) || mock_connection_next_frames(c)) {}
    c->pumping = false;
    if (!c->closing && !c->frozen) {
        if (c->eof && !c->head) {
            mock_connection_close(c, false, "closed by peer");
        } else {
            mock_connection_read_more(c);
        }
    }
    mock_connection_release(c);
}
