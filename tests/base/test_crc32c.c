/* Tests of CRC-32C: the vectors of RFC 3720, appendix B.4, and a bit-by-bit model. */
#include <string.h>

#include "base/crc32c.h"
#include "suites.h"
#include "t_run.h"

/* The definition: polynomial 0x1edc6f41, reflected. */
static uint32_t model(const uint8_t *data, size_t len) {
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < len; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ (crc & 1 ? 0x82f63b78u : 0);
        }
    }
    return ~crc;
}

static void the_vectors_of_rfc_3720_hold(void) {
    uint8_t bytes[32];
    memset(bytes, 0, sizeof(bytes));
    T_EQUAL_INT(base_crc32c(bytes, sizeof(bytes)), 0x8a9136aa);
    memset(bytes, 0xff, sizeof(bytes));
    T_EQUAL_INT(base_crc32c(bytes, sizeof(bytes)), 0x62a8ab43);
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t)i;
    }
    T_EQUAL_INT(base_crc32c(bytes, sizeof(bytes)), 0x46dd794e);
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t)(31 - i);
    }
    T_EQUAL_INT(base_crc32c(bytes, sizeof(bytes)), 0x113fdb5c);
    static const uint8_t read_command[48] = {
        0x01, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00,
        0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x18, 0x28, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    };
    T_EQUAL_INT(base_crc32c(read_command, sizeof(read_command)), 0xd9963a56);
}

static void the_check_value_of_the_catalogue_holds(void) {
    T_EQUAL_INT(base_crc32c("123456789", 9), 0xe3069283);
}

static void nothing_has_the_checksum_zero(void) {
    T_EQUAL_INT(base_crc32c("", 0), 0);
    T_EQUAL_INT(base_crc32c(NULL, 0), 0);
}

static void every_length_and_alignment_agrees_with_the_definition(void) {
    uint8_t bytes[300];
    uint32_t state = 1;
    for (size_t i = 0; i < sizeof(bytes); i++) {
        state = state * 1664525u + 1013904223u;
        bytes[i] = (uint8_t)(state >> 24);
    }
    for (size_t start = 0; start < 16; start++) {
        for (size_t len = 0; start + len <= sizeof(bytes); len++) {
            uint32_t actual = base_crc32c(bytes + start, len);
            if (!T_EQUAL_INT(actual, model(bytes + start, len))) {
                return;
            }
        }
    }
}

static void one_flipped_bit_changes_it(void) {
    uint8_t bytes[64] = {7};
    uint32_t whole = base_crc32c(bytes, sizeof(bytes));
    for (size_t bit = 0; bit < 8 * sizeof(bytes); bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        T_TRUE(base_crc32c(bytes, sizeof(bytes)) != whole);
        bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
}

CU_SuiteInfo *suite_base_crc32c(void) {
    static CU_TestInfo tests[] = {
        {"the_vectors_of_rfc_3720_hold", the_vectors_of_rfc_3720_hold},
        {"the_check_value_of_the_catalogue_holds", the_check_value_of_the_catalogue_holds},
        {"nothing_has_the_checksum_zero", nothing_has_the_checksum_zero},
        {"every_length_and_alignment_agrees_with_the_definition",
         every_length_and_alignment_agrees_with_the_definition},
        {"one_flipped_bit_changes_it", one_flipped_bit_changes_it},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"base/crc32c", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
