/* Fuzz target: raw git objects, as a repository may hold them. The first byte picks the kind. What
 * is taken must encode, and have the identifier that git gives the bytes. */
#include <stdlib.h>

#include "base/limits.h"
#include "fixtures/git_object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void encode(const ProtobufCMessage *message) {
    struct base_builder out;
    struct base_error err = BASE_ERROR_INIT;
    base_builder_init(&out, 64 * BASE_MIB);
    if (fixture_message_encode(message, &out, &err) != 0) {
        abort();
    }
    base_builder_clean_up(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    if (len < 1) {
        return 0;
    }
    struct base_slice body = base_slice_of(data + 1, len - 1);
    struct base_arena arena;
    struct base_error err = BASE_ERROR_INIT;
    base_arena_init(&arena, 64 * BASE_MIB);
    Journal__Directory directory = JOURNAL__DIRECTORY__INIT;
    Journal__Revision revision = JOURNAL__REVISION__INIT;
    Journal__Release release = JOURNAL__RELEASE__INIT;
    Journal__Content content = JOURNAL__CONTENT__INIT;
    if (data[0] % 4 == 0 && fixture_git_directory(body, &arena, &directory, &err) == 0) {
        encode(&directory.base);
    } else if (data[0] % 4 == 1 && fixture_git_revision(body, &arena, &revision, &err) == 0) {
        encode(&revision.base);
    } else if (data[0] % 4 == 2 && fixture_git_release(body, &arena, &release, &err) == 0) {
        encode(&release.base);
    } else if (data[0] % 4 == 3 && fixture_git_content(body, &arena, &content, &err) == 0) {
        encode(&content.base);
    }
    base_arena_clean_up(&arena);
    return 0;
}
