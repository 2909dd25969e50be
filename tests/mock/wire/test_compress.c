/* The codecs: round trips, the forms that clients make, damage and bombs. */
#include <lz4frame.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "base/memory.h"
#include "mock/wire/build.h"
#include "mock/wire/error_names.h"
#include "t_run.h"

CU_SuiteInfo *suite_wire_compress(void);

/* Text that repeats far back, so that LZ4's linked blocks refer to earlier ones. */
static struct base_slice sample(struct base_builder *b, size_t len) {
    base_builder_init(b, 2 * len + BASE_KIB);
    uint32_t state = 1;
    while (b->len < len) {
        state = state * 1664525u + 1013904223u;
        base_put_format(b, "record %u of the sample, %u;", state >> 20, state >> 28);
    }
    return base_builder_slice(b);
}

static void every_codec_survives_a_round_trip(void) {
    static const size_t lengths[] = {0, 1, 100, 16 * 1024, 16 * 1024 + 1, 300000};
    for (int codec = 0; codec < MOCK_CODEC_COUNT; codec++) {
        for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
            struct base_builder plain, packed, back;
            struct base_slice in = sample(&plain, 300000);
            in.len = lengths[i];
            base_builder_init(&packed, BASE_MIB);
            base_builder_init(&back, in.len);
            T_EQUAL_INT(mock_compress((enum mock_codec)codec, in, &packed), 0);
            int code = mock_decompress((enum mock_codec)codec, base_builder_slice(&packed), &back);
            t_check(code == 0, __LINE__, __FILE__, "%s of %zu bytes gives %d",
                    mock_codec_to_str(codec), in.len, code);
            T_EQUAL_BYTES(base_builder_slice(&back).data, back.len, in.data, in.len);
            base_builder_clean_up(&plain);
            base_builder_clean_up(&packed);
            base_builder_clean_up(&back);
        }
    }
}

/* What fails once succeeds when it is done again; what was said to have succeeded is right. */
static void every_failing_allocation_is_reported_and_nothing_leaks(void) {
    int64_t live = base_memory_live_count();
    for (int codec = 0; codec < MOCK_CODEC_COUNT; codec++) {
        struct base_builder plain;
        struct base_slice in = sample(&plain, 200000);
        int code = BASE_NO_MEMORY;
        for (uint64_t after = 0; code != 0 && after < 100; after++) {
            struct base_builder packed, back;
            base_builder_init(&packed, BASE_MIB);
            base_builder_init(&back, BASE_MIB);
            base_memory_fail_after(after, 0);
            code = mock_compress((enum mock_codec)codec, in, &packed);
            if (code == 0) {
                code = mock_decompress((enum mock_codec)codec, base_builder_slice(&packed), &back);
            }
            base_memory_fail_never();
            t_check(code == 0 ? base_slice_equal(base_builder_slice(&back), in)
                              : code == BASE_NO_MEMORY,
                    __LINE__, __FILE__, "%s, allocation %d: %d", mock_codec_to_str(codec),
                    (int)after, code);
            base_builder_clean_up(&packed);
            base_builder_clean_up(&back);
        }
        T_EQUAL_INT(code, 0);
        base_builder_clean_up(&plain);
    }
    T_EQUAL_INT(base_memory_live_count(), live);
}

static void every_truncation_of_content_is_malformed(void) {
    struct base_builder plain, packed, back;
    struct base_slice in = sample(&plain, 2000);
    for (int codec = MOCK_CODEC_GZIP; codec < MOCK_CODEC_COUNT; codec++) {
        base_builder_init(&packed, BASE_MIB);
        T_EQUAL_INT(mock_compress((enum mock_codec)codec, in, &packed), 0);
        for (size_t len = 0; len < packed.len; len++) {
            uint8_t *copy = base_memdup(packed.data, len);
            base_builder_init(&back, BASE_MIB);
            int code = mock_decompress((enum mock_codec)codec, base_slice_of(copy, len), &back);
            t_check(code == BASE_MALFORMED, __LINE__, __FILE__, "%s cut at %zu gives %d",
                    mock_codec_to_str(codec), len, code);
            base_builder_clean_up(&back);
            base_free(copy);
        }
        base_builder_clean_up(&packed);
    }
    base_builder_clean_up(&plain);
}

static void bytes_after_the_content_are_malformed(void) {
    struct base_builder plain, packed, back;
    struct base_slice in = sample(&plain, 2000);
    for (int codec = MOCK_CODEC_GZIP; codec < MOCK_CODEC_COUNT; codec++) {
        base_builder_init(&packed, BASE_MIB);
        base_builder_init(&back, BASE_MIB);
        T_EQUAL_INT(mock_compress((enum mock_codec)codec, in, &packed), 0);
        base_put_str(&packed, "garbage");
        T_EQUAL_INT(mock_decompress((enum mock_codec)codec, base_builder_slice(&packed), &back),
                    BASE_MALFORMED);
        base_builder_clean_up(&packed);
        base_builder_clean_up(&back);
    }
    base_builder_clean_up(&plain);
}

/* Kafka's own reader knows no blocks that refer to earlier ones (Lz4BlockInputStream). */
static void linked_lz4_blocks_are_refused(void) {
    static const LZ4F_blockMode_t modes[] = {LZ4F_blockIndependent, LZ4F_blockLinked};
    struct base_builder plain, back;
    struct base_slice in = sample(&plain, 500000);
    for (size_t i = 0; i < 2; i++) {
        LZ4F_preferences_t p;
        memset(&p, 0, sizeof(p));
        p.frameInfo.blockSizeID = LZ4F_max64KB;
        p.frameInfo.blockMode = modes[i];
        p.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
        size_t bound = LZ4F_compressFrameBound(in.len, &p);
        uint8_t *packed = base_alloc(bound);
        size_t used = LZ4F_compressFrame(packed, bound, in.data, in.len, &p);
        base_builder_init(&back, in.len);
        T_EQUAL_INT(mock_decompress(MOCK_CODEC_LZ4, base_slice_of(packed, used), &back),
                    modes[i] == LZ4F_blockLinked ? BASE_MALFORMED : 0);
        if (modes[i] == LZ4F_blockIndependent) {
            T_EQUAL_BYTES(back.data, back.len, in.data, in.len);
        }
        base_builder_clean_up(&back);
        base_free(packed);
    }
    base_builder_clean_up(&plain);
}

/* liblz4 links the blocks of content that is longer than one, unless it is told otherwise. */
static void lz4_of_several_blocks_is_what_kafka_reads(void) {
    static const uint8_t begins[] = {0x04, 0x22, 0x4d, 0x18, 0x60};
    struct base_builder plain, packed;
    struct base_slice in = sample(&plain, 300000);
    base_builder_init(&packed, BASE_MIB);
    T_EQUAL_INT(mock_compress(MOCK_CODEC_LZ4, in, &packed), 0);
    T_TRUE(packed.len > sizeof(begins));
    T_EQUAL_BYTES(packed.data, sizeof(begins), begins, sizeof(begins));
    base_builder_clean_up(&packed);
    base_builder_clean_up(&plain);
}

static void two_lz4_frames_are_refused(void) {
    struct base_builder plain, packed, back;
    struct base_slice in = sample(&plain, 1000);
    base_builder_init(&packed, BASE_MIB);
    base_builder_init(&back, BASE_MIB);
    T_EQUAL_INT(mock_compress(MOCK_CODEC_LZ4, in, &packed), 0);
    T_EQUAL_INT(mock_compress(MOCK_CODEC_LZ4, in, &packed), 0);
    T_EQUAL_INT(mock_decompress(MOCK_CODEC_LZ4, base_builder_slice(&packed), &back),
                BASE_MALFORMED);
    base_builder_clean_up(&back);
    base_builder_clean_up(&packed);
    base_builder_clean_up(&plain);
}

static void framed_snappy_is_read_and_its_truncations_refused(void) {
    struct base_builder plain, framed, block, back;
    struct base_slice in = sample(&plain, 3000);
    base_builder_init(&framed, BASE_MIB);
    base_put_bytes(&framed, "\x82SNAPPY\0\0\0\0\1\0\0\0\1", 16);
    size_t ends[4] = {0};
    for (size_t i = 0; i < 3; i++) {
        base_builder_init(&block, BASE_MIB);
        T_EQUAL_INT(mock_compress(MOCK_CODEC_SNAPPY, base_slice_of(in.data + i * 1000, 1000),
                                  &block), 0);
        ends[i] = framed.len;
        base_put_i32(&framed, (int32_t)block.len);
        base_put_slice(&framed, base_builder_slice(&block));
        base_builder_clean_up(&block);
    }
    for (size_t len = 16; len <= framed.len; len++) {
        base_builder_init(&back, BASE_MIB);
        uint8_t *copy = base_memdup(framed.data, len);
        int code = mock_decompress(MOCK_CODEC_SNAPPY, base_slice_of(copy, len), &back);
        /* The framing has no end of its own: a cut between blocks cannot be seen here. */
        bool is_whole = len == ends[0] || len == ends[1] || len == ends[2] || len == framed.len;
        T_EQUAL_INT(code, is_whole ? 0 : BASE_MALFORMED);
        if (len == framed.len) {
            T_EQUAL_BYTES(back.data, back.len, in.data, 3000);
        }
        base_free(copy);
        base_builder_clean_up(&back);
    }
    base_builder_clean_up(&framed);
    base_builder_clean_up(&plain);
}

static void several_gzip_members_are_one_content(void) {
    struct base_builder packed, back;
    base_builder_init(&packed, BASE_MIB);
    base_builder_init(&back, BASE_MIB);
    T_EQUAL_INT(mock_compress(MOCK_CODEC_GZIP, base_slice_str("one "), &packed), 0);
    T_EQUAL_INT(mock_compress(MOCK_CODEC_GZIP, base_slice_str("two"), &packed), 0);
    T_EQUAL_INT(mock_decompress(MOCK_CODEC_GZIP, base_builder_slice(&packed), &back), 0);
    T_TRUE(base_slice_equal_str(base_builder_slice(&back), "one two"));
    base_builder_clean_up(&packed);
    base_builder_clean_up(&back);
}

static void a_bomb_is_refused_at_the_limit(void) {
    size_t len = 8 * BASE_MIB;
    uint8_t *zeros = base_alloc_zero(len);
    for (int codec = 0; codec < MOCK_CODEC_COUNT; codec++) {
        struct base_builder packed, back;
        base_builder_init(&packed, 16 * BASE_MIB);
        T_EQUAL_INT(mock_compress((enum mock_codec)codec, base_slice_of(zeros, len), &packed), 0);
        base_builder_init(&back, len - 1);
        T_EQUAL_INT(mock_decompress((enum mock_codec)codec, base_builder_slice(&packed), &back),
                    BASE_LIMIT);
        T_TRUE(back.cap < len);
        base_builder_clean_up(&back);
        base_builder_clean_up(&packed);
    }
    base_free(zeros);
}

/* A batch of one record whose content grows beyond BASE_MAX_INFLATED_BYTES. */
static void a_batch_with_a_bomb_is_too_large(void) {
    size_t len = BASE_MAX_INFLATED_BYTES + 1;
    uint8_t *zeros = base_alloc_zero(len);
    struct base_builder content, batch;
    base_builder_init(&content, BASE_MIB);
    T_EQUAL_INT(mock_compress(MOCK_CODEC_ZSTD, base_slice_of(zeros, BASE_KIB), &content), 0);
    base_builder_clean_up(&content);
    base_builder_init(&content, 2 * BASE_MAX_INFLATED_BYTES);
    T_EQUAL_INT(mock_compress(MOCK_CODEC_ZSTD, base_slice_of(zeros, len), &content), 0);
    struct mock_build_record record = {0, 1, BASE_SLICE_NULL, BASE_SLICE_NULL, NULL, 0};
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.attributes = MOCK_CODEC_ZSTD;
    base_builder_init(&batch, BASE_MIB);
    mock_batch_build(&batch, &options, &record, 1);
    batch.len = MOCK_BATCH_HEADER_BYTES;
    base_put_slice(&batch, base_builder_slice(&content));
    base_patch_u32(&batch, MOCK_BATCH_LENGTH_AT, (uint32_t)batch.len - MOCK_BATCH_LENGTH_FROM);
    struct mock_record_iterator it;
    T_EQUAL_INT(mock_record_iterator_init(&it, base_builder_slice(&batch)), BASE_LIMIT);
    base_builder_clean_up(&content);
    base_builder_clean_up(&batch);
    base_free(zeros);
}

static void codecs_have_their_names_both_ways(void) {
    for (int codec = 0; codec < MOCK_CODEC_COUNT; codec++) {
        enum mock_codec back = MOCK_CODEC_NONE;
        T_TRUE(mock_codec_find(mock_codec_to_str(codec), &back));
        T_EQUAL_INT(back, codec);
    }
    enum mock_codec untouched = MOCK_CODEC_LZ4;
    T_TRUE(!mock_codec_find("brotli", &untouched));
    T_EQUAL_INT(untouched, MOCK_CODEC_LZ4);
    T_EQUAL_STR(mock_codec_to_str(5), "unknown");
    struct base_builder out;
    base_builder_init(&out, 10);
    T_EQUAL_INT(mock_decompress((enum mock_codec)5, base_slice_str("x"), &out), BASE_UNSUPPORTED);
    T_EQUAL_INT(mock_compress((enum mock_codec)7, base_slice_str("x"), &out), BASE_UNSUPPORTED);
    base_builder_clean_up(&out);
}

static CU_TestInfo tests[] = {
    {"every_codec_survives_a_round_trip", every_codec_survives_a_round_trip},
    {"every_failing_allocation_is_reported_and_nothing_leaks",
     every_failing_allocation_is_reported_and_nothing_leaks},
    {"every_truncation_of_content_is_malformed", every_truncation_of_content_is_malformed},
    {"bytes_after_the_content_are_malformed", bytes_after_the_content_are_malformed},
    {"linked_lz4_blocks_are_refused", linked_lz4_blocks_are_refused},
    {"lz4_of_several_blocks_is_what_kafka_reads", lz4_of_several_blocks_is_what_kafka_reads},
    {"two_lz4_frames_are_refused", two_lz4_frames_are_refused},
    {"framed_snappy_is_read_and_its_truncations_refused",
     framed_snappy_is_read_and_its_truncations_refused},
    {"several_gzip_members_are_one_content", several_gzip_members_are_one_content},
    {"a_bomb_is_refused_at_the_limit", a_bomb_is_refused_at_the_limit},
    {"a_batch_with_a_bomb_is_too_large", a_batch_with_a_bomb_is_too_large},
    {"codecs_have_their_names_both_ways", codecs_have_their_names_both_ways},
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_wire_compress(void) {
    static CU_SuiteInfo suites[] = {
        {"wire compress", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
