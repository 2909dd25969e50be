/* Mutated frames on many connections, and a polite round trip between them. */
#include <stdio.h>

#include "base/limits.h"
#include "hostile.h"

#define CROWD 32
/* At least so many trips; what they append is no growth that frames caused. */
#define TRIPS 200
#define MAX_FRAMES_OF_ONE 20

struct member {
    int fd;
    size_t sent;
};

static bool seat(struct hostile_attack *attack, struct member *m) {
    if (m->fd >= 0 && (m->sent >= MAX_FRAMES_OF_ONE || !hostile_drain(m->fd))) {
        hostile_close(m->fd, hostile_below(&attack->chance, 2) == 0);
        m->fd = -1;
    }
    if (m->fd < 0) {
        m->fd = hostile_connect(attack->server);
        m->sent = 0;
    }
    return m->fd >= 0;
}

static int attack_once(struct hostile_attack *attack, struct member *m,
                       struct base_builder *frame) {
    if (!seat(attack, m)) {
        return -1;
    }
    hostile_mutate(&attack->chance, attack->seeds, frame);
    m->sent++;
    if (!hostile_send(m->fd, base_builder_slice(frame))) {
        hostile_close(m->fd, false);
        m->fd = -1;
    }
    return 0;
}

/* What is sent on a connection that ends is not always read: it goes on until enough was. */
static bool goes_on(const struct hostile_attack *attack, uint64_t sent) {
    return sent < attack->count || hostile_server_seen(attack->server) < attack->count;
}

int hostile_frames(struct hostile_attack *attack) {
    struct member crowd[CROWD];
    struct base_builder frame;
    int rc = 0;
    for (size_t i = 0; i < CROWD; i++) {
        crowd[i].fd = -1;
    }
    base_builder_init(&frame, BASE_MAX_FRAME_BYTES + BASE_MIB);
    for (uint64_t n = 0; goes_on(attack, n) && rc == 0; n++) {
        rc = attack_once(attack, &crowd[n % CROWD], &frame);
        if (rc == 0 && n % (attack->count / TRIPS + 1) == 0) {
            rc = hostile_polite_trip(attack->polite);
        }
        if (rc < 0) {
            fprintf(stderr, "at frame %llu\n", (unsigned long long)n);
        }
    }
    for (size_t i = 0; i < CROWD; i++) {
        if (crowd[i].fd >= 0) {
            hostile_close(crowd[i].fd, false);
        }
    }
    base_builder_clean_up(&frame);
    return rc;
}
