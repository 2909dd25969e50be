/*
 * Certificates made when they are needed: an authority, and what it signs (ECDSA over P-256, valid
 * from yesterday for ten years). For tests alone: the authority's key is in memory only, and gone
 * with it.
 */
#pragma once
#include "base/attrs.h"
#include "base/error.h"

struct mock_authority;

int mock_authority_new(struct mock_authority **ret_authority, struct base_error *err) BASE_MUST_USE;
void mock_authority_free(struct mock_authority *authority);
/* Its own certificate, PEM; borrowed. */
const char *mock_authority_pem(const struct mock_authority *authority);
/* Signs a certificate for a new key, with the subject "CN=common_name,O=ktrial". alternative_names:
 * of a server, "DNS:localhost,IP:127.0.0.1"; NULL for a client. Both results are PEM, base_free. */
int mock_authority_issue(struct mock_authority *authority, const char *common_name,
                         const char *alternative_names, char **ret_certificate_pem,
                         char **ret_key_pem, struct base_error *err) BASE_MUST_USE;
