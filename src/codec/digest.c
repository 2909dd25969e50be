/* SHA-1 and SHA-256: the only file that knows OpenSSL. */
#include <openssl/evp.h>

#include "codec/message.h"

static int digest(const EVP_MD *md, const char *name, struct base_slice bytes, uint8_t *ret_digest,
                  struct base_error *err) {
    unsigned len = 0;
    if (EVP_Digest(bytes.data ? bytes.data : (const uint8_t *)"", bytes.len, ret_digest, &len, md,
                   NULL) != 1) {
        return base_fail(err, BASE_UNSUPPORTED, "OpenSSL does not compute %s here", name);
    }
    return 0;
}

int journal_sha1(struct base_slice bytes, uint8_t ret_digest[JOURNAL_ID_BYTES],
                 struct base_error *err) {
    return digest(EVP_sha1(), "SHA-1", bytes, ret_digest, err);
}

int journal_sha256(struct base_slice bytes, uint8_t ret_digest[JOURNAL_SHA256_BYTES],
                   struct base_error *err) {
    return digest(EVP_sha256(), "SHA-256", bytes, ret_digest, err);
}
