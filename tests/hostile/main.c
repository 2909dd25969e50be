/* The program: one attack, then whether the broker lives, serves, and what it grew by. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/limits.h"
#include "hostile.h"

static const char *const usage =
    "usage: hostile [OPTIONS] frames|connections|slow|login|tls GOLDEN CAPTURED\n"
    "\n"
    "Attacks a broker while a polite client produces and fetches, and fails if the broker ends,\n"
    "does not serve the polite client, or grows by more than 16 MiB.\n"
    "\n"
    "  frames       malformed, truncated, mutated and oversized frames\n"
    "  connections  connections dropped at every stage of a request\n"
    "  slow         peers that never read, or send byte by byte\n"
    "  login        logins that no client would try, at a listener with SASL\n"
    "  tls          bytes that are no TLS, before and within a handshake\n"
    "  GOLDEN CAPTURED  good requests to begin with (tests/mock/wire/*.txt)\n"
    "\n"
    "  -n N         so many frames or connections; 10000\n"
    "  -s SEED      of chance; 1\n"
    "  --at PORT    a broker on 127.0.0.1 instead of a child\n"
    "  --pid PID    whose memory is looked at, with --at\n"
    "\n"
    "Exit status: 0 the broker stood it, 1 it did not, 64 usage.\n";

static const struct {
    const char *name;
    int (*attack)(struct hostile_attack *attack);
    size_t log_bytes; /* appended first, and not counted as growth */
} attacks[] = {
    {"frames", hostile_frames, 0},
    {"connections", hostile_connections, 0},
    {"slow", hostile_slow, (size_t)8 * BASE_MIB},
    {"login", hostile_login, 0},
    {"tls", hostile_tls, 0},
};

static int run(struct hostile_attack *attack, size_t which) {
    int rc = hostile_polite_trip(attack->polite);
    rc = rc ? rc : hostile_polite_fill(attack->polite, attacks[which].log_bytes);
    uint64_t before = hostile_server_resident_bytes(attack->server);
    rc = rc ? rc : attacks[which].attack(attack);
    rc = rc ? rc : hostile_polite_trip(attack->polite);
    uint64_t after = hostile_server_resident_bytes(attack->server);
    bool lives = hostile_server_lives(attack->server);
    double growth = ((double)after - (double)before) / BASE_MIB;
    uint64_t seen = hostile_server_seen(attack->server);
    if (seen != UINT64_MAX) {
        printf("%llu frames were read\n", (unsigned long long)seen);
    }
    printf("%s: %llu, %llu polite round trips, %.1f MiB resident before, %+.1f MiB: %s\n",
           attacks[which].name, (unsigned long long)attack->count,
           (unsigned long long)attack->polite->trips, (double)before / BASE_MIB, growth,
           rc || !lives ? "FAILED" : "stood");
    if (growth * BASE_MIB > HOSTILE_MAX_GROWTH_BYTES) {
        fprintf(stderr, "grew by more than %u MiB\n", HOSTILE_MAX_GROWTH_BYTES / BASE_MIB);
        rc = -1;
    }
    return rc || !lives ? 1 : 0;
}

static void allow_descriptors(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static int prepare_and_run(struct hostile_server *server, struct hostile_attack *attack,
                           size_t which, char **files) {
    struct hostile_seeds seeds = {0};
    struct hostile_polite polite = {.fd = -1};
    attack->server = server;
    attack->polite = &polite;
    attack->seeds = &seeds;
    int rc = server->port ? 0 : hostile_server_start(server);
    rc = rc ? rc : hostile_seeds_read(&seeds, files[0], files[1]);
    rc = rc ? rc : hostile_seeds_add_bombs(&seeds);
    rc = rc ? rc : hostile_polite_open(&polite, server);
    rc = rc ? 1 : run(attack, which);
    hostile_polite_close(&polite);
    hostile_seeds_free(&seeds);
    hostile_server_stop(server);
    return rc;
}

int main(int argc, char **argv) {
    static const struct option longs[] = {
        {"at", required_argument, NULL, 'a'},
        {"pid", required_argument, NULL, 'p'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct hostile_server server = {0};
    struct hostile_attack attack = {.count = 10000, .chance = {1}};
    int option;
    while ((option = getopt_long(argc, argv, "n:s:h", longs, NULL)) != -1) {
        switch (option) {
        case 'n':
            attack.count = strtoull(optarg, NULL, 10);
            break;
        case 's':
            attack.chance.state = strtoull(optarg, NULL, 10);
            break;
        case 'a':
            server.port = (uint16_t)strtoul(optarg, NULL, 10);
            break;
        case 'p':
            server.pid = (pid_t)strtol(optarg, NULL, 10);
            break;
        default:
            fputs(usage, option == 'h' ? stdout : stderr);
            return option == 'h' ? 0 : 64;
        }
    }
    for (size_t i = 0; argc - optind == 3 && i < sizeof(attacks) / sizeof(attacks[0]); i++) {
        if (strcmp(argv[optind], attacks[i].name) == 0) {
            allow_descriptors();
            return prepare_and_run(&server, &attack, i, argv + optind + 1);
        }
    }
    fputs(usage, stderr);
    return 64;
}
