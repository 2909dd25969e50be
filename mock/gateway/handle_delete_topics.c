/* DeleteTopics: topics go, by name or by id (ControllerApis.deleteTopics). */
#include <string.h>

#include "mock/gateway/admin.h"

int mock_delete_topics_decode(struct mock_request *r, struct base_reader *body) {
    return mock_delete_topics_request_decode(body, r->header.api_version, &r->arena,
                                             &r->u.delete_topics);
}

static bool has_id(const struct mock_delete_topic *t) {
    static const struct mock_uuid zero;
    return memcmp(&t->id, &zero, sizeof(zero)) != 0;
}

static struct base_slice key_at(const void *items, size_t i) {
    const struct mock_delete_topic *t = &((const struct mock_delete_topic *)items)[i];
    return base_slice_is_null(t->name) ? base_slice_of(t->id.bytes, sizeof(t->id.bytes)) : t->name;
}

static bool may(struct mock_request *r, enum mock_acl_operation operation, struct base_slice name) {
    return mock_request_would(r, MOCK_ACL_DELETE, MOCK_ACL_CLUSTER,
                              base_slice_str(MOCK_ACL_CLUSTER_NAME)) ||
           mock_request_may(r, operation, MOCK_ACL_TOPIC, name);
}

#define FORBIDDEN                                                                                  \
    mock_admin_say(r, MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED, "Topic authorization failed.")

/* A name or an id. Only such topics can repeat one another: the others are answered one by one. */
static bool is_well_formed(const struct mock_delete_topic *t) {
    return base_slice_is_null(t->name) == has_id(t);
}

/* What the request says of one topic, before anything is looked up. */
static struct mock_admin_error check_form(struct mock_request *r,
                                          const struct mock_delete_topic *asked, uint8_t place) {
    bool named = !base_slice_is_null(asked->name);
    if (!named && !has_id(asked)) {
        return mock_admin_say(r, MOCK_ERROR_INVALID_REQUEST,
                              "Neither topic name nor id were specified.");
    }
    if (named && has_id(asked)) {
        return mock_admin_say(r, MOCK_ERROR_INVALID_REQUEST,
                              "You may not specify both topic name and topic id.");
    }
    if (place > 0) {
        return mock_admin_say(r, MOCK_ERROR_INVALID_REQUEST, "Duplicate topic %s.",
                              named ? "name" : "id");
    }
    return MOCK_ADMIN_OK;
}

static struct mock_admin_error find_by_id(struct mock_request *r,
                                          const struct mock_delete_topic *asked,
                                          struct mock_deleted_topic *out,
                                          struct mock_topic **ret_topic) {
    struct mock_topic *topic = mock_topic_find_id(r->connection->broker, &asked->id);
    if (!topic) {
        return mock_admin_say(r, MOCK_ERROR_UNKNOWN_TOPIC_ID,
                              "This server does not host this topic ID.");
    }
    struct base_slice name = base_slice_str(topic->name);
    if (!may(r, MOCK_ACL_DELETE, name)) {
        out->name = mock_request_would(r, MOCK_ACL_DESCRIBE, MOCK_ACL_TOPIC, name)
                        ? base_arena_slice(&r->arena, name)
                        : BASE_SLICE_NULL;
        return FORBIDDEN;
    }
    *ret_topic = topic;
    return MOCK_ADMIN_OK;
}

static struct mock_admin_error find_by_name(struct mock_request *r, struct base_slice name,
                                            struct mock_topic **ret_topic) {
    if (!may(r, MOCK_ACL_DESCRIBE, name)) {
        return FORBIDDEN;
    }
    struct mock_topic *topic = mock_topic_find(r->connection->broker, name);
    if (!topic) {
        return mock_admin_say(r, MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION,
                              "This server does not host this topic-partition.");
    }
    if (!may(r, MOCK_ACL_DELETE, name)) {
        return FORBIDDEN;
    }
    *ret_topic = topic;
    return MOCK_ADMIN_OK;
}

static void delete_one(struct mock_request *r, const struct mock_delete_topic *asked, uint8_t place,
                       struct mock_deleted_topic *out) {
    struct mock_topic *topic = NULL;
    struct mock_admin_error error = check_form(r, asked, place);
    *out = (struct mock_deleted_topic){.name = asked->name, .id = asked->id};
    if (!error.code) {
        error = base_slice_is_null(asked->name) ? find_by_id(r, asked, out, &topic)
                                                : find_by_name(r, asked->name, &topic);
    }
    if (topic) {
        out->id = topic->id;
        out->name = base_arena_slice(&r->arena, base_slice_str(topic->name));
        mock_topic_remove(r->connection->broker, topic);
    }
    out->error_code = error.code;
    out->error_message = error.message;
    mock_admin_note(r, error.code);
}

/* The places of all topics among those like them; NULL without memory. */
static uint8_t *find_repeats(struct mock_request *r) {
    const struct mock_delete_topics_request *q = &r->u.delete_topics;
    uint8_t *place = base_arena_alloc(&r->arena, q->topic_count);
    struct mock_delete_topic *formed =
        base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*formed));
    size_t count = 0;
    for (size_t i = 0; formed && i < q->topic_count; i++) {
        if (is_well_formed(&q->topics[i])) {
            formed[count++] = q->topics[i];
        }
    }
    const uint8_t *of_formed = formed ? mock_admin_repeats(r, count, key_at, formed) : NULL;
    for (size_t i = 0; place && of_formed && i < q->topic_count; i++) {
        place[i] = is_well_formed(&q->topics[i]) ? *of_formed++ : 0;
    }
    return of_formed ? place : NULL;
}

static void encode(struct mock_request *r, int16_t override) {
    const struct mock_delete_topics_request *q = &r->u.delete_topics;
    struct mock_delete_topics_response response = {r->throttle_ms, NULL, 0};
    uint8_t *place = find_repeats(r);
    response.topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
    for (size_t i = 0; response.topics && place && i < q->topic_count; i++) {
        struct mock_deleted_topic *out = &response.topics[response.topic_count];
        if (override) {
            *out = (struct mock_deleted_topic){
                .name = q->topics[i].name, .id = q->topics[i].id, .error_code = override};
            response.topic_count++;
        } else if (place[i] < 2) { /* one answer for all that are the same */
            delete_one(r, &q->topics[i], place[i], out);
            response.topic_count++;
        }
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_delete_topics_response_encode(b, r->header.api_version, &response);
}

void mock_delete_topics_refuse(struct mock_request *r, int16_t error) {
    encode(r, error);
}

void mock_delete_topics_apply(struct mock_request *r) {
    encode(r, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}
