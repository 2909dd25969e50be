/* What stands before the protocol: logins that no client would try, and bytes that are no TLS. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/text.h"
#include "hostile.h"
#include "mock/wire/api.h"
#include "mock/wire/header.h"
#include "mock/wire/sasl_authenticate.h"
#include "mock/wire/sasl_handshake.h"

#define CROWD 32
#define TRIPS 200
#define MAX_FRAMES_OF_ONE 8

static const char *const mechanisms[] = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER",
                                         "GSSAPI"};
#define MECHANISMS (sizeof(mechanisms) / sizeof(mechanisms[0]))

/* The first is right: it logs in. */
#define TOKEN(text)                                                                                \
    { (const uint8_t *)(text), sizeof(text) - 1 }
static const struct base_slice tokens[] = {
    TOKEN("\0alice\0" HOSTILE_PASSWORD),
    TOKEN("\0alice\0wrong"),
    TOKEN("bob\0alice\0" HOSTILE_PASSWORD),
    TOKEN("n,,n=alice,r=fyko+d2lbbFgONRv9qkxdawL"),
    TOKEN("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="),
    TOKEN("n,,\001auth=Bearer eyJhbGciOiJub25lIn0."
          "eyJzdWIiOiJhIiwiZXhwIjo5OTk5OTk5OTk5fQ.\001\001"),
};
#define TOKENS (sizeof(tokens) / sizeof(tokens[0]))

static struct base_builder *begin(struct base_builder *b, int16_t api, int16_t version) {
    struct mock_request_header header = {api, version, 1, base_slice_str("hostile")};
    base_builder_init(b, BASE_MIB);
    mock_request_header_encode(b, &header);
    return b;
}

static int add_logins(struct hostile_seeds *seeds) {
    struct base_builder b;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < MECHANISMS; i++) {
        struct mock_sasl_handshake_request request = {base_slice_str(mechanisms[i])};
        for (int16_t version = 0; rc == 0 && version <= 1; version++) {
            mock_sasl_handshake_request_encode(begin(&b, MOCK_API_SASL_HANDSHAKE, version), version,
                                               &request);
            rc = hostile_seeds_add(seeds, &b);
        }
    }
    for (size_t i = 0; rc == 0 && i < TOKENS; i++) {
        struct mock_sasl_authenticate_request request = {tokens[i]};
        for (int16_t version = 0; rc == 0 && version <= 2; version++) {
            mock_sasl_authenticate_request_encode(begin(&b, MOCK_API_SASL_AUTHENTICATE, version),
                                                  version, &request);
            rc = hostile_seeds_add(seeds, &b);
        }
    }
    return rc;
}

/* Sends a seed as it is. */
static bool send_whole(int fd, struct base_slice seed) {
    struct base_builder b;
    base_builder_init(&b, BASE_MIB);
    size_t slot = base_put_slot_u32(&b);
    base_put_slice(&b, seed);
    base_patch_length(&b, slot);
    bool sent = hostile_send(fd, base_builder_slice(&b));
    base_builder_clean_up(&b);
    return sent;
}

/* -- one connection after another, 32 at a time -- */

typedef void greet_fn(struct hostile_attack *attack, const struct hostile_seeds *own, int fd);

struct front {
    uint16_t port;
    const struct hostile_seeds *own;
    greet_fn *greet;
};

struct member {
    int fd;
    size_t sent;
};

static int attack_once(struct hostile_attack *attack, const struct front *front, struct member *m,
                       struct base_builder *frame) {
    struct hostile_chance *chance = &attack->chance;
    if (m->fd >= 0 && (m->sent >= MAX_FRAMES_OF_ONE || !hostile_drain(m->fd))) {
        hostile_close(m->fd, hostile_below(chance, 2) == 0);
        m->fd = -1;
    }
    if (m->fd < 0) {
        *m = (struct member){hostile_connect_to(front->port), 0};
        if (m->fd < 0) {
            return -1;
        }
        front->greet(attack, front->own, m->fd);
    }
    hostile_mutate(chance, hostile_below(chance, 4) ? front->own : attack->seeds, frame);
    m->sent++;
    (void)hostile_send(m->fd, base_builder_slice(frame));
    return 0;
}

static int assail(struct hostile_attack *attack, const struct front *front) {
    struct member crowd[CROWD];
    struct base_builder frame;
    int rc = front->port ? 0 : -1;
    if (rc < 0) {
        fprintf(stderr, "this attack needs a broker of its own\n");
    }
    for (size_t i = 0; i < CROWD; i++) {
        crowd[i].fd = -1;
    }
    base_builder_init(&frame, BASE_MAX_FRAME_BYTES + BASE_MIB);
    for (uint64_t n = 0; n < attack->count && rc == 0; n++) {
        rc = attack_once(attack, front, &crowd[n % CROWD], &frame);
        if (rc == 0 && n % (attack->count / TRIPS + 1) == 0) {
            rc = hostile_polite_trip(attack->polite);
        }
    }
    for (size_t i = 0; i < CROWD; i++) {
        if (crowd[i].fd >= 0) {
            hostile_close(crowd[i].fd, false);
        }
    }
    base_builder_clean_up(&frame);
    return rc;
}

/* -- logins -- */

/* Begins well, mostly: handshake 1 of a mechanism; now and then the right password too. */
static void greet_login(struct hostile_attack *attack, const struct hostile_seeds *own, int fd) {
    size_t what = hostile_below(&attack->chance, 8);
    if (what == 0) {
        return;
    }
    size_t mechanism = what == 1 ? 0 : hostile_below(&attack->chance, MECHANISMS);
    (void)send_whole(fd, own->all[2 * mechanism + 1].frame);
    if (what <= 2) {
        (void)send_whole(fd, own->all[2 * MECHANISMS + 3 * (what - 1)].frame);
    }
}

int hostile_login(struct hostile_attack *attack) {
    struct hostile_seeds own = {0};
    struct front front = {attack->server->login_port, &own, greet_login};
    int rc = add_logins(&own);
    rc = rc ? rc : assail(attack, &front);
    hostile_seeds_free(&own);
    return rc;
}

/* -- TLS -- */

/* A ClientHello of TLS 1.2 and 1.3. */
static const char hello_hex[] =
    "16030100ee010000ea03037db09a6900437d99ca6e0940511c682a68021c4e999568af65b5590b69"
    "75bcac20f02474b1ba6e3b207419fcb410691b9a3596d1d28aa0b13fc4484a2b33dbba07000c1302"
    "13031301c02fc02b00ff01000095000b000403000102000a00160014001d0017001e001900180100"
    "0101010201030104002300000016000000170000000d002a0028040305030603080708080809080a"
    "080b080408050806040105010601030303010302040205020602002b00050403040303002d000201"
    "01003300260024001d0020d0b25a56c6df4b582780e5cc927486464a80075bf0c2a57a2f720b926e"
    "f9d92a";

/* Half of them get as far as the server's certificate; the rest of what they send is no TLS. */
static void greet_tls(struct hostile_attack *attack, const struct hostile_seeds *own, int fd) {
    uint8_t bytes[512];
    struct base_slice hello = own->all[0].frame;
    size_t len = hello.len < sizeof(bytes) ? hello.len : sizeof(bytes);
    memcpy(bytes, hello.data, len);
    if (hostile_below(&attack->chance, 2)) {
        for (size_t n = 1 + hostile_below(&attack->chance, 8); n > 0; n--) {
            bytes[hostile_below(&attack->chance, len)] ^=
                (uint8_t)(1u << hostile_below(&attack->chance, 8));
        }
        len -= hostile_below(&attack->chance, len);
    }
    (void)hostile_send(fd, base_slice_of(bytes, len));
}

int hostile_tls(struct hostile_attack *attack) {
    struct hostile_seeds own = {0};
    struct base_builder b;
    struct front front = {attack->server->tls_port, &own, greet_tls};
    base_builder_init(&b, BASE_KIB);
    bool good = base_put_hex_decoded(&b, base_slice_str(hello_hex));
    int rc = good ? hostile_seeds_add(&own, &b) : -1;
    rc = rc ? rc : assail(attack, &front);
    base_builder_clean_up(&b);
    hostile_seeds_free(&own);
    return rc;
}
