/* The codecs of record batches: see compress.h. */
#include "mock/wire/compress.h"

#include <lz4frame.h>
#include <snappy-c.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/error.h"
#include "base/limits.h"

/* Streams are decompressed in steps of this size, so that a claim of size is never believed. */
#define STEP_BYTES (16u * 1024u)

/* The largest window of a Zstandard frame: no more than BASE_MAX_INFLATED_BYTES. */
#define ZSTD_WINDOW_LOG_MAX 26

/* How an LZ4 frame begins: its magic number (little-endian), and bits of the byte behind it. */
#define LZ4_MAGIC_BIG_ENDIAN 0x04224d18u
#define LZ4_INDEPENDENT 0x20
#define LZ4_DICTIONARY 0x01

/* The framing of the Java snappy library: magic, version, oldest compatible version, blocks. */
#define XERIAL_HEADER_BYTES 16
static const uint8_t xerial_magic[8] = {0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};

static const char *const codec_names[MOCK_CODEC_COUNT] = {"none", "gzip", "snappy", "lz4", "zstd"};

const char *mock_codec_to_str(int codec) {
    return codec >= 0 && codec < MOCK_CODEC_COUNT ? codec_names[codec] : "unknown";
}

bool mock_codec_find(const char *name, enum mock_codec *ret_codec) {
    for (int i = 0; i < MOCK_CODEC_COUNT; i++) {
        if (strcmp(codec_names[i], name) == 0) {
            *ret_codec = (enum mock_codec)i;
            return true;
        }
    }
    return false;
}

/* One call of inflate and what to do with it: 1 to go on, 0 when the input has ended well. */
static int gunzip_step(z_stream *z, struct base_builder *out) {
    uint8_t step[STEP_BYTES];
    z->next_out = step;
    z->avail_out = sizeof(step);
    int status = inflate(z, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END) {
        return status == Z_MEM_ERROR ? BASE_NO_MEMORY : BASE_MALFORMED;
    }
    base_put_bytes(out, step, sizeof(step) - z->avail_out);
    if (!base_builder_ok(out)) {
        return out->failed;
    }
    if (status == Z_STREAM_END) {
        /* Several members one after the other are one content, as Java reads them. */
        return z->avail_in == 0 ? 0 : inflateReset(z) == Z_OK ? 1 : BASE_MALFORMED;
    }
    return 1;
}

static int gunzip(struct base_slice in, struct base_builder *out) {
    z_stream z = {0};
    if (in.len > UINT32_MAX) {
        return BASE_LIMIT;
    }
    z.next_in = (Bytef *)(uintptr_t)in.data;
    z.avail_in = (uInt)in.len;
    /* 16: a gzip wrapper only. */
    if (inflateInit2(&z, 15 + 16) != Z_OK) {
        return BASE_NO_MEMORY;
    }
    int code;
    do {
        code = gunzip_step(&z, out);
    } while (code > 0);
    inflateEnd(&z);
    return code;
}

static int unsnap_raw(struct base_slice in, struct base_builder *out) {
    size_t len = 0;
    const char *data = (const char *)in.data;
    if (in.len == 0 || snappy_uncompressed_length(data, in.len, &len) != SNAPPY_OK) {
        return BASE_MALFORMED;
    }
    uint8_t *room = base_put_room(out, len);
    if (!room) {
        return out->failed;
    }
    if (snappy_uncompress(data, in.len, (char *)room, &len) != SNAPPY_OK) {
        return BASE_MALFORMED;
    }
    return 0;
}

static int unsnap(struct base_slice in, struct base_builder *out) {
    if (in.len < XERIAL_HEADER_BYTES || memcmp(in.data, xerial_magic, sizeof(xerial_magic)) != 0) {
        return unsnap_raw(in, out);
    }
    struct base_reader r = base_reader_of(in);
    base_read_skip(&r, XERIAL_HEADER_BYTES);
    while (r.left > 0) {
        int32_t length = base_read_i32(&r);
        if (length < 0) {
            return BASE_MALFORMED;
        }
        struct base_slice block = base_read_bytes(&r, (size_t)length);
        if (!base_reader_ok(&r)) {
            return BASE_MALFORMED;
        }
        int code = unsnap_raw(block, out);
        if (code) {
            return code;
        }
    }
    return 0;
}

/*
 * Whether Kafka's own reader (Lz4BlockInputStream) takes a frame that begins so: its magic number
 * first, no dictionary, and each block independent of those before it. Clients that read with it
 * could not read any other, so a broker must not keep one. liblz4 looks at the rest.
 */
static bool lz4_is_for_kafka(struct base_slice in) {
    struct base_reader r = base_reader_of(in);
    bool magic = base_read_u32(&r) == LZ4_MAGIC_BIG_ENDIAN;
    uint8_t flags = base_read_u8(&r);
    return base_reader_ok(&r) && magic &&
           (flags & (LZ4_INDEPENDENT | LZ4_DICTIONARY)) == LZ4_INDEPENDENT;
}

static int unlz4(struct base_slice in, struct base_builder *out) {
    LZ4F_dctx *context = NULL;
    if (!lz4_is_for_kafka(in)) {
        return BASE_MALFORMED;
    }
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION))) {
        return BASE_NO_MEMORY;
    }
    uint8_t step[STEP_BYTES];
    size_t at = 0;
    size_t wanted = 1; /* 0: a frame has ended */
    size_t given = 0;
    int code = 0;
    do {
        given = sizeof(step);
        size_t taken = in.len - at;
        wanted = LZ4F_decompress(context, step, &given, in.data + at, &taken, NULL);
        if (LZ4F_isError(wanted)) {
            code = BASE_MALFORMED;
            break;
        }
        at += taken;
        base_put_bytes(out, step, given);
        code = out->failed;
        if (taken == 0 && given == 0) {
            break;
        }
        /* One frame: another would be bytes behind the content. */
    } while (code == 0 && wanted != 0 && (at < in.len || given == sizeof(step)));
    LZ4F_freeDecompressionContext(context);
    return code ? code : wanted != 0 || at < in.len ? BASE_MALFORMED : 0;
}

static int unzstd(struct base_slice in, struct base_builder *out) {
    ZSTD_DCtx *context = ZSTD_createDCtx();
    if (!context) {
        return BASE_NO_MEMORY;
    }
    (void)ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX);
    uint8_t step[STEP_BYTES];
    ZSTD_inBuffer from = {in.data, in.len, 0};
    size_t wanted = 1; /* 0: a frame has ended */
    int code = 0;
    bool full = false;
    do {
        ZSTD_outBuffer to = {step, sizeof(step), 0};
        wanted = ZSTD_decompressStream(context, &to, &from);
        if (ZSTD_isError(wanted)) {
            code = BASE_MALFORMED;
            break;
        }
        base_put_bytes(out, step, to.pos);
        code = out->failed;
        full = to.pos == sizeof(step) && wanted != 0;
    } while (code == 0 && (from.pos < from.size || full));
    ZSTD_freeDCtx(context);
    return code ? code : wanted != 0 ? BASE_MALFORMED : 0;
}

int mock_decompress(enum mock_codec codec, struct base_slice in, struct base_builder *out) {
    if (!base_builder_ok(out)) {
        return out->failed;
    }
    switch (codec) {
    case MOCK_CODEC_NONE:
        base_put_slice(out, in);
        return out->failed;
    case MOCK_CODEC_GZIP:
        return gunzip(in, out);
    case MOCK_CODEC_SNAPPY:
        return unsnap(in, out);
    case MOCK_CODEC_LZ4:
        return unlz4(in, out);
    case MOCK_CODEC_ZSTD:
        return unzstd(in, out);
    }
    return BASE_UNSUPPORTED;
}

/* Room for the worst case was taken at the end of out; used bytes of it stay. */
static void keep(struct base_builder *out, size_t room_bytes, size_t used_bytes) {
    out->len -= room_bytes - used_bytes;
}

static int gzip_whole(struct base_slice in, struct base_builder *out) {
    z_stream z = {0};
    if (in.len > BASE_MAX_FRAME_BYTES) {
        return BASE_LIMIT;
    }
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY)) {
        return BASE_NO_MEMORY;
    }
    size_t bound = deflateBound(&z, in.len);
    uint8_t *room = base_put_room(out, bound);
    int code = out->failed;
    if (room) {
        z.next_in = (Bytef *)(uintptr_t)in.data;
        z.avail_in = (uInt)in.len;
        z.next_out = room;
        z.avail_out = (uInt)bound;
        code = deflate(&z, Z_FINISH) == Z_STREAM_END ? 0 : BASE_STATE;
        keep(out, bound, bound - z.avail_out);
    }
    deflateEnd(&z);
    return code;
}

static int snap_whole(struct base_slice in, struct base_builder *out) {
    size_t bound = snappy_max_compressed_length(in.len);
    size_t used = bound;
    uint8_t *room = base_put_room(out, bound);
    if (!room) {
        return out->failed;
    }
    if (snappy_compress((const char *)in.data, in.len, (char *)room, &used) != SNAPPY_OK) {
        return BASE_STATE;
    }
    keep(out, bound, used);
    return 0;
}

static int lz4_whole(struct base_slice in, struct base_builder *out) {
    LZ4F_preferences_t preferences;
    memset(&preferences, 0, sizeof(preferences));
    preferences.frameInfo.blockMode = LZ4F_blockIndependent;
    size_t bound = LZ4F_compressFrameBound(in.len, &preferences);
    uint8_t *room = base_put_room(out, bound);
    if (!room) {
        return out->failed;
    }
    size_t used = LZ4F_compressFrame(room, bound, in.data, in.len, &preferences);
    if (LZ4F_isError(used)) {
        return BASE_NO_MEMORY;
    }
    keep(out, bound, used);
    return 0;
}

static int zstd_whole(struct base_slice in, struct base_builder *out) {
    size_t bound = ZSTD_compressBound(in.len);
    uint8_t *room = base_put_room(out, bound);
    if (!room) {
        return out->failed;
    }
    size_t used = ZSTD_compress(room, bound, in.data, in.len, ZSTD_CLEVEL_DEFAULT);
    if (ZSTD_isError(used)) {
        return BASE_NO_MEMORY;
    }
    keep(out, bound, used);
    return 0;
}

int mock_compress(enum mock_codec codec, struct base_slice in, struct base_builder *out) {
    if (!base_builder_ok(out)) {
        return out->failed;
    }
    switch (codec) {
    case MOCK_CODEC_NONE:
        base_put_slice(out, in);
        return out->failed;
    case MOCK_CODEC_GZIP:
        return gzip_whole(in, out);
    case MOCK_CODEC_SNAPPY:
        return snap_whole(in, out);
    case MOCK_CODEC_LZ4:
        return lz4_whole(in, out);
    case MOCK_CODEC_ZSTD:
        return zstd_whole(in, out);
    }
    return BASE_UNSUPPORTED;
}
