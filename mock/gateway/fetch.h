/*
 * What the files of Fetch share (handle_fetch.c: decode, apply, refuse; fetch_session.c: the
 * session that the request is in; fetch_answer.c: what can be served, and the answer; fetch_park.c:
 * waiting for records). Nobody else includes this.
 */
#pragma once
#include "mock/gateway/handlers.h"
#include "mock/session/session.h"

struct mock_served {
    struct mock_topic *topic;
    int32_t partition;
    int64_t asked;
    struct mock_stored_batch **batches; /* referenced */
    size_t count;
    struct mock_stored_batch *cut; /* referenced: of the next one there is a part; NULL: none */
};

/* Of the arena. u.fetch lists all that is asked for: in a session not what the request names. */
struct mock_fetch_work {
    /* The request's own lists. */
    struct mock_fetch_topic *named;
    size_t named_count;
    bool viewed;                  /* u.fetch was completed from the session */
    struct mock_session *session; /* referenced; NULL: a full request, or one without a session */
    struct mock_served *served;   /* one for each partition */
    size_t count;
};

/* -- fetch_session.c -- */
/* Completes u.fetch from the session, as it would be; nothing is changed. */
int mock_fetch_session_look(struct mock_request *r);
/* Finds the session and makes the request's changes. Returns 0, Kafka's error that is then the
 * whole answer, or BASE_NO_MEMORY in *ret_failed. */
int16_t mock_fetch_session_enter(struct mock_request *r, int *ret_failed);
/* Makes the session that a full request asks for, and leaves out of the answer what did not change
 * since the one before. Fills in the session's id. */
int16_t mock_fetch_session_leave(struct mock_request *r, struct mock_fetch_response *response);
/* Names for ids, where there is such a topic. */
void mock_fetch_name_topics(struct mock_request *r);

/* -- fetch_answer.c -- */
/* Is there something to say now: an error of a partition that was read, MinBytes of records, or
 * nothing to wait for? */
bool mock_fetch_is_ready(const struct mock_request *r);
/* Answers. */
void mock_fetch_serve(struct mock_request *r);
/* An answer that has nothing but this error. */
void mock_fetch_answer_error(struct mock_request *r, int16_t error, int32_t session_id);

/* -- fetch_park.c -- */
/* Waits for records, no longer than max_wait_ms. */
void mock_fetch_park(struct mock_request *r);
void mock_fetch_unpark(struct mock_request *r);
/* Where its reader stands, for those who ask. */
void mock_fetch_note_position(struct mock_request *r, bool waiting);
