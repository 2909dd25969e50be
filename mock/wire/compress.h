/*
 * The codecs of record batches: gzip, snappy (raw, or framed as the Java client does), LZ4 frames
 * and Zstandard. Input is hostile: the output is bounded, whatever the input claims.
 */
#pragma once
#include "mock/wire/message.h"

/* Bits 0 to 2 of a batch's attributes. */
enum mock_codec {
    MOCK_CODEC_NONE = 0,
    MOCK_CODEC_GZIP = 1,
    MOCK_CODEC_SNAPPY = 2,
    MOCK_CODEC_LZ4 = 3,
    MOCK_CODEC_ZSTD = 4
};
#define MOCK_CODEC_COUNT 5

/* "none", "gzip", "snappy", "lz4", "zstd", or "unknown". Never NULL. */
const char *mock_codec_to_str(int codec);
bool mock_codec_find(const char *name, enum mock_codec *ret_codec);

/* Appends the content to out, whose max is the limit (BASE_MAX_INFLATED_BYTES). Returns 0;
 * BASE_MALFORMED for content that is not what the codec says or does not end where the input ends;
 * BASE_LIMIT when it would grow beyond out's max; BASE_UNSUPPORTED for an unknown codec. */
int mock_decompress(enum mock_codec codec, struct base_slice in, struct base_builder *out)
    BASE_MUST_USE;
/* Appends the compressed form; snappy is raw, as librdkafka writes it. */
int mock_compress(enum mock_codec codec, struct base_slice in, struct base_builder *out)
    BASE_MUST_USE;
