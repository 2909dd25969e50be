/* The digests under which a secret would still be recognised. (OpenSSL stays in digest.c.) */
#pragma once
#include "base/slice.h"

enum trial_digest { TRIAL_MD5, TRIAL_SHA1, TRIAL_SHA256, TRIAL_DIGEST_COUNT };
#define TRIAL_DIGEST_MAX_BYTES 32

/* Writes the digest; its length, or 0 when the library refuses (a FIPS build has no MD5). */
size_t trial_digest_of(enum trial_digest digest, struct base_slice bytes,
                       uint8_t ret_digest[TRIAL_DIGEST_MAX_BYTES]);
