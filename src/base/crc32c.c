/* CRC-32C: see crc32c.h. */
#include "crc32c.h"

#include <isa-l/crc.h>

/* The library counts in int. */
#define CHUNK_BYTES (1u << 30)

uint32_t base_crc32c(const void *data, size_t len) {
    const unsigned char *at = data;
    uint32_t crc = 0xffffffffu;
    while (len > 0) {
        size_t n = len < CHUNK_BYTES ? len : CHUNK_BYTES;
        crc = crc32_iscsi((unsigned char *)at, (int)n, crc);
        at += n;
        len -= n;
    }
    return ~crc;
}
