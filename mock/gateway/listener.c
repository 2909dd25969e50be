/* Listeners: for one actor's incarnation (or for anybody) one socket for each broker. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/gateway.h"

#define BACKLOG 512

static void free_listener(struct mock_listener *l) {
    base_free(l->host);
    base_free(l->advertise);
    base_free(l->actor);
    base_free(l->sockets);
    base_free(l->bootstrap);
    mock_listener_close_tls(l);
    base_free(l);
}

static void on_socket_closed(uv_handle_t *handle) {
    struct mock_socket *socket = handle->data;
    struct mock_listener *l = socket->listener;
    struct mock_broker *broker = l->broker;
    if (--l->open_handles == 0) {
        free_listener(l);
    }
    mock_broker_handle_closed(broker);
}

static void on_connection(uv_stream_t *server, int status) {
    struct mock_socket *socket = server->data;
    if (status == 0 && mock_quota_may_accept(socket)) {
        mock_connection_accept(socket);
    }
}

static int open_socket(struct mock_listener *l, int32_t index, uint16_t port,
                       struct base_error *err) {
    struct mock_socket *s = &l->sockets[index];
    s->listener = l;
    s->node = index + 1;
    struct sockaddr_in address;
    if (uv_ip4_addr(l->host, port, &address) != 0) {
        return base_fail(err, BASE_USAGE, "'%s' is no IPv4 address to listen on", l->host);
    }
    uv_tcp_init(l->broker->loop, &s->tcp);
    s->tcp.data = s;
    s->open = true;
    l->open_handles++;
    l->broker->open_handles++;
    int rc = uv_tcp_bind(&s->tcp, (const struct sockaddr *)&address, 0);
    rc = rc ? rc : uv_listen((uv_stream_t *)&s->tcp, BACKLOG, on_connection);
    if (rc) {
        return base_fail(err, BASE_IO, "cannot listen on %s:%u: %s", l->host, port,
                         uv_strerror(rc));
    }
    int size = sizeof(address);
    uv_tcp_getsockname(&s->tcp, (struct sockaddr *)&address, &size);
    s->port = ntohs(address.sin_port);
    return 0;
}

static int name_bootstrap(struct mock_listener *l) {
    struct base_builder b;
    base_builder_init(&b, 64 * BASE_KIB);
    for (int32_t i = 0; i < l->socket_count; i++) {
        base_put_format(&b, "%s%s:%u", i ? "," : "", l->advertise, l->sockets[i].port);
    }
    base_put_u8(&b, 0);
    size_t len;
    l->bootstrap = (char *)base_builder_take(&b, &len);
    base_builder_clean_up(&b);
    return l->bootstrap ? 0 : BASE_NO_MEMORY;
}

static struct mock_listener *new_listener(struct mock_broker *broker,
                                          const struct mock_listener_options *options) {
    struct mock_listener *l = base_alloc_zero(sizeof(*l));
    if (!l) {
        return NULL;
    }
    l->broker = broker;
    l->incarnation = options->incarnation;
    l->security = options->security ? options->security : broker->settings.listener;
    l->socket_count = broker->settings.brokers;
    l->host = base_strdup(options->host);
    l->advertise = base_strdup(options->advertise ? options->advertise : options->host);
    l->actor = base_strdup(options->actor);
    l->sockets = base_alloc_array((size_t)l->socket_count, sizeof(*l->sockets));
    if (!l->host || !l->advertise || !l->sockets || (options->actor && !l->actor)) {
        free_listener(l);
        return NULL;
    }
    l->next = broker->listeners;
    if (l->next) {
        l->next->prev = l;
    }
    broker->listeners = l;
    return l;
}

int mock_listener_open(struct mock_broker *broker, const struct mock_listener_options *options,
                       struct mock_listener **ret_listener, struct base_error *err) {
    struct mock_listener *l = new_listener(broker, options);
    if (!l) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a listener");
    }
    int rc = mock_security_has_tls(l->security) ? mock_listener_open_tls(l, err) : 0;
    for (int32_t i = 0; i < l->socket_count && rc == 0; i++) {
        uint16_t port = options->port ? (uint16_t)(options->port + i) : 0;
        rc = open_socket(l, i, port, err);
    }
    rc = rc ? rc : name_bootstrap(l);
    if (rc < 0) {
        mock_listener_close(l);
        return rc;
    }
    *ret_listener = l;
    return 0;
}

const char *mock_listener_bootstrap(const struct mock_listener *listener) {
    return listener->bootstrap;
}

void mock_listener_freeze(struct mock_listener *listener) {
    for (struct mock_connection *c = listener->connections; c; c = c->next) {
        c->frozen = true;
        uv_read_stop((uv_stream_t *)&c->tcp);
        c->reading = false;
    }
    listener->closing = true; /* connections from now on are not accepted */
}

void mock_listener_close(struct mock_listener *l) {
    struct mock_broker *broker = l->broker;
    l->closing = true;
    while (l->connections) {
        mock_connection_close(l->connections, true, "killed");
    }
    if (l->prev) {
        l->prev->next = l->next;
    } else {
        broker->listeners = l->next;
    }
    if (l->next) {
        l->next->prev = l->prev;
    }
    if (l->open_handles == 0) {
        free_listener(l);
        return;
    }
    for (int32_t i = 0; i < l->socket_count; i++) {
        if (l->sockets[i].open) {
            l->sockets[i].open = false;
            uv_close((uv_handle_t *)&l->sockets[i].tcp, on_socket_closed);
        }
    }
}
