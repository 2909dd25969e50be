/* Fuzz target: the record batch. The length and the CRC are mended, so that the content is
 * reached; a batch that is taken must give exactly the records that its header counts. */
#include <stdlib.h>

#include "base/crc32c.h"
#include "base/limits.h"
#include "base/memory.h"
#include "mock/wire/build.h"
#include "mock/wire/error_names.h"
#include "mock/wire/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int32_t count_records(struct base_slice batch) {
    struct mock_record_iterator it;
    if (mock_record_iterator_init(&it, batch) != 0) {
        return -1;
    }
    struct mock_record record;
    int32_t count = 0;
    int code;
    while ((code = mock_record_iterator_next(&it, &record)) > 0) {
        struct mock_record_header header;
        while (mock_record_next_header(&record, &header)) {
            if (!header.name.data) {
                abort();
            }
        }
        count++;
    }
    mock_record_iterator_clean_up(&it);
    return code < 0 ? -1 : count;
}

static void mend(struct base_builder *b) {
    if (b->len >= MOCK_BATCH_HEADER_BYTES) {
        base_patch_u32(b, MOCK_BATCH_LENGTH_AT, (uint32_t)b->len - MOCK_BATCH_LENGTH_FROM);
        b->data[MOCK_BATCH_MAGIC_AT] = 2;
        base_patch_u32(b, MOCK_BATCH_CRC_AT,
                       base_crc32c(b->data + MOCK_BATCH_CRC_FROM, b->len - MOCK_BATCH_CRC_FROM));
    }
}

static void fuzz_raw(struct base_slice bytes) {
    struct base_slice batch;
    struct mock_batch_header header;
    while (mock_batch_next(&bytes, &batch, &header) > 0) {
        (void)count_records(batch);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    fuzz_raw(base_slice_of(data, len));
    struct base_builder b;
    base_builder_init(&b, BASE_MIB);
    base_put_bytes(&b, data, len);
    if (base_builder_ok(&b)) {
        mend(&b);
        struct mock_batch_rules rules = MOCK_BATCH_RULES_INIT;
        struct mock_batch_header header;
        struct mock_batch_refusal why = {0};
        int16_t error = mock_batch_validate(base_builder_slice(&b), &rules, &header, &why);
        if (error != why.error_code ||
            (error == MOCK_ERROR_NONE &&
             count_records(base_builder_slice(&b)) != header.record_count)) {
            abort();
        }
    }
    base_builder_clean_up(&b);
    return 0;
}
