/* Certificates made when they are needed: see certificate.h. */
#include "mock/security/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"

#define DAY_SECONDS 86400L
#define VALID_SECONDS (3650L * DAY_SECONDS)
#define SERIAL_BYTES 16
#define ORGANIZATION "ktrial"

struct mock_authority {
    EVP_PKEY *key;
    X509 *certificate;
    char *pem;
};

static int fail(struct base_error *err, const char *what) {
    char text[160] = "no memory";
    unsigned long code = ERR_get_error();
    if (code) {
        ERR_error_string_n(code, text, sizeof(text));
    }
    ERR_clear_error();
    return base_fail(err, code ? BASE_USAGE : BASE_NO_MEMORY, "cannot make %s: %s", what, text);
}

static bool set_serial(X509 *x) {
    uint8_t bytes[SERIAL_BYTES];
    BIGNUM *number = NULL;
    bool good = RAND_bytes(bytes, sizeof(bytes)) == 1;
    bytes[0] &= 0x7f; /* positive */
    number = good ? BN_bin2bn(bytes, sizeof(bytes), NULL) : NULL;
    good = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x));
    BN_free(number);
    return good;
}

static bool set_subject(X509 *x, const char *common_name) {
    X509_NAME *name = X509_get_subject_name(x);
    return X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const uint8_t *)ORGANIZATION, -1,
                                      -1, 0) == 1 &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const uint8_t *)common_name, -1,
                                      -1, 0) == 1;
}

static bool add_extension(X509 *x, X509 *issuer, int nid, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, x, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool good = extension && X509_add_ext(x, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return good;
}

/* All but the issuer, the extensions and the signature. */
static X509 *draft(EVP_PKEY *key, const char *common_name) {
    X509 *x = X509_new();
    bool good = x && X509_set_version(x, X509_VERSION_3) == 1 && set_serial(x) &&
                X509_gmtime_adj(X509_getm_notBefore(x), -DAY_SECONDS) &&
                X509_gmtime_adj(X509_getm_notAfter(x), VALID_SECONDS) &&
                X509_set_pubkey(x, key) == 1 && set_subject(x, common_name);
    if (!good) {
        X509_free(x);
        return NULL;
    }
    return x;
}

/* What was written to a memory BIO, as a string of ours. */
static char *text_of(BIO *bio) {
    char *data = NULL;
    long len = BIO_get_mem_data(bio, &data);
    return len > 0 ? base_strndup(data, (size_t)len) : NULL;
}

static char *certificate_pem(X509 *x) {
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = bio && PEM_write_bio_X509(bio, x) == 1 ? text_of(bio) : NULL;
    BIO_free(bio);
    return text;
}

static char *key_pem(EVP_PKEY *key) {
    BIO *bio = BIO_new(BIO_s_mem());
    bool good = bio && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1;
    char *text = good ? text_of(bio) : NULL;
    BIO_free(bio);
    return text;
}

int mock_authority_new(struct mock_authority **ret_authority, struct base_error *err) {
    struct mock_authority *a = base_alloc_zero(sizeof(*a));
    if (!a) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for an authority");
    }
    a->key = EVP_EC_gen("P-256");
    a->certificate = a->key ? draft(a->key, "ktrial authority") : NULL;
    X509 *x = a->certificate;
    bool good = x && X509_set_issuer_name(x, X509_get_subject_name(x)) == 1 &&
                add_extension(x, x, NID_basic_constraints, "critical,CA:TRUE") &&
                add_extension(x, x, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                add_extension(x, x, NID_subject_key_identifier, "hash") &&
                X509_sign(x, a->key, EVP_sha256()) > 0;
    a->pem = good ? certificate_pem(x) : NULL;
    if (!a->pem) {
        mock_authority_free(a);
        return fail(err, "an authority");
    }
    *ret_authority = a;
    return 0;
}

void mock_authority_free(struct mock_authority *a) {
    if (a) {
        EVP_PKEY_free(a->key);
        X509_free(a->certificate);
        base_free(a->pem);
        base_free(a);
    }
}

const char *mock_authority_pem(const struct mock_authority *authority) {
    return authority->pem;
}

static bool sign(struct mock_authority *a, X509 *x, const char *alternative_names) {
    const char *usage = alternative_names ? "serverAuth" : "clientAuth";
    return X509_set_issuer_name(x, X509_get_subject_name(a->certificate)) == 1 &&
           add_extension(x, a->certificate, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(x, a->certificate, NID_key_usage, "critical,digitalSignature") &&
           add_extension(x, a->certificate, NID_ext_key_usage, usage) &&
           add_extension(x, a->certificate, NID_subject_key_identifier, "hash") &&
           add_extension(x, a->certificate, NID_authority_key_identifier, "keyid") &&
           (!alternative_names ||
            add_extension(x, a->certificate, NID_subject_alt_name, alternative_names)) &&
           X509_sign(x, a->key, EVP_sha256()) > 0;
}

int mock_authority_issue(struct mock_authority *authority, const char *common_name,
                         const char *alternative_names, char **ret_certificate_pem,
                         char **ret_key_pem, struct base_error *err) {
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = key ? draft(key, common_name) : NULL;
    bool good = x && sign(authority, x, alternative_names);
    char *certificate = good ? certificate_pem(x) : NULL;
    char *secret = certificate ? key_pem(key) : NULL;
    X509_free(x);
    EVP_PKEY_free(key);
    if (!secret) {
        base_free(certificate);
        return fail(err, "a certificate");
    }
    *ret_certificate_pem = certificate;
    *ret_key_pem = secret;
    return 0;
}
