/* The broker as a whole: making it, closing it, its clock, its timer, and telling its owner. */
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "mock/gateway/gateway.h"
#include "mock/gateway/txn.h"

uint64_t mock_broker_now_ms(const struct mock_broker *broker) {
    return base_clock_monotonic_ns() / 1000000u;
}

int64_t mock_clock_ms(const struct mock_broker *broker) {
    return base_clock_wall_ms() + broker->clock_offset_ms;
}

void mock_clock_advance(struct mock_broker *broker, int64_t ms) {
    broker->clock_offset_ms += ms;
    mock_broker_emit(broker,
                     &(struct mock_event){.kind = MOCK_EVENT_CLOCK, .offset = ms, .api = -1});
    mock_clock_moved(broker, ms);
}

/* What must happen after something changed: held faults may go on, the owner's conditions may hold.
 * Done from the loop, so that nobody is called back from within a call. What that changes in turn
 * is looked at in the next turn, which the idle handle brings about. */
static void look(struct mock_broker *broker) {
    broker->changed = false;
    mock_faults_poll(broker);
    if (broker->host.changed) {
        broker->host.changed(broker->host.arg);
    }
    mock_broker_schedule(broker);
}

static void on_idle(uv_idle_t *idle) {
    uv_idle_stop(idle);
}

/* Before the loop waits: everything that has come to pass in this turn is looked at and sent. */
static void on_prepare(uv_prepare_t *prepare) {
    struct mock_broker *broker = prepare->data;
    if (broker->closing) {
        return;
    }
    mock_graves_sweep(broker, false);
    if (broker->changed) {
        look(broker);
    }
    mock_nodes_flush(broker);
    mock_connections_flush(broker);
    if (broker->changed) {
        uv_idle_start(&broker->idle, on_idle);
    }
}

void mock_broker_touch(struct mock_broker *broker) {
    broker->changed = true;
}

void mock_conditions_changed(struct mock_broker *broker) {
    mock_broker_touch(broker);
}

void mock_broker_emit(struct mock_broker *broker, const struct mock_event *event) {
    broker->host.event(broker->host.arg, event);
    mock_broker_touch(broker);
}

/* -- what happens at its time -- */

static void expire_groups(struct mock_broker *broker) {
    mock_groups_tick(broker->groups, (int64_t)mock_broker_now_ms(broker));
}

static uint64_t groups_due(const struct mock_broker *broker) {
    int64_t due = mock_groups_next_due_ms(broker->groups);
    return due == INT64_MAX ? UINT64_MAX : (uint64_t)due;
}

static void expire_txns(struct mock_broker *broker) {
    mock_txns_tick(broker->txns, mock_txn_now(broker));
}

static uint64_t txns_due(const struct mock_broker *broker) {
    int64_t due = mock_txns_next_due_ms(broker->txns);
    return due == INT64_MAX ? UINT64_MAX : (uint64_t)due;
}

/* Each room that waits for a time: what it does then, and when that is (UINT64_MAX: never). */
static const struct {
    void (*expire)(struct mock_broker *broker);
    uint64_t (*next_due)(const struct mock_broker *broker);
} timed[] = {
    {mock_fetch_expire, mock_fetch_next_deadline},
    {mock_produce_expire, mock_produce_next_deadline},
    {mock_quota_expire, mock_quota_next_deadline},
    {expire_groups, groups_due},
    {expire_txns, txns_due},
    {mock_faults_poll, mock_faults_next_due},
};
#define TIMED_COUNT (sizeof(timed) / sizeof(timed[0]))

static void on_timer(uv_timer_t *timer) {
    struct mock_broker *broker = timer->data;
    for (size_t i = 0; i < TIMED_COUNT && !broker->closing; i++) {
        timed[i].expire(broker);
    }
    mock_broker_schedule(broker);
}

void mock_broker_schedule(struct mock_broker *broker) {
    if (broker->closing) {
        return;
    }
    uint64_t due = UINT64_MAX;
    for (size_t i = 0; i < TIMED_COUNT; i++) {
        uint64_t next = timed[i].next_due(broker);
        due = next < due ? next : due;
    }
    if (due == UINT64_MAX) {
        uv_timer_stop(&broker->timer);
        return;
    }
    uint64_t now = mock_broker_now_ms(broker);
    /* Never 0: libuv would run it again before it looks at any socket. */
    uv_timer_start(&broker->timer, on_timer, due > now ? due - now : 1, 0);
}

static int open_groups(struct mock_broker *broker, struct base_error *err) {
    struct mock_groups_options options = MOCK_GROUPS_OPTIONS_INIT;
    options.initial_rebalance_delay_ms = broker->settings.group_initial_rebalance_delay_ms;
    options.min_session_timeout_ms = (int32_t)broker->settings.group_min_session_timeout_ms;
    options.max_session_timeout_ms = (int32_t)broker->settings.group_max_session_timeout_ms;
    options.max_members = (size_t)broker->settings.group_max_size;
    options.consumer_session_timeout_ms = broker->settings.consumer_session_timeout_ms;
    options.consumer_heartbeat_interval_ms = broker->settings.consumer_heartbeat_interval_ms;
    options.consumer_assignment_interval_ms = broker->settings.consumer_assignment_interval_ms;
    options.max_consumers = (size_t)broker->settings.consumer_max_size;
    options.consumer_assignors = broker->settings.consumer_assignors;
    options.migration = broker->settings.migration;
    struct mock_groups_host host = mock_group_host_functions;
    host.arg = broker;
    return mock_groups_new(&options, &host, &broker->groups, err);
}

static void free_broker(struct mock_broker *broker) {
    mock_faults_free(broker);
    mock_groups_free(broker->groups);
    mock_topics_free(broker);
    mock_txns_free(broker->txns);
    for (int type = 0; type < MOCK_COORDINATED_TYPES; type++) {
        struct mock_coordinated *c, *next;
        HASH_ITER(hh, broker->coordinated[type], c, next) {
            HASH_DEL(broker->coordinated[type], c);
            base_free(c->key);
            base_free(c);
        }
    }
    mock_parked_actors_free(broker);
    mock_acls_clean_up(&broker->acls);
    mock_users_clean_up(&broker->users);
    mock_broker_tls_clean_up(broker);
    base_free(broker->nodes);
    base_free(broker);
}

int mock_broker_new(struct uv_loop_s *loop, const struct mock_settings *settings,
                    const struct mock_host *host, struct mock_broker **ret_broker,
                    struct base_error *err) {
    struct mock_broker *broker = base_alloc_zero(sizeof(*broker));
    if (!broker) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for the broker");
    }
    broker->loop = loop;
    broker->settings = *settings;
    broker->host = *host;
    broker->authorizes = settings->has_authorizer || settings->super_users[0];
    broker->log_budget.max_bytes = settings->log_max_bytes;
    int rc = mock_cluster_new(settings->brokers, &broker->cluster, err);
    rc = rc < 0 ? rc : open_groups(broker, err);
    rc = rc < 0 ? rc : mock_txn_open(broker, err);
    rc = rc < 0 ? rc : mock_nodes_open(broker, err);
    if (rc < 0) {
        mock_cluster_free(broker->cluster);
        free_broker(broker);
        return rc;
    }
    uv_timer_init(loop, &broker->timer);
    uv_idle_init(loop, &broker->idle);
    uv_prepare_init(loop, &broker->prepare);
    broker->timer.data = broker;
    broker->idle.data = broker;
    broker->prepare.data = broker;
    uv_prepare_start(&broker->prepare, on_prepare);
    broker->open_handles += 3;
    *ret_broker = broker;
    return 0;
}

/* -- closing: listeners and connections, nodes, own handles, then the mock cluster -- */

static void finish_close(struct mock_broker *broker) {
    void (*closed)(void *arg) = broker->closed;
    void *arg = broker->closed_arg;
    free_broker(broker);
    if (closed) {
        closed(arg);
    }
}

struct destroy_work {
    uv_work_t work;
    struct mock_broker *broker;
    struct mock_cluster *cluster;
};

static void destroy_cluster(uv_work_t *work) {
    struct destroy_work *w = work->data;
    mock_cluster_free(w->cluster);
}

static void cluster_destroyed(uv_work_t *work, int status) {
    struct destroy_work *w = work->data;
    struct mock_broker *broker = w->broker;
    base_free(w);
    finish_close(broker);
}

void mock_broker_handle_closed(struct mock_broker *broker) {
    broker->open_handles--;
    if (broker->open_handles > 0) {
        return;
    }
    struct destroy_work *w = broker->keep_process ? base_alloc_zero(sizeof(*w)) : NULL;
    if (!w) {
        mock_cluster_leave(broker->cluster);
        finish_close(broker);
        return;
    }
    w->work.data = w;
    w->broker = broker;
    w->cluster = broker->cluster;
    uv_queue_work(broker->loop, &w->work, destroy_cluster, cluster_destroyed);
}

static void on_own_handle_closed(uv_handle_t *handle) {
    mock_broker_handle_closed(handle->data);
}

void mock_broker_close(struct mock_broker *broker, bool keep_process, void (*closed)(void *arg),
                       void *arg) {
    broker->closing = true;
    broker->keep_process = keep_process;
    broker->closed = closed;
    broker->closed_arg = arg;
    mock_faults_heal(broker);
    /* Upstream first: what the mock cluster still has is then answered as failed, and no request
     * outlives its connection. */
    mock_nodes_close(broker);
    while (broker->listeners) {
        mock_listener_close(broker->listeners);
    }
    uv_close((uv_handle_t *)&broker->timer, on_own_handle_closed);
    uv_close((uv_handle_t *)&broker->idle, on_own_handle_closed);
    uv_close((uv_handle_t *)&broker->prepare, on_own_handle_closed);
}

const struct mock_groups *mock_broker_groups(const struct mock_broker *broker) {
    return broker->groups;
}

int mock_cluster_errors(struct mock_broker *broker, int16_t api, const int16_t *errors,
                        size_t count, struct base_error *err) {
    if (api != MOCK_API_PRODUCE && api != MOCK_API_FIND_COORDINATOR &&
        api != MOCK_API_INIT_PRODUCER_ID) {
        return base_fail(err, BASE_UNSUPPORTED, "the mock cluster decides no errors of %s",
                         mock_api_to_str(api));
    }
    mock_cluster_push_errors(broker->cluster, api, errors, count);
    return 0;
}
