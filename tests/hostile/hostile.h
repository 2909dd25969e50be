/*
 * A hostile crowd before a running broker, and one polite client among it: what all files of the
 * program share. The broker is a process of its own, so that its death is seen and its memory can
 * be read. One thread; nothing sleeps: each polite round trip is the pace.
 */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/builder.h"
#include "base/slice.h"

/* Of alice, who may log in. */
#define HOSTILE_PASSWORD "alice-secret"

/* What a broker may grow by, after whatever was done to it. */
#if defined(__SANITIZE_ADDRESS__)
/* AddressSanitizer keeps what was freed, to see who uses it still. */
#define HOSTILE_MAX_GROWTH_BYTES (1024u * 1024u * 1024u)
#else
#define HOSTILE_MAX_GROWTH_BYTES (16u * 1024u * 1024u)
#endif

/* -- the broker under attack (server.c) -- */
struct hostile_server {
    uint16_t port;
    uint16_t login_port;        /* SASL_PLAINTEXT; 0: somebody else's broker */
    uint16_t tls_port;          /* SASL_SSL */
    pid_t pid;
    bool ours;                  /* a child; else somebody else's, by --at and --pid */
    atomic_uint_fast64_t *seen; /* frames that a child has read; NULL: not known */
};
/* Forks a broker; returns 0, or -1 and says why. */
int hostile_server_start(struct hostile_server *server);
void hostile_server_stop(struct hostile_server *server);
/* Frames that it has read; UINT64_MAX where that is not known. */
uint64_t hostile_server_seen(const struct hostile_server *server);
/* Has it not ended? Says how it did. */
bool hostile_server_lives(const struct hostile_server *server);
uint64_t hostile_server_resident_bytes(const struct hostile_server *server);
/* Open descriptors; -1 where they cannot be listed. */
int hostile_server_descriptors(const struct hostile_server *server);

/* -- chance, the same for the same seed (mutate.c) -- */
struct hostile_chance {
    uint64_t state;
};
/* 0 to below - 1. */
size_t hostile_below(struct hostile_chance *chance, size_t below);

/* -- good requests to begin with (seeds.c) -- */
struct hostile_seed {
    struct base_slice frame; /* without its length */
};
struct hostile_seeds {
    struct hostile_seed *all;
    size_t count, cap;
};
/* Reads golden bodies ("Api request version kind hex") and captured requests ("key version hex").
 */
int hostile_seeds_read(struct hostile_seeds *seeds, const char *golden, const char *captured);
/* Takes the frame out of the builder. */
int hostile_seeds_add(struct hostile_seeds *seeds, struct base_builder *frame);
/* Produce requests whose batches are bombs: they claim, or inflate to, more than a broker takes. */
int hostile_seeds_add_bombs(struct hostile_seeds *seeds);
void hostile_seeds_free(struct hostile_seeds *seeds);

/* -- frames that no client would send (mutate.c) -- */
/* Writes one frame, with a length that may lie. */
void hostile_mutate(struct hostile_chance *chance, const struct hostile_seeds *seeds,
                    struct base_builder *ret_frame);

/* -- sockets (socket.c) -- */
int hostile_connect(const struct hostile_server *server);
int hostile_connect_to(uint16_t port);
/* Sends without waiting; false: the connection takes no more, or is gone. */
bool hostile_send(int fd, struct base_slice bytes);
/* Takes what came, without waiting; false: the broker has closed it. */
bool hostile_drain(int fd);
/* hard: with an RST. */
void hostile_close(int fd, bool hard);

/* -- the polite client (polite.c) -- */
struct hostile_polite {
    int fd;
    int32_t correlation_id;
    uint64_t trips;
};
int hostile_polite_open(struct hostile_polite *polite, const struct hostile_server *server);
void hostile_polite_close(struct hostile_polite *polite);
/* Produces a record and reads it back, byte by byte the same. 0; -1 says what went wrong. */
int hostile_polite_trip(struct hostile_polite *polite);
/* Appends so many bytes, in batches of half a megabyte, to what a reader may ask for. */
int hostile_polite_fill(struct hostile_polite *polite, size_t bytes);

/* -- the attacks; each returns 0, or -1 and says what failed -- */
struct hostile_attack {
    struct hostile_server *server;
    struct hostile_polite *polite;
    const struct hostile_seeds *seeds;
    struct hostile_chance chance;
    uint64_t count;
};
int hostile_frames(struct hostile_attack *attack);      /* frames.c */
int hostile_connections(struct hostile_attack *attack); /* connections.c */
int hostile_slow(struct hostile_attack *attack);        /* slow.c */
int hostile_login(struct hostile_attack *attack);       /* front.c */
int hostile_tls(struct hostile_attack *attack);         /* front.c */
