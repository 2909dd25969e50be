/* Tests of frames, versions and connections: what is refused, and that nothing is left behind. */
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "base/memory.h"
#include "mock/wire/api_versions.h"
#include "suites.h"

static void ask_versions(struct peer *p, int16_t version) {
    struct mock_api_versions_request request = {
        .client_software_name = base_slice_str("test"),
        .client_software_version = base_slice_str("1"),
        .node_id = -1,
    };
    struct base_builder *b = peer_request(p, MOCK_API_API_VERSIONS, version);
    mock_api_versions_request_encode(b, version, &request);
    peer_send(p);
}

static void api_versions_are_answered_in_every_version(void) {
    struct peer p;
    peer_open(&p, rig.listener, 1);
    for (int16_t version = 0; version <= 5; version++) {
        struct base_reader body;
        struct mock_api_versions_response said = {0};
        ask_versions(&p, version);
        if (!T_TRUE(peer_await(&p, &body))) {
            break;
        }
        T_EQUAL_INT(mock_api_versions_response_decode(&body, version, &p.arena, &said), 0);
        T_EQUAL_INT(said.error_code, 0);
        T_TRUE(said.range_count >= 13);
        for (size_t i = 0; i < said.range_count; i++) {
            const struct mock_api_range *range = &said.ranges[i];
            const struct mock_api_info *api = mock_api_find(range->api_key);
            /* Produce is told from 0 on, for librdkafka's sake (KAFKA-18659). */
            T_TRUE(api &&
                   (range->api_key == MOCK_API_PRODUCE ? range->min_version == 0
                                                       : range->min_version >= api->min_version));
            T_TRUE(api && range->max_version <= api->max_version);
            T_TRUE(i == 0 || said.ranges[i - 1].api_key < range->api_key);
        }
    }
    peer_close(&p);
}

static void an_unknown_version_of_api_versions_is_answered_35_in_the_v0_form(void) {
    struct peer p;
    struct base_slice frame;
    peer_open(&p, rig.listener, 1);
    struct base_builder *b = peer_request(&p, MOCK_API_API_VERSIONS, 4);
    base_put_bytes(b, "whatever a later version has", 28);
    memcpy(b->data + 6, "\x00\x63", 2); /* version 99 */
    peer_send(&p);
    if (T_TRUE(peer_await_frame(&p, &frame))) {
        static const uint8_t expected[] = {
            0, 0,  0, 0, /* correlation id, header v0 */
            0, 35,       /* UNSUPPORTED_VERSION */
            0, 0,  0, 1, /* one range */
            0, 18, 0, 0, 0, 5,
        };
        T_EQUAL_BYTES(frame.data, frame.len, expected, sizeof(expected));
    }
    peer_expect_nothing(&p);
    T_TRUE(is_alive(&p)); /* and the client may come down */
    peer_close(&p);
}

/* The connection closes, another one lives on. */
static void closes_only_itself(struct peer *bad) {
    struct peer good;
    peer_open(&good, rig.listener, 1);
    T_TRUE(is_alive(&good));
    T_TRUE(peer_await_close(bad));
    T_TRUE(is_alive(&good));
    T_EQUAL_INT(rig_count(MOCK_EVENT_DISCONNECT, -1), 1);
    peer_close(bad);
    peer_close(&good);
}

static void an_unknown_api_closes_the_connection(void) {
    struct peer p;
    peer_open(&p, rig.listener, 1);
    (void)peer_request(&p, 77, 0);
    peer_send(&p);
    closes_only_itself(&p);
}

static void an_api_that_is_known_but_not_served_closes_the_connection(void) {
    struct peer p;
    peer_open(&p, rig.listener, 1);
    (void)peer_request(&p, MOCK_API_DESCRIBE_GROUPS, 0);
    peer_send(&p);
    closes_only_itself(&p);
}

static void a_version_that_is_not_served_closes_the_connection(void) {
    struct peer p;
    peer_open(&p, rig.listener, 1);
    (void)peer_request(&p, MOCK_API_METADATA, 10);
    peer_send(&p);
    closes_only_itself(&p);
}

static void a_malformed_body_closes_only_its_connection(void) {
    struct peer p;
    peer_open(&p, rig.listener, 1);
    struct base_builder *b = peer_request(&p, MOCK_API_METADATA, 1);
    base_put_i32(b, 1000000); /* topics that do not follow */
    peer_send(&p);
    closes_only_itself(&p);
    T_EQUAL_STR(rig_event(MOCK_EVENT_DISCONNECT, -1, 0)->text, "malformed request");
}

/* Kafka does not look for them. */
static void bytes_after_the_body_are_ignored(void) {
    struct peer p;
    struct base_reader body;
    peer_open(&p, rig.listener, 1);
    struct base_builder *b = peer_request(&p, MOCK_API_API_VERSIONS, 0);
    base_put_u8(b, 7);
    peer_send(&p);
    T_TRUE(peer_await(&p, &body));
    T_TRUE(is_alive(&p));
    peer_close(&p);
}

static void a_frame_too_short_for_its_header_closes_the_connection(void) {
    struct peer p;
    peer_open(&p, rig.listener, 1);
    peer_send_bytes(&p, "\0\0\0\5\0\22\0\0\0", 9);
    closes_only_itself(&p);
    T_EQUAL_STR(rig_event(MOCK_EVENT_DISCONNECT, -1, 0)->text, "malformed request header");
}

static void a_negative_length_closes_the_connection(void) {
    struct peer p;
    peer_open(&p, rig.listener, 1);
    peer_send_bytes(&p, "\377\377\377\377", 4);
    closes_only_itself(&p);
    T_EQUAL_STR(rig_event(MOCK_EVENT_DISCONNECT, -1, 0)->text, "malformed frame");
}

static void an_oversized_frame_is_refused_before_it_is_read(void) {
    struct peer p;
    peer_open(&p, rig.listener, 1);
    peer_send_bytes(&p, "\x7f\xff\xff\xff", 4); /* 2 GiB announced, nothing sent */
    closes_only_itself(&p);
    T_EQUAL_STR(rig_event(MOCK_EVENT_DISCONNECT, -1, 0)->text, "frame too large");
}

static void a_request_in_single_bytes_is_answered(void) {
    struct peer p;
    peer_open(&p, rig.listener, 1);
    struct mock_api_versions_request request = {.node_id = -1};
    struct mock_api_versions_response said = {0};
    struct base_reader body;
    mock_api_versions_request_encode(peer_request(&p, MOCK_API_API_VERSIONS, 0), 0, &request);
    base_patch_length(&p.out, p.slot);
    for (size_t i = 0; i < p.out.len; i++) {
        peer_send_bytes(&p, p.out.data + i, 1);
        uv_run(&rig.loop, UV_RUN_NOWAIT);
    }
    T_TRUE(peer_await(&p, &body) &&
           mock_api_versions_response_decode(&body, 0, &p.arena, &said) == 0);
    peer_close(&p);
}

static void a_request_is_told_at_its_four_hooks_and_names_its_client(void) {
    struct peer p;
    peer_open(&p, rig.listener, 2);
    T_TRUE(is_alive(&p));
    static const enum mock_event_kind kinds[] = {MOCK_EVENT_RECV, MOCK_EVENT_BEFORE,
                                                 MOCK_EVENT_AFTER, MOCK_EVENT_SEND};
    T_EQUAL_INT(rig.events[0].kind, MOCK_EVENT_CONNECT);
    for (size_t i = 0; i < 4; i++) {
        const struct rig_event *e = &rig.events[i + 1];
        T_EQUAL_INT(e->kind, kinds[i]);
        T_EQUAL_STR(e->actor, "peer");
        T_EQUAL_INT(e->broker, 2);
        T_EQUAL_INT(e->api, MOCK_API_API_VERSIONS);
        T_EQUAL_INT(e->request, rig.events[1].request);
    }
    peer_close(&p);
    RIG_UNTIL(rig_count(MOCK_EVENT_DISCONNECT, -1) == 1);
}

/* -- connections that end at every stage of a request -- */

enum stage { AT_BYTE, AT_FORWARDED, AT_HELD, AT_PARKED, AT_JOIN, AT_ANSWERED, STAGES };

static void end_at(enum stage stage, const char *topic, size_t n) {
    struct peer p;
    peer_open(&p, rig.listener, 1);
    struct base_slice batch = BATCH(.count = 1);
    switch (stage) {
    case AT_BYTE: /* cut after n bytes of a produce */
    case AT_FORWARDED:
        ask_produce(&p, -1, topic, 0, batch);
        break;
    case AT_HELD:
        ask_commit(&p, "held", NULL, topic, 0, 1);
        break;
    case AT_PARKED:
        ask_fetch(&p, topic, 0, mock_partition_end(rig.broker, topic, 0),
                  &(const struct fetch_options){.max_wait_ms = FOREVER_MS, .min_bytes = 1 << 20});
        break;
    case AT_JOIN:
        ask_join(&p, "stages", "", topic);
        break;
    default:
        (void)describe(&p, topic);
    }
    /* n steps of the broker, then the end: graceful and not. */
    for (size_t i = 0; i < n % 7; i++) {
        uv_run(&rig.loop, UV_RUN_NOWAIT);
    }
    if (n % 2) {
        peer_abort(&p);
    } else {
        peer_close(&p);
    }
}

static void cut_after(size_t bytes, const char *topic) {
    struct peer p;
    struct peer source;
    peer_open(&p, rig.listener, 1);
    peer_open(&source, rig.listener, 1);
    struct mock_api_versions_request request = {.node_id = -1};
    mock_api_versions_request_encode(peer_request(&source, MOCK_API_API_VERSIONS, 0), 0, &request);
    base_patch_length(&source.out, source.slot);
    peer_send_bytes(&p, source.out.data, bytes % (source.out.len + 1));
    uv_run(&rig.loop, UV_RUN_NOWAIT);
    peer_abort(&p);
    peer_close(&source);
}

static void connections_dropped_at_every_stage_leave_nothing_behind(void) {
    const char *topic = rig_topic(1, false);
    static bool never;
    RIG_ARM(rig_on(MOCK_ON_COMMIT), MOCK_TIMES_ALWAYS, {.kind = MOCK_DO_HOLD, .until = &never});
    rig.counts_only = true;
    for (size_t n = 0; n < 1000; n++) {
        if (n % STAGES == AT_BYTE) {
            cut_after(n, topic);
        } else {
            end_at(n % STAGES, topic, n / STAGES);
        }
    }
    RIG_UNTIL(rig.counts[MOCK_EVENT_CONNECT] >= 1000);
    mock_faults_heal(
        rig.broker); /* what is held keeps its connection, also when the peer is gone */
    RIG_UNTIL(rig.counts[MOCK_EVENT_CONNECT] == rig.counts[MOCK_EVENT_DISCONNECT]);
    T_TRUE(mock_is_quiet(rig.broker));
    T_TRUE(!mock_actor_is_held(rig.broker, NULL));
    T_EQUAL_INT(mock_actor_inflight(rig.broker, "peer"), 0);
    rig.counts_only = false;
    struct peer p;
    peer_open(&p, rig.listener, 1);
    T_TRUE(is_alive(&p)); /* memory and handles are counted when the suite ends */
    peer_close(&p);
}

static void a_listener_that_closes_resets_its_connections_only(void) {
    struct mock_listener *other = rig_listen("b", 1);
    struct peer a, b;
    peer_open(&a, rig.listener, 1);
    peer_open(&b, other, 1);
    T_TRUE(is_alive(&a) && is_alive(&b));
    mock_listener_close(other);
    T_TRUE(peer_await_close(&b));
    T_TRUE(b.reset);
    T_TRUE(is_alive(&a));
    peer_close(&a);
    peer_close(&b);
}

CU_SuiteInfo *suite_mock_gateway_frames(void) {
    static CU_TestInfo tests[] = {
        {"api_versions_are_answered_in_every_version", api_versions_are_answered_in_every_version},
        {"an_unknown_version_of_api_versions_is_answered_35_in_the_v0_form",
         an_unknown_version_of_api_versions_is_answered_35_in_the_v0_form},
        {"an_unknown_api_closes_the_connection", an_unknown_api_closes_the_connection},
        {"an_api_that_is_known_but_not_served_closes_the_connection",
         an_api_that_is_known_but_not_served_closes_the_connection},
        {"a_version_that_is_not_served_closes_the_connection",
         a_version_that_is_not_served_closes_the_connection},
        {"a_malformed_body_closes_only_its_connection",
         a_malformed_body_closes_only_its_connection},
        {"bytes_after_the_body_are_ignored", bytes_after_the_body_are_ignored},
        {"a_frame_too_short_for_its_header_closes_the_connection",
         a_frame_too_short_for_its_header_closes_the_connection},
        {"a_negative_length_closes_the_connection", a_negative_length_closes_the_connection},
        {"an_oversized_frame_is_refused_before_it_is_read",
         an_oversized_frame_is_refused_before_it_is_read},
        {"a_request_in_single_bytes_is_answered", a_request_in_single_bytes_is_answered},
        {"a_request_is_told_at_its_four_hooks_and_names_its_client",
         a_request_is_told_at_its_four_hooks_and_names_its_client},
        {"connections_dropped_at_every_stage_leave_nothing_behind",
         connections_dropped_at_every_stage_leave_nothing_behind},
        {"a_listener_that_closes_resets_its_connections_only",
         a_listener_that_closes_resets_its_connections_only},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway frames", rig_set_up, rig_tear_down_whole, ask_begin, ask_end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
