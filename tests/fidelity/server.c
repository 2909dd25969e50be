/* What answers a case: our broker or the bare mock cluster, in a child that dies with us. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "base/memory.h"
#include "fidelity.h"
#include "mock/cluster.h"
#include "mock/mock.h"

static void say_ports(int to, uint16_t plain, uint16_t sasl) {
    const uint16_t ports[2] = {plain, sasl};
    if (write(to, ports, sizeof(ports)) != (ssize_t)sizeof(ports)) {
        _exit(1);
    }
    close(to);
}

static void ignore_event(void *arg, const struct mock_event *event) {
    (void)arg;
    (void)event;
}

static int create_topic(struct mock_broker *broker, const struct fid_case *c, const char *topic,
                        struct base_error *err) {
    struct mock_topic_options options = MOCK_TOPIC_OPTIONS_INIT;
    options.partitions = c->partitions;
    for (size_t i = 0; i < c->config_count; i++) {
        int rc = mock_log_config_set(&options.log, c->configs[i].name, c->configs[i].value, err);
        if (rc != 0) {
            return rc;
        }
    }
    return c->no_topic ? 0 : mock_topic_create(broker, topic, &options, err);
}

/* Users and rights as kafka.sh gives them. */
#define SUPER_USERS "User:ANONYMOUS;User:admin"

static int open_sasl(struct mock_broker *broker, struct mock_listener **ret_listener,
                     struct base_error *err) {
    const struct mock_principal_options users[] = {{.name = "alice", .password = "alice-secret"},
                                                   {.name = "bob", .password = "bob-secret"}};
    struct mock_listener_options options = MOCK_LISTENER_OPTIONS_INIT;
    options.security = MOCK_SECURITY_SASL_PLAINTEXT;
    int rc = mock_principal_add(broker, &users[0], err);
    rc = rc ? rc : mock_principal_add(broker, &users[1], err);
    return rc ? rc : mock_listener_open(broker, &options, ret_listener, err);
}

static uint16_t port_of(const struct mock_listener *listener) {
    return (uint16_t)strtoul(strchr(mock_listener_bootstrap(listener), ':') + 1, NULL, 10);
}

/* -- a broker whose memory runs out -- */

struct ending {
    struct fid_memory *memory;
    struct mock_broker *broker;
    uv_check_t check;
    uv_signal_t signal;
};

static void tell(struct ending *ending) {
    if (base_memory_has_failed()) {
        atomic_store(&ending->memory->failed, true);
    }
}

static void on_check(uv_check_t *check) {
    tell(check->data);
}

static void end(uv_signal_t *handle, int number) {
    struct ending *ending = handle->data;
    (void)number;
    tell(ending);
    base_memory_fail_never();
    uv_close((uv_handle_t *)&ending->check, NULL);
    uv_close((uv_handle_t *)&ending->signal, NULL);
    mock_broker_close(ending->broker, false, NULL, NULL);
}

static void run_out(struct ending *ending, uv_loop_t *loop) {
    uv_check_init(loop, &ending->check);
    ending->check.data = ending;
    uv_check_start(&ending->check, on_check);
    uv_signal_init(loop, &ending->signal);
    ending->signal.data = ending;
    uv_signal_start(&ending->signal, end, SIGUSR1);
    base_memory_fail_after(ending->memory->fails_at, 0);
}

/* The mock cluster's own record is left to the exiting process. */
#define LEFT_ALLOCATIONS 1

static int serve_ours(int to, const struct fid_case *c, const char *topic,
                      struct fid_memory *memory) {
    int64_t before = base_memory_live_count();
    struct ending ending = {.memory = memory};
    struct base_error err = BASE_ERROR_INIT;
    uv_loop_t loop;
    uv_loop_init(&loop);
    struct mock_settings settings;
    mock_settings_init(&settings);
    settings.brokers = 1;
    struct mock_host host = {.event = ignore_event};
    struct mock_broker *broker = NULL;
    struct mock_listener *listener = NULL;
    struct mock_listener *sasl = NULL;
    struct mock_listener_options options = MOCK_LISTENER_OPTIONS_INIT;
    int rc = c->logins ? mock_settings_set(&settings, "super.users", SUPER_USERS, &err) : 0;
    for (size_t i = 0; i < c->setting_count && rc == 0; i++) {
        rc = mock_settings_set(&settings, c->settings[i].name, c->settings[i].value, &err);
    }
    if (rc != 0 || mock_broker_new(&loop, &settings, &host, &broker, &err) != 0 ||
        create_topic(broker, c, topic, &err) != 0 ||
        mock_listener_open(broker, &options, &listener, &err) != 0) {
        fprintf(stderr, "the broker does not start: %s\n", err.text);
        return 1;
    }
    if (c->logins && open_sasl(broker, &sasl, &err) != 0) {
        fprintf(stderr, "no listener with SASL: %s\n", err.text);
        return 1;
    }
    if (memory) {
        ending.broker = broker;
        run_out(&ending, &loop);
    }
    say_ports(to, port_of(listener), sasl ? port_of(sasl) : 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    if (memory) {
        atomic_store(&memory->left, (int)(base_memory_live_count() - before - LEFT_ALLOCATIONS));
    }
    return 0;
}

static int serve_bare(int to, const struct fid_case *c, const char *topic) {
    struct base_error err = BASE_ERROR_INIT;
    struct mock_cluster *cluster = NULL;
    if (mock_cluster_new(1, &cluster, &err) != 0 ||
        (!c->no_topic && mock_cluster_create_topic(cluster, topic, c->partitions, &err) != 0)) {
        fprintf(stderr, "the bare mock cluster does not start: %s\n", err.text);
        return 1;
    }
    /* Its assertions may fail: that is an answer, and needs no core and no words. */
    if (!freopen("/dev/null", "w", stderr)) {
        return 1;
    }
    say_ports(to, mock_cluster_port(cluster, 1), 0);
    for (;;) {
        pause(); /* until the parent kills it, or dies */
    }
}

static int look_up_oracle(struct fid_server *server, const char *oracle) {
    const char *colon = strrchr(oracle, ':');
    server->port = colon ? (uint16_t)strtoul(colon + 1, NULL, 10) : 0;
    if (server->port == 0 || (size_t)(colon - oracle) >= sizeof(server->host)) {
        fprintf(stderr, "KTRIAL_ORACLE is HOST:PORT, not '%s'\n", oracle);
        return -1;
    }
    (void)snprintf(server->host, sizeof(server->host), "%.*s", (int)(colon - oracle), oracle);
    const char *sasl = getenv("KTRIAL_ORACLE_SASL");
    colon = sasl ? strrchr(sasl, ':') : NULL;
    server->sasl_port = colon ? (uint16_t)strtoul(colon + 1, NULL, 10) : 0;
    return 0;
}

int fid_server_start(struct fid_server *server, enum fid_target target, const char *oracle,
                     const struct fid_case *c, const char *topic, struct fid_memory *memory) {
    *server = (struct fid_server){.host = "127.0.0.1", .memory = memory};
    if (target == FID_ORACLE) {
        return look_up_oracle(server, oracle);
    }
    int ends[2];
    if (pipe(ends) != 0) {
        perror("pipe");
        return -1;
    }
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ends[0]);
        if (getppid() != parent) {
            _exit(1);
        }
        _exit(target == FID_OURS ? serve_ours(ends[1], c, topic, memory)
                                 : serve_bare(ends[1], c, topic));
    }
    close(ends[1]);
    uint16_t ports[2] = {0, 0};
    ssize_t n = read(ends[0], ports, sizeof(ports));
    close(ends[0]);
    server->pid = child;
    server->port = ports[0];
    server->sasl_port = ports[1];
    if (child < 0 || n != (ssize_t)sizeof(ports)) {
        fid_server_stop(server);
        return -1;
    }
    return 0;
}

bool fid_server_lives(struct fid_server *server) {
    if (server->pid > 0 && waitpid(server->pid, NULL, WNOHANG) == server->pid) {
        server->pid = 0;
        return false;
    }
    return true;
}

bool fid_server_end(struct fid_server *server) {
    int status = 0;
    if (server->pid <= 0 || kill(server->pid, SIGUSR1) != 0 ||
        waitpid(server->pid, &status, 0) != server->pid) {
        return false;
    }
    server->pid = 0;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void fid_server_stop(struct fid_server *server) {
    if (server->pid > 0) {
        kill(server->pid, SIGKILL);
        waitpid(server->pid, NULL, 0);
    }
    server->pid = 0;
}
