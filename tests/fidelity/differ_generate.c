/*
 * Makes programs from the tables of rooms. Values of a word:
 *
 *   a|b|c        one of them
 *   {version}    a version of the step's API that is served
 *   {seq}        mostly the next sequence of the step's producer in its partition
 *
 * A program is a function of room, seed and number; nothing else has a part in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "differ.h"
#include "mock/wire/api.h"

#define MAX_SEQUENCES 16

struct maker {
    uint64_t state;
    const struct differ_room *room;
    char *out;
    size_t len;
    /* What a producer has sent to a partition, if all was taken: "as=p partition=0". */
    struct {
        char key[48];
        int next;
    } sequences[MAX_SEQUENCES];
    size_t sequence_count;
    bool waits[FID_PEERS]; /* connections with something that was only sent */
};

/* splitmix64 */
static uint64_t draw(struct maker *m) {
    uint64_t z = (m->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static int below(struct maker *m, int n) {
    return n > 0 ? (int)(draw(m) % (unsigned)n) : 0;
}

static void put(struct maker *m, const char *text, size_t len) {
    if (m->len + len + 1 < DIFFER_PROGRAM_BYTES) {
        memcpy(m->out + m->len, text, len);
        m->len += len;
        m->out[m->len] = '\0';
    }
}

static void put_str(struct maker *m, const char *text) {
    put(m, text, strlen(text));
}

/* One of the alternatives of text, whose length is len. */
static void choose(struct maker *m, const char *text, size_t len, char *ret, size_t ret_bytes) {
    int count = 1;
    for (size_t i = 0; i < len; i++) {
        count += text[i] == '|';
    }
    int chosen = below(m, count);
    for (; chosen > 0; chosen--) {
        size_t skip = (size_t)((const char *)memchr(text, '|', len) - text) + 1;
        text += skip;
        len -= skip;
    }
    const char *end = memchr(text, '|', len);
    (void)snprintf(ret, ret_bytes, "%.*s", (int)(end ? (size_t)(end - text) : len), text);
}

/* The value of a word that the step already has; "" if it has not. */
static void value_of(const char *step, const char *name, char *ret, size_t ret_bytes) {
    char with[40];
    (void)snprintf(with, sizeof(with), " %s=", name);
    const char *at = strstr(step, with);
    size_t len = at ? strcspn(at + strlen(with), " ") : 0;
    (void)snprintf(ret, ret_bytes, "%.*s", (int)len, at ? at + strlen(with) : "");
}

static int *sequence_of(struct maker *m, const char *step) {
    char as[16], pid[16], partition[16], key[48];
    value_of(step, "as", as, sizeof(as));
    value_of(step, "pid", pid, sizeof(pid));
    value_of(step, "partition", partition, sizeof(partition));
    (void)snprintf(key, sizeof(key), "%s/%s/%s", as, pid, partition);
    for (size_t i = 0; i < m->sequence_count; i++) {
        if (strcmp(m->sequences[i].key, key) == 0) {
            return &m->sequences[i].next;
        }
    }
    size_t i = m->sequence_count < MAX_SEQUENCES ? m->sequence_count++ : 0;
    (void)snprintf(m->sequences[i].key, sizeof(m->sequences[i].key), "%s", key);
    m->sequences[i].next = 0;
    return &m->sequences[i].next;
}

/* An epoch of its own begins the sequences of a producer again. */
static void begin_sequences(struct maker *m, const char *step) {
    char as[16];
    value_of(step, "as", as, sizeof(as));
    for (size_t i = 0; i < m->sequence_count; i++) {
        size_t len = strlen(as);
        if (strncmp(m->sequences[i].key, as, len) == 0 && m->sequences[i].key[len] == '/') {
            m->sequences[i].next = 0;
        }
    }
}

static void expand(struct maker *m, const char *step, const char *verb, char *value, size_t bytes) {
    if (strcmp(value, "{version}") == 0) {
        const struct mock_api_info *api = mock_api_find(fid_verb_find(verb)->api);
        (void)snprintf(value, bytes, "%d",
                       api->min_version + below(m, api->max_version - api->min_version + 1));
    } else if (strcmp(value, "{seq}") == 0) {
        char n[16];
        value_of(step, "n", n, sizeof(n));
        int *next = sequence_of(m, step);
        bool plain = below(m, 10) < 7;
        (void)snprintf(value, bytes, "%d", plain ? *next : below(m, 7));
        *next += !plain ? 0 : n[0] ? (int)strtol(n, NULL, 10) : 1;
    }
}

/* Connections of members; what was only sent is awaited at the end. */
static void finish_step(struct maker *m, const char *verb, bool send, char *step, size_t bytes) {
    char text[16];
    value_of(step, "as", text, sizeof(text));
    if (m->room->members && text[0] >= 'a' && text[0] <= 'd' && !strstr(step, " on=")) {
        size_t len = strlen(step);
        (void)snprintf(step + len, bytes - len, " on=%d", text[0] - 'a' + 1);
    }
    value_of(step, "on", text, sizeof(text));
    long on = strtol(text, NULL, 10);
    m->waits[on % FID_PEERS] = m->waits[on % FID_PEERS] || send;
    if (strcmp(verb, "init") == 0 || strcmp(verb, "end-txn") == 0) {
        begin_sequences(m, step);
    }
    put_str(m, send ? "send " : "");
    put_str(m, step);
    put_str(m, "\n");
}

static void make_step(struct maker *m, const char *text) {
    char step[900] = "";
    char verb[40] = "";
    size_t len = 0;
    bool send = false;
    for (const char *at = text; *at; at += *at == ' ') {
        size_t n = strcspn(at, " ");
        const char *percent = memchr(at, '%', n);
        const char *word = percent ? percent + 1 : at;
        bool taken = !percent || below(m, 100) < (int)strtol(at, NULL, 10);
        size_t word_len = n - (size_t)(word - at);
        const char *equals = memchr(word, '=', word_len);
        at += n;
        if (!taken) {
            continue;
        }
        if (word_len == 4 && strncmp(word, "send", 4) == 0) {
            send = true;
        } else if (!equals) {
            (void)snprintf(verb, sizeof(verb), "%.*s", (int)word_len, word);
            len += (size_t)snprintf(step + len, sizeof(step) - len, "%s", verb);
        } else {
            char value[400];
            size_t name_len = (size_t)(equals - word);
            choose(m, equals + 1, word_len - name_len - 1, value, sizeof(value));
            expand(m, step, verb, value, sizeof(value));
            len += (size_t)snprintf(step + len, sizeof(step) - len, " %.*s=%s", (int)name_len, word,
                                    value);
        }
        if (len >= sizeof(step)) {
            return;
        }
    }
    finish_step(m, verb, send, step, sizeof(step));
}

static const char *choose_step(struct maker *m) {
    int total = 0;
    const struct differ_step *s = m->room->steps;
    for (; s->weight > 0; s++) {
        total += s->weight;
    }
    int at = below(m, total);
    for (s = m->room->steps; at >= s->weight; s++) {
        at -= s->weight;
    }
    return s->text;
}

void differ_generate(const struct differ_room *room, uint64_t seed, unsigned number,
                     char ret_text[DIFFER_PROGRAM_BYTES]) {
    struct maker m = {.state = seed * 1000003u + number, .room = room, .out = ret_text};
    for (const char *at = room->name; *at; at++) {
        m.state = m.state * 31u + (unsigned char)*at;
    }
    char text[256];
    ret_text[0] = '\0';
    (void)snprintf(text, sizeof(text), "= seed %llu room %s number %u\nfrom: found by differ\n",
                   (unsigned long long)seed, room->name, number);
    put_str(&m, text);
    choose(&m, room->topics, strlen(room->topics), text, sizeof(text));
    put_str(&m, text[0] ? "topic: " : "");
    put_str(&m, text);
    put_str(&m, text[0] ? "\n" : "");
    put_str(&m, room->logins ? "logins: yes\n" : "");
    put_str(&m, room->prelude);
    int count = room->min_steps + below(&m, room->max_steps - room->min_steps + 1);
    for (int i = 0; i < count; i++) {
        make_step(&m, choose_step(&m));
    }
    for (int i = 0; i < FID_PEERS; i++) {
        if (m.waits[i]) {
            (void)snprintf(text, sizeof(text), "await on=%d\n", i);
            put_str(&m, text);
        }
    }
}
