/*
 * A client that speaks the protocol byte by byte: one connection to one broker of a listener.
 * Requests may be sent without reading answers; answers come in order.
 */
#pragma once
#include "base/arena.h"
#include "mock/wire/frame.h"
#include "rig.h"

#define PEER_MAX_SENT 2048

struct peer {
    int fd;
    bool closed; /* the broker closed it */
    bool reset;  /* with an RST */
    struct mock_frame_splitter splitter;
    struct base_arena arena; /* of the last answer */
    struct base_builder out; /* the request that is being made */
    size_t slot;
    struct {
        int16_t api, version;
        int32_t correlation_id;
    } sent[PEER_MAX_SENT];
    size_t sent_count, taken_count;
    int32_t next_correlation_id;
    int32_t correlation_id; /* of the last answer */
};

/* "name" is the client id, and so the actor, unless the listener has one. */
void peer_open(struct peer *p, struct mock_listener *listener, int32_t node);
void peer_close(struct peer *p);
/* As a process that is killed: with an RST. */
void peer_abort(struct peer *p);

/* Starts a request; the caller encodes the body; peer_send sends it. */
struct base_builder *peer_request(struct peer *p, int16_t api, int16_t version);
void peer_send(struct peer *p);
/* Sends bytes as they are. */
void peer_send_bytes(struct peer *p, const void *bytes, size_t len);
/* For requests without an answer (acks=0), and those whose answer a fault takes: not waited for. */
void peer_expect_nothing(struct peer *p);

/* Waits for the answer to the oldest unanswered request: true, and the body; false: closed instead.
 */
bool peer_await(struct peer *p, struct base_reader *ret_body);
/* Waits for the next frame, whatever it is. */
bool peer_await_frame(struct peer *p, struct base_slice *ret_frame);
/* Waits until the broker has closed the connection; false: it sent something more. */
bool peer_await_close(struct peer *p);
/* Is there a byte of an answer now? To be asked after something later was seen to be answered. */
bool peer_has_bytes(struct peer *p);
