/* Good requests, as the crowd's raw material: bodies that the tests of the wire know by heart. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crc32c.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/text.h"
#include "hostile.h"
#include "mock/wire/api.h"
#include "mock/wire/build.h"
#include "mock/wire/header.h"
#include "mock/wire/produce.h"

int hostile_seeds_add(struct hostile_seeds *seeds, struct base_builder *frame) {
    size_t len = 0;
    uint8_t *data = base_builder_take(frame, &len);
    if (!data ||
        base_grow((void **)&seeds->all, &seeds->cap, seeds->count + 1, sizeof(*seeds->all))) {
        base_free(data);
        return -1;
    }
    seeds->all[seeds->count++].frame = base_slice_of(data, len);
    return 0;
}

static void put_header(struct base_builder *b, int16_t api, int16_t version) {
    struct mock_request_header header = {api, version, 1, base_slice_str("hostile")};
    mock_request_header_encode(b, &header);
}

/* "Api request version kind hex"; answers are passed over. */
static int add_golden(struct hostile_seeds *seeds, const char *line) {
    char name[32];
    char direction[16];
    int version = 0;
    int at = 0;
    if (sscanf(line, "%31s %15s %d %*15s %n", name, direction, &version, &at) != 3) {
        return -1;
    }
    const struct mock_api_info *api = mock_api_find_name(name);
    if (!api || strcmp(direction, "request") != 0) {
        return 0;
    }
    struct base_builder b;
    base_builder_init(&b, BASE_MIB);
    put_header(&b, api->key, (int16_t)version);
    bool good = base_put_hex_decoded(&b, base_slice_of(line + at, strcspn(line + at, "\n")));
    int rc = good ? hostile_seeds_add(seeds, &b) : -1;
    base_builder_clean_up(&b);
    return rc;
}

/* "key version hex": the hex is the whole frame, header included. */
static int add_captured(struct hostile_seeds *seeds, const char *line) {
    int at = 0;
    if (sscanf(line, "%*d %*d %n", &at) != 0 || at == 0) {
        return -1;
    }
    struct base_builder b;
    base_builder_init(&b, BASE_MIB);
    bool good = base_put_hex_decoded(&b, base_slice_of(line + at, strcspn(line + at, "\n")));
    int rc = good ? hostile_seeds_add(seeds, &b) : -1;
    base_builder_clean_up(&b);
    return rc;
}

static int read_lines(struct hostile_seeds *seeds, const char *path,
                      int (*add_line)(struct hostile_seeds *seeds, const char *line)) {
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;
    int rc = file ? 0 : -1;
    while (rc == 0 && getline(&line, &cap, file) > 0) {
        rc = line[0] == '#' || line[0] == '\n' ? 0 : add_line(seeds, line);
    }
    if (rc < 0) {
        fprintf(stderr, "%s: %s\n", path, file ? line : "cannot be read");
    }
    free(line);
    if (file) {
        fclose(file);
    }
    return rc;
}

int hostile_seeds_read(struct hostile_seeds *seeds, const char *golden, const char *captured) {
    int rc = read_lines(seeds, golden, add_golden);
    return rc < 0 ? rc : read_lines(seeds, captured, add_captured);
}

/* -- bombs -- */

#define BOMB_VERSION 8
#define BOMB_BYTES ((size_t)BASE_MAX_INFLATED_BYTES + BASE_MIB)

/* A batch that is right in every byte, but inflates to more than a broker takes. */
static int build_bomb(struct base_builder *b, enum mock_codec codec, const uint8_t *zeros) {
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    struct mock_build_record record = {.value = base_slice_str("")};
    mock_batch_build(b, &options, &record, 1);
    b->len = MOCK_BATCH_HEADER_BYTES;
    int rc = mock_compress(codec, base_slice_of(zeros, BOMB_BYTES), b);
    if (rc < 0 || b->failed) {
        return -1;
    }
    b->data[MOCK_BATCH_ATTRIBUTES_AT + 1] = (uint8_t)codec;
    base_patch_u32(b, MOCK_BATCH_LENGTH_AT, (uint32_t)(b->len - MOCK_BATCH_LENGTH_FROM));
    base_patch_u32(b, MOCK_BATCH_CRC_AT,
                   base_crc32c(b->data + MOCK_BATCH_CRC_FROM, b->len - MOCK_BATCH_CRC_FROM));
    return 0;
}

static int add_bomb(struct hostile_seeds *seeds, enum mock_codec codec, const uint8_t *zeros) {
    struct base_builder batch;
    struct base_builder frame;
    base_builder_init(&batch, 2 * BOMB_BYTES);
    base_builder_init(&frame, 2 * BOMB_BYTES);
    int built = build_bomb(&batch, codec, zeros);
    struct mock_produce_partition partition = {0, base_builder_slice(&batch)};
    struct mock_produce_topic topic = {
        .name = base_slice_str("polite"), .partitions = &partition, .partition_count = 1};
    struct mock_produce_request request = {BASE_SLICE_NULL, -1, 30000, &topic, 1};
    put_header(&frame, MOCK_API_PRODUCE, BOMB_VERSION);
    mock_produce_request_encode(&frame, BOMB_VERSION, &request);
    int rc = built < 0 ? built : hostile_seeds_add(seeds, &frame);
    base_builder_clean_up(&batch);
    base_builder_clean_up(&frame);
    return rc;
}

int hostile_seeds_add_bombs(struct hostile_seeds *seeds) {
    uint8_t *zeros = base_alloc_zero(BOMB_BYTES);
    int rc = zeros ? 0 : -1;
    for (int codec = MOCK_CODEC_GZIP; rc == 0 && codec <= MOCK_CODEC_ZSTD; codec++) {
        rc = add_bomb(seeds, (enum mock_codec)codec, zeros);
    }
    base_free(zeros);
    if (rc < 0) {
        fprintf(stderr, "no bombs can be made\n");
    }
    return rc;
}

void hostile_seeds_free(struct hostile_seeds *seeds) {
    for (size_t i = 0; i < seeds->count; i++) {
        base_free((void *)(uintptr_t)seeds->all[i].frame.data);
    }
    base_free(seeds->all);
}
