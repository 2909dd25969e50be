/* Connections that are opened and dropped at every stage of a request, hundreds at a time. */
#include <stdio.h>
#include <sys/socket.h>

#include "base/limits.h"
#include "hostile.h"

#define AT_A_TIME 500

/* How far a connection gets before it is dropped. */
enum stage {
    STAGE_CONNECTED,
    STAGE_IN_LENGTH,
    STAGE_IN_REQUEST,
    STAGE_SENT,      /* a whole request, nothing read */
    STAGE_PIPELINED, /* many */
    STAGE_ANSWERED,  /* as sent, and what came meanwhile is read */
    STAGE_HALF_OPEN, /* as sent, and the sending side shut */
    STAGE_COUNT
};

static bool send_seed(struct hostile_attack *attack, int fd, size_t part_of) {
    struct base_slice seed =
        attack->seeds->all[hostile_below(&attack->chance, attack->seeds->count)].frame;
    struct base_builder b;
    base_builder_init(&b, BASE_MAX_FRAME_BYTES + BASE_MIB);
    size_t slot = base_put_slot_u32(&b);
    base_put_slice(&b, seed);
    base_patch_length(&b, slot);
    size_t len = part_of ? hostile_below(&attack->chance, b.len) : b.len;
    bool sent = hostile_send(fd, base_slice_of(b.data, len));
    base_builder_clean_up(&b);
    return sent;
}

static void go_to(struct hostile_attack *attack, int fd, enum stage stage) {
    switch (stage) {
    case STAGE_CONNECTED:
    case STAGE_COUNT:
        return;
    case STAGE_IN_LENGTH:
        (void)hostile_send(fd, base_slice_of("\0\0", 1 + hostile_below(&attack->chance, 2)));
        return;
    case STAGE_IN_REQUEST:
        (void)send_seed(attack, fd, 1);
        return;
    case STAGE_PIPELINED:
        for (int i = 0; i < 20 && send_seed(attack, fd, 0); i++) {}
        return;
    case STAGE_SENT:
    case STAGE_ANSWERED:
    case STAGE_HALF_OPEN:
        (void)send_seed(attack, fd, 0);
        if (stage == STAGE_HALF_OPEN) {
            shutdown(fd, SHUT_WR);
        }
    }
}

static int wave(struct hostile_attack *attack, uint64_t from, size_t count) {
    static int fds[AT_A_TIME];
    int rc = 0;
    size_t open = 0;
    for (; open < count && rc == 0; open++) {
        fds[open] = hostile_connect(attack->server);
        if (fds[open] < 0) {
            rc = -1;
            break;
        }
        go_to(attack, fds[open], (enum stage)((from + open) % STAGE_COUNT));
        rc = open % 100 == 0 ? hostile_polite_trip(attack->polite) : 0;
    }
    for (size_t i = 0; i < open; i++) {
        if ((from + i) % STAGE_COUNT == STAGE_ANSWERED) {
            (void)hostile_drain(fds[i]);
        }
        hostile_close(fds[i], hostile_below(&attack->chance, 2) == 0);
    }
    return rc;
}

int hostile_connections(struct hostile_attack *attack) {
    int before = hostile_server_descriptors(attack->server);
    int rc = 0;
    for (uint64_t n = 0; n < attack->count && rc == 0; n += AT_A_TIME) {
        uint64_t left = attack->count - n;
        rc = wave(attack, n, left < AT_A_TIME ? (size_t)left : AT_A_TIME);
    }
    /* The broker learns of the last ones in its own time; polite trips are the pace. */
    int after = before;
    for (int trips = 0; rc == 0 && trips < 10000; trips++) {
        after = hostile_server_descriptors(attack->server);
        if (after <= before) {
            return 0;
        }
        rc = hostile_polite_trip(attack->polite);
    }
    if (rc == 0) {
        fprintf(stderr, "%d descriptors are open, %d were before\n", after, before);
    }
    return -1;
}
