/* The broker under attack: a forked process that dies with its parent; and what can be seen of it.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "hostile.h"
#include "mock/mock.h"

/* Frames that the broker has read, whatever it did with them. */
static void count_frame(void *arg, const struct mock_event *event) {
    bool bad = event->kind == MOCK_EVENT_DISCONNECT &&
               (strcmp(event->text, "malformed frame") == 0 ||
                strcmp(event->text, "frame too large") == 0 ||
                strcmp(event->text, "malformed request header") == 0);
    if (bad || event->kind == MOCK_EVENT_RECV) {
        atomic_fetch_add_explicit((atomic_uint_fast64_t *)arg, 1, memory_order_relaxed);
    }
}

static int open_with(struct mock_broker *broker, enum mock_security_protocol security,
                     struct mock_listener **ret_listener, struct base_error *err) {
    struct mock_listener_options options = MOCK_LISTENER_OPTIONS_INIT;
    options.security = security;
    return mock_listener_open(broker, &options, ret_listener, err);
}

static const char *port_of(const struct mock_listener *listener) {
    return strrchr(mock_listener_bootstrap(listener), ':') + 1;
}

static int serve(int to, atomic_uint_fast64_t *seen) {
    struct base_error err = BASE_ERROR_INIT;
    uv_loop_t loop;
    uv_loop_init(&loop);
    (void)signal(SIGPIPE, SIG_IGN); /* as every program that owns a broker: mock.h */
    struct mock_settings settings;
    mock_settings_init(&settings);
    settings.brokers = 1;
    struct mock_host host = {.arg = seen, .event = count_frame};
    struct mock_broker *broker = NULL;
    struct mock_listener *listener = NULL;
    struct mock_listener *login = NULL;
    struct mock_listener *tls = NULL;
    struct mock_principal_options alice = {.name = "alice", .password = HOSTILE_PASSWORD};
    struct mock_listener_options options = MOCK_LISTENER_OPTIONS_INIT;
    struct mock_topic_options topic = MOCK_TOPIC_OPTIONS_INIT;
    if (mock_broker_new(&loop, &settings, &host, &broker, &err) != 0 ||
        mock_topic_create(broker, "polite", &topic, &err) != 0 ||
        mock_principal_add(broker, &alice, &err) != 0 ||
        mock_listener_open(broker, &options, &listener, &err) != 0 ||
        open_with(broker, MOCK_SECURITY_SASL_PLAINTEXT, &login, &err) != 0 ||
        open_with(broker, MOCK_SECURITY_SASL_SSL, &tls, &err) != 0) {
        fprintf(stderr, "the broker does not start: %s\n", err.text);
        return 1;
    }
    char ports[64];
    (void)snprintf(ports, sizeof(ports), "%s %s %s", port_of(listener), port_of(login),
                   port_of(tls));
    if (write(to, ports, strlen(ports)) != (ssize_t)strlen(ports)) {
        return 1;
    }
    close(to);
    uv_run(&loop, UV_RUN_DEFAULT);
    return 0;
}

int hostile_server_start(struct hostile_server *server) {
    int ends[2];
    if (pipe(ends) != 0) {
        perror("pipe");
        return -1;
    }
    void *shared = mmap(NULL, sizeof(*server->seen), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        perror("mmap");
        return -1;
    }
    server->seen = shared;
    pid_t parent = getpid();
    server->pid = fork();
    if (server->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ends[0]);
        _exit(getppid() == parent ? serve(ends[1], server->seen) : 1);
    }
    close(ends[1]);
    char text[64] = "";
    ssize_t got = server->pid < 0 ? -1 : read(ends[0], text, sizeof(text) - 1);
    close(ends[0]);
    server->ours = true;
    char *at = text;
    server->port = got > 0 ? (uint16_t)strtoul(at, &at, 10) : 0;
    server->login_port = (uint16_t)strtoul(at, &at, 10);
    server->tls_port = (uint16_t)strtoul(at, &at, 10);
    if (server->port == 0) {
        fprintf(stderr, "the broker did not start\n");
        return -1;
    }
    return 0;
}

void hostile_server_stop(struct hostile_server *server) {
    if (server->ours && server->pid > 0) {
        kill(server->pid, SIGKILL);
        waitpid(server->pid, NULL, 0);
    }
}

uint64_t hostile_server_seen(const struct hostile_server *server) {
    return server->seen ? atomic_load(server->seen) : UINT64_MAX;
}

bool hostile_server_lives(const struct hostile_server *server) {
    int status = 0;
    if (!server->ours) {
        return server->pid <= 0 || kill(server->pid, 0) == 0;
    }
    if (waitpid(server->pid, &status, WNOHANG) == 0) {
        return true;
    }
    fprintf(stderr, "the broker has ended: %s %d\n", WIFSIGNALED(status) ? "signal" : "status",
            WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    return false;
}

uint64_t hostile_server_resident_bytes(const struct hostile_server *server) {
    char path[64];
    unsigned long long pages = 0;
    (void)snprintf(path, sizeof(path), "/proc/%d/statm", (int)server->pid);
    FILE *file = server->pid > 0 ? fopen(path, "r") : NULL;
    if (file && fscanf(file, "%*u %llu", &pages) != 1) {
        pages = 0;
    }
    if (file) {
        fclose(file);
    }
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

int hostile_server_descriptors(const struct hostile_server *server) {
    char path[64];
    (void)snprintf(path, sizeof(path), "/proc/%d/fd", (int)server->pid);
    DIR *folder = server->pid > 0 ? opendir(path) : NULL;
    int count = 0;
    while (folder && readdir(folder)) {
        count++;
    }
    if (folder) {
        closedir(folder);
    }
    return folder ? count : -1;
}
