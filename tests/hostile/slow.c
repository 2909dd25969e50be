/* Peers that take or give bytes so slowly that a broker might keep too much for them. */
#include <stdio.h>

#include "base/limits.h"
#include "hostile.h"
#include "mock/wire/api.h"
#include "mock/wire/fetch.h"
#include "mock/wire/header.h"

#define READERS 8
#define FETCHES 200
#define LOG_BYTES ((size_t)8 * BASE_MIB)
#define FETCH_VERSION 11

static void put_frame(struct base_builder *b) {
    size_t slot = base_put_slot_u32(b);
    struct mock_request_header header = {MOCK_API_FETCH, FETCH_VERSION, 1,
                                         base_slice_str("never-reads")};
    struct mock_fetch_partition partition = {.index = 0,
                                             .current_leader_epoch = -1,
                                             .last_fetched_epoch = -1,
                                             .log_start_offset = -1,
                                             .max_bytes = (int32_t)BASE_MIB};
    struct mock_fetch_topic topic = {
        .name = base_slice_str("polite"), .partitions = &partition, .partition_count = 1};
    struct mock_fetch_request request = {.replica_id = -1,
                                         .max_wait_ms = 1000,
                                         .max_bytes = (int32_t)BASE_MIB,
                                         .session_epoch = -1,
                                         .topics = &topic,
                                         .topic_count = 1,
                                         .rack_id = base_slice_str("")};
    mock_request_header_encode(b, &header);
    mock_fetch_request_encode(b, FETCH_VERSION, &request);
    base_patch_length(b, slot);
}

/* Readers ask for 1.6 GB together and take nothing. */
static int never_read(struct hostile_attack *attack, struct base_slice fetch) {
    int fds[READERS];
    int rc = 0;
    size_t open = 0;
    for (; open < READERS && rc == 0; open++) {
        fds[open] = hostile_connect(attack->server);
        rc = fds[open] < 0 ? -1 : 0;
        for (int i = 0; rc == 0 && i < FETCHES && hostile_send(fds[open], fetch); i++) {}
        rc = rc ? rc : hostile_polite_trip(attack->polite);
    }
    /* Whatever is kept for them is kept now. */
    uint64_t now = hostile_server_resident_bytes(attack->server);
    printf("  %d readers that take nothing: %.1f MiB resident\n", READERS, (double)now / BASE_MIB);
    for (size_t i = 0; i < open; i++) {
        hostile_close(fds[i], false);
    }
    return rc ? rc : hostile_polite_trip(attack->polite);
}

/* A request in single bytes, each a polite round trip apart. */
static int give_bytes(struct hostile_attack *attack, struct base_slice fetch) {
    int fd = hostile_connect(attack->server);
    int rc = fd < 0 ? -1 : 0;
    for (size_t i = 0; i < fetch.len && rc == 0; i++) {
        rc = hostile_send(fd, base_slice_of(fetch.data + i, 1)) ? 0 : -1;
        rc = rc ? rc : hostile_polite_trip(attack->polite);
    }
    if (rc == 0 && !hostile_drain(fd)) {
        fprintf(stderr, "a request that came in single bytes was not answered\n");
        rc = -1;
    }
    if (fd >= 0) {
        hostile_close(fd, false);
    }
    return rc;
}

int hostile_slow(struct hostile_attack *attack) {
    struct base_builder fetch;
    base_builder_init(&fetch, BASE_KIB);
    put_frame(&fetch);
    int rc = never_read(attack, base_builder_slice(&fetch));
    rc = rc ? rc : give_bytes(attack, base_builder_slice(&fetch));
    base_builder_clean_up(&fetch);
    return rc;
}
