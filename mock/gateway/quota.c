/*
 * How many connections there may be at a time, and how long one may be idle: Kafka's
 * ConnectionQuotas and IdleExpiryManager, by the settings max.connections, max.connections.per.ip
 * and connections.max.idle.ms.
 */
#include <string.h>
#include <sys/resource.h>

#include "base/memory.h"
#include "mock/gateway/gateway.h"

/* Connections that come and go in crowds leave what they read and were sent in the allocator. */
#define GIVE_BACK_EVERY 256
#define CROWD 8
/* How long who comes while memory is out waits before it is looked for again. */
#define ACCEPT_AGAIN_MS 10
/* For what the process opens besides: pipes and files of actors, the mock cluster's sockets. */
#define SPARE_DESCRIPTORS 8

bool mock_quota_may_accept(struct mock_socket *socket) {
    struct mock_broker *broker = socket->listener->broker;
    socket->waits = broker->connection_count >= broker->settings.max_connections;
    return !socket->waits;
}

/* A place is free: for the first socket that waits. libuv looks at it again once it is accepted. */
static bool accept_next(struct mock_broker *broker) {
    for (struct mock_listener *l = broker->listeners; l; l = l->next) {
        for (int32_t i = 0; i < l->socket_count && !l->closing; i++) {
            struct mock_socket *socket = &l->sockets[i];
            if (socket->waits && socket->open && mock_quota_may_accept(socket)) {
                mock_connection_accept(socket);
                return !socket->waits;
            }
        }
    }
    return false;
}

static void accept_all(struct mock_broker *broker) {
    while (accept_next(broker)) {}
}

void mock_quota_wait(struct mock_socket *socket) {
    struct mock_broker *broker = socket->listener->broker;
    socket->waits = true;
    broker->accept_again_ms = mock_broker_now_ms(broker) + ACCEPT_AGAIN_MS;
    mock_broker_schedule(broker);
}

bool mock_quota_lacks_descriptors(const struct mock_connection *c) {
    struct rlimit limit;
    uv_os_fd_t fd;
    /* The system gives the lowest number that is free. */
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
           uv_fileno((const uv_handle_t *)&c->tcp, &fd) == 0 &&
           (rlim_t)fd + SPARE_DESCRIPTORS >= limit.rlim_cur;
}

static int64_t count_from(const struct mock_broker *broker, const char *host) {
    int64_t count = 0;
    for (const struct mock_connection *c = broker->idlest; c; c = c->busier) {
        count += strcmp(c->host, host) == 0;
    }
    return count;
}

/* -- the order of idleness -- */

static void append(struct mock_connection *c) {
    struct mock_broker *broker = c->broker;
    c->active_ms = mock_broker_now_ms(broker);
    c->idler = broker->busiest;
    c->busier = NULL;
    if (broker->busiest) {
        broker->busiest->busier = c;
    } else {
        broker->idlest = c;
    }
    broker->busiest = c;
}

static void unlink_from_order(struct mock_connection *c) {
    struct mock_broker *broker = c->broker;
    if (c->idler) {
        c->idler->busier = c->busier;
    } else {
        broker->idlest = c->busier;
    }
    if (c->busier) {
        c->busier->idler = c->idler;
    } else {
        broker->busiest = c->idler;
    }
}

bool mock_quota_enter(struct mock_connection *c) {
    struct mock_broker *broker = c->broker;
    bool first = broker->idlest == NULL;
    int64_t per_ip = broker->settings.max_connections_per_ip;
    if (per_ip < INT32_MAX && count_from(broker, c->host) >= per_ip) {
        return false;
    }
    append(c);
    c->counted = true;
    broker->connection_count++;
    if (broker->connection_count > broker->connections_peak) {
        broker->connections_peak = broker->connection_count;
    }
    if (first) {
        mock_broker_schedule(broker);
    }
    return true;
}

static void give_back(struct mock_broker *broker) {
    bool crowd_is_gone = broker->connections_peak >= CROWD &&
                         broker->connection_count <= broker->connections_peak / 4;
    if (++broker->connections_left >= GIVE_BACK_EVERY || crowd_is_gone) {
        broker->connections_left = 0;
        broker->connections_peak = broker->connection_count;
        base_memory_give_back();
    }
}

void mock_quota_leave(struct mock_connection *c) {
    if (!c->counted) {
        return;
    }
    c->counted = false;
    unlink_from_order(c);
    c->broker->connection_count--;
    give_back(c->broker);
    if (!c->broker->closing) {
        (void)accept_next(c->broker);
    }
}

void mock_quota_active(struct mock_connection *c) {
    if (!c->counted) {
        return;
    }
    if (c->busier) {
        unlink_from_order(c);
        append(c);
    } else {
        c->active_ms = mock_broker_now_ms(c->broker);
    }
}

/* -- idle connections -- */

static uint64_t idle_deadline(const struct mock_broker *broker) {
    int64_t max_idle_ms = broker->settings.connections_max_idle_ms;
    if (!broker->idlest || max_idle_ms < 0) {
        return UINT64_MAX;
    }
    return broker->idlest->active_ms + (uint64_t)max_idle_ms;
}

uint64_t mock_quota_next_deadline(const struct mock_broker *broker) {
    uint64_t idle = idle_deadline(broker);
    uint64_t again = broker->accept_again_ms ? broker->accept_again_ms : UINT64_MAX;
    return idle < again ? idle : again;
}

void mock_quota_expire(struct mock_broker *broker) {
    uint64_t now = mock_broker_now_ms(broker);
    while (idle_deadline(broker) <= now) {
        mock_connection_close(broker->idlest, false, "connections.max.idle.ms");
    }
    if (broker->accept_again_ms && broker->accept_again_ms <= now) {
        broker->accept_again_ms = 0;
        accept_all(broker);
    }
}
