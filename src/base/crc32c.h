/* CRC-32C (Castagnoli), as Kafka's record batches carry it; the CPU's instruction where it has one
 * (library: Intel ISA-L). */
#pragma once
#include <stddef.h>
#include <stdint.h>

uint32_t base_crc32c(const void *data, size_t len);
