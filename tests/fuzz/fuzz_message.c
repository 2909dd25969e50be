/* Fuzz target: every message decoder. The first byte picks message and direction, the second the
 * version; a message that is taken must encode, and what was encoded must decode and encode to
 * the same bytes again. */
#include <stdlib.h>

#include "base/limits.h"
#include "mock/wire/consumer_protocol.h"
#include "mock/wire/header.h"
#include "t_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int recode(t_recode_fn *message, int16_t version, struct base_slice in,
                  struct base_builder *out) {
    struct base_arena arena;
    base_arena_init(&arena, 16 * BASE_MIB);
    base_builder_init(out, 16 * BASE_MIB);
    struct base_reader r = base_reader_of(in);
    int code = message(&r, version, &arena, out);
    base_arena_clean_up(&arena);
    return code;
}

static void fuzz_body(t_recode_fn *message, int16_t version, struct base_slice in) {
    struct base_builder once;
    struct base_builder twice;
    base_builder_init(&twice, 0);
    if (recode(message, version, in, &once) == 0 &&
        (recode(message, version, base_builder_slice(&once), &twice) != 0 ||
         !base_slice_equal(base_builder_slice(&once), base_builder_slice(&twice)))) {
        abort();
    }
    base_builder_clean_up(&once);
    base_builder_clean_up(&twice);
}

/* What is not a body: headers, and the consumer protocol inside bodies. */
static void fuzz_others(struct base_slice in) {
    struct base_reader r = base_reader_of(in);
    struct mock_request_header header;
    (void)!mock_request_header_decode(&r, &header);
    struct base_arena arena;
    base_arena_init(&arena, 16 * BASE_MIB);
    struct mock_subscription subscription;
    struct mock_assignment assignment;
    (void)!mock_subscription_decode(in, &arena, &subscription);
    (void)!mock_assignment_decode(in, &arena, &assignment);
    base_arena_clean_up(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    if (len < 2) {
        return 0;
    }
    struct base_slice in = base_slice_of(data + 2, len - 2);
    size_t index = data[0] % (2 * t_message_count + 1);
    if (index == 2 * t_message_count) {
        fuzz_others(in);
        return 0;
    }
    const struct t_message *m = &t_messages[index / 2];
    const struct mock_api_info *api = mock_api_find((int16_t)m->api);
    int16_t versions = (int16_t)(api->max_version - api->min_version + 1);
    int16_t version = (int16_t)(api->min_version + data[1] % versions);
    fuzz_body(index % 2 ? m->response : m->request, version, in);
    return 0;
}
