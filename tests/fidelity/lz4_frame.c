/*
 * LZ4 frames that say more than liblz4's default: what a produce step's lz4= names. liblz4 makes
 * them, so they are what they say; the damaged ones are damaged in one place.
 */
#include <lz4frame.h>
#include <string.h>

#include "fidelity.h"

static const struct {
    const char *name;
    LZ4F_blockMode_t mode;
    LZ4F_contentChecksum_t content_checksum;
    LZ4F_blockChecksum_t block_checksum;
    bool sized;
    unsigned dictionary;
    const char *before; /* bytes in front of the frame */
    size_t before_len;
    size_t damaged; /* 0, or which byte from the end is another one */
} kinds[] = {
    {"independent", LZ4F_blockIndependent, 0, 0, false, 0, "", 0, 0},
    {"linked", LZ4F_blockLinked, 0, 0, false, 0, "", 0, 0},
    {"dictionary", LZ4F_blockIndependent, 0, 0, false, 7, "", 0, 0},
    {"sized", LZ4F_blockIndependent, 0, 0, true, 0, "", 0, 0},
    {"checked", LZ4F_blockIndependent, 1, 0, false, 0, "", 0, 0},
    {"checked-wrong", LZ4F_blockIndependent, 1, 0, false, 0, "", 0, 1},
    {"blocks-checked", LZ4F_blockIndependent, 0, 1, false, 0, "", 0, 0},
    /* Behind the checksum of the block is the end mark. */
    {"blocks-checked-wrong", LZ4F_blockIndependent, 0, 1, false, 0, "", 0, 5},
    {"skippable", LZ4F_blockIndependent, 0, 0, false, 0, "\x50\x2a\x4d\x18\2\0\0\0..", 10, 0},
};

bool fid_put_lz4_frame(struct base_builder *out, const char *kind, struct base_slice content) {
    size_t k = 0;
    while (k < sizeof(kinds) / sizeof(kinds[0]) && strcmp(kinds[k].name, kind) != 0) {
        k++;
    }
    if (k == sizeof(kinds) / sizeof(kinds[0])) {
        return false;
    }
    LZ4F_preferences_t p;
    memset(&p, 0, sizeof(p));
    p.frameInfo.blockMode = kinds[k].mode;
    p.frameInfo.contentChecksumFlag = kinds[k].content_checksum;
    p.frameInfo.blockChecksumFlag = kinds[k].block_checksum;
    p.frameInfo.dictID = kinds[k].dictionary;
    p.frameInfo.contentSize = kinds[k].sized ? content.len : 0;
    LZ4F_cctx *context = NULL;
    size_t room = LZ4F_HEADER_SIZE_MAX + LZ4F_compressBound(content.len, &p);
    base_put_bytes(out, kinds[k].before, kinds[k].before_len);
    uint8_t *to = base_put_room(out, room);
    if (!to || LZ4F_isError(LZ4F_createCompressionContext(&context, LZ4F_VERSION))) {
        return false;
    }
    /* In parts: whole, a frame of one block is said to be independent whatever is asked for. */
    size_t used = LZ4F_compressBegin(context, to, room, &p);
    used += LZ4F_compressUpdate(context, to + used, room - used, content.data, content.len, NULL);
    used += LZ4F_compressEnd(context, to + used, room - used, NULL);
    LZ4F_freeCompressionContext(context);
    out->len -= room - used;
    if (kinds[k].damaged) {
        out->data[out->len - kinds[k].damaged] ^= 1;
    }
    return true;
}
