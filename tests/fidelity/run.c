/* Carries out one case: asks, puts the answer into words, compares the words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "fidelity.h"
#include "mock/wire/error_names.h"
#include "mock/wire/header.h"

#define SAID_BYTES (256u * BASE_KIB)
/* A watchdog: what has to come comes, however busy the machine is; what must not wait would wait
 * for longer. The bare mock leaves many a question unanswered, and nobody judges it. */
#define PATIENCE_MS 120000
#define BARE_PATIENCE_MS 12000
#define ARENA_BYTES (64u * BASE_MIB)

/* -- arguments -- */

static const char *find(const struct fid_step *step, const char *name) {
    for (size_t i = 0; i < step->pair_count; i++) {
        if (strcmp(step->pairs[i].name, name) == 0) {
            return step->pairs[i].value;
        }
    }
    return NULL;
}

bool fid_has(const struct fid_step *step, const char *name) {
    return find(step, name) != NULL;
}

/* Puts the name of the case's topic (and group) in for each $t and $g. */
static const char *fill(struct fid_run *run, const char *value) {
    const char *sign = value ? strstr(value, "$t") : NULL;
    sign = sign ? sign : value ? strstr(value, "$g") : NULL;
    if (!sign) {
        return value;
    }
    size_t bytes = strlen(value) + strlen(run->unique) + 1;
    char *filled = base_arena_alloc(&run->arena, bytes);
    if (filled) {
        (void)snprintf(filled, bytes, "%.*s%s%s", (int)(sign - value), value, run->unique,
                       sign + 2);
    }
    return fill(run, filled); /* the next one */
}

const char *fid_str(struct fid_run *run, const struct fid_step *step, const char *name,
                    const char *def) {
    const char *value = find(step, name);
    return fill(run, value ? value : def);
}

int64_t fid_num(struct fid_run *run, const struct fid_step *step, const char *name, int64_t def) {
    const char *value = find(step, name);
    if (!value) {
        return def;
    }
    int64_t number = (int64_t)strtoll(value, NULL, 0);
    return value[0] == '+' ? run->now_ms + number : number;
}

struct base_slice fid_slice(struct fid_run *run, const struct fid_step *step, const char *name,
                            const char *def) {
    const char *value = fid_str(run, step, name, def);
    return value && strcmp(value, "null") != 0 ? base_slice_str(value) : BASE_SLICE_NULL;
}

struct base_slice *fid_list(struct fid_run *run, const struct fid_step *step, const char *name,
                            const char *def, size_t *ret_count) {
    const char *at = fid_str(run, step, name, def);
    size_t max = at ? strlen(at) + 1 : 0;
    struct base_slice *items = base_arena_alloc_array(&run->arena, max, sizeof(*items));
    *ret_count = 0;
    while (at && items) {
        size_t len = strcspn(at, ",");
        bool is_null = len == 4 && strncmp(at, "null", 4) == 0;
        items[(*ret_count)++] = is_null ? BASE_SLICE_NULL : base_slice_of(at, len);
        at = at[len] ? at + len + 1 : NULL;
    }
    return items;
}

int32_t *fid_numbers(struct fid_run *run, const struct fid_step *step, const char *name,
                     const char *def, size_t *ret_count) {
    struct base_slice *items = fid_list(run, step, name, def, ret_count);
    int32_t *numbers = base_arena_alloc_array(&run->arena, *ret_count, sizeof(*numbers));
    for (size_t i = 0; numbers && i < *ret_count; i++) {
        numbers[i] = (int32_t)strtol((const char *)items[i].data, NULL, 0);
    }
    return numbers;
}

struct fid_member *fid_member(struct fid_run *run, const struct fid_step *step, const char *arg) {
    const char *name = fid_str(run, step, arg, "me");
    for (size_t i = 0; i < FID_MEMBERS; i++) {
        struct fid_member *m = &run->members[i];
        if (!m->name[0]) {
            (void)snprintf(m->name, sizeof(m->name), "%s", name);
            m->generation = -1;
            m->producer_id = -1;
            m->epoch = -1;
        }
        if (strcmp(m->name, name) == 0) {
            return m;
        }
    }
    fprintf(stderr, "%s:%d: too many members\n", run->c->file, step->line);
    exit(2);
}

/* -- words -- */

void fid_say_error(struct fid_run *run, const char *prefix, int16_t code) {
    base_put_format(&run->said, "%s%s ", prefix, mock_error_to_str(code));
}

void fid_say_text(struct fid_run *run, const char *name, struct base_slice text) {
    base_put_format(&run->said, "%s=", name);
    if (base_slice_is_null(text)) {
        base_put_str(&run->said, "null");
    }
    for (size_t i = 0; i < text.len; i++) {
        base_put_u8(&run->said, text.data[i] <= ' ' ? '_' : text.data[i]);
    }
    base_put_str(&run->said, " ");
}

void fid_say_time(struct fid_run *run, const char *name, int64_t time_ms) {
    /* The log's own clock, or a time that the case gave. */
    if (time_ms < 0) {
        base_put_format(&run->said, "%s=%lld ", name, (long long)time_ms);
    } else {
        base_put_format(&run->said, "%s=%+lld ", name, (long long)(time_ms - run->now_ms));
    }
}

static bool has_word(const char *said, const char *word, size_t len) {
    for (const char *at = said; *at;) {
        at += strspn(at, " ");
        size_t n = strcspn(at, " ");
        if (n == len && strncmp(at, word, len) == 0) {
            return true;
        }
        at += n;
    }
    return false;
}

/* Every expected word is among those said, and none that is forbidden by a '!'. */
static bool matches(const char *said, const char *expect) {
    for (const char *at = expect; at && *at;) {
        at += strspn(at, " ");
        size_t len = strcspn(at, " ");
        bool forbidden = *at == '!';
        if (len > 0 && has_word(said, at + forbidden, len - forbidden) == forbidden) {
            return false;
        }
        at += len;
    }
    return true;
}

/* -- steps -- */

static struct fid_peer *peer_of(struct fid_run *run, const struct fid_step *step) {
    int64_t n = fid_num(run, step, "on", 0);
    struct fid_peer *p = &run->peers[n >= 0 && n < FID_PEERS ? n : 0];
    bool sasl = run->c->logins && n > 0 && n < FID_PEERS - 1;
    if (p->fd < 0 && !fid_peer_open(p, &run->server, sasl)) {
        base_put_str(&run->said, "refused ");
        return NULL;
    }
    return p;
}

static bool is_silent(struct fid_run *run, const struct fid_step *step) {
    return strcmp(step->verb, "produce") == 0 && fid_num(run, step, "acks", -1) == 0;
}

static void ask(struct fid_run *run, const struct fid_step *step, struct fid_peer *p) {
    const struct fid_verb *verb = fid_verb_find(step->verb);
    int16_t api = (int16_t)fid_num(run, step, "api", verb->api);
    int16_t usual = run->target == FID_BARE ? verb->bare_version : verb->version;
    int16_t version = (int16_t)fid_num(run, step, "version", usual);
    if (p->taken_count == p->sent_count) {
        p->taken_count = p->sent_count = 0;
    }
    int32_t id = ++p->last_correlation_id;
    base_builder_reset(&p->out);
    p->slot = base_put_slot_u32(&p->out);
    struct mock_request_header header = {api, version, id, base_slice_str("fidelity")};
    mock_request_header_encode(&p->out, &header);
    verb->ask(run, step, &p->out, version);
    base_patch_length(&p->out, p->slot);
    if (!base_builder_ok(&p->out)) {
        base_put_str(&run->said, "cannot-be-asked ");
    }
    fid_peer_send(p, base_builder_slice(&p->out));
    if (!is_silent(run, step) && p->sent_count < FID_MAX_SENT) {
        p->sent[p->sent_count].api = api;
        p->sent[p->sent_count].version = version;
        p->sent[p->sent_count].correlation_id = id;
        p->sent[p->sent_count].step = step;
        p->sent[p->sent_count++].verb = verb;
    }
}

/* The answer to the oldest request. */
static void take(struct fid_run *run, struct fid_peer *p, int patience_ms) {
    struct base_slice frame = BASE_SLICE_NULL;
    if (p->taken_count == p->sent_count) {
        base_put_str(&run->said, "nothing-asked ");
        return;
    }
    enum fid_got got = fid_peer_await(p, patience_ms, &frame);
    if (got != FID_GOT_FRAME) {
        base_put_str(&run->said, got == FID_GOT_CLOSED ? "closed " : "timeout ");
        return;
    }
    size_t n = p->taken_count++;
    struct base_reader body = base_reader_of(frame);
    int32_t id = 0;
    if (mock_response_header_decode(&body, p->sent[n].api, p->sent[n].version, &id) != 0 ||
        id != p->sent[n].correlation_id) {
        base_put_format(&run->said, "wrong-correlation-id ");
        return;
    }
    p->sent[n].verb->say(run, p->sent[n].step, &body, p->sent[n].version);
    if (!base_reader_ok(&body)) {
        base_put_str(&run->said, "malformed ");
    }
}

bool fid_has_said(struct fid_run *run, const char *words) {
    base_put_u8(&run->said, 0);
    bool good = base_builder_ok(&run->said) && matches((const char *)run->said.data, words);
    run->said.len -= good || base_builder_ok(&run->said) ? 1 : 0;
    return good;
}

/* One step; its words are in run->said. */
static void carry_out_once(struct fid_run *run, const struct fid_step *step) {
    base_builder_reset(&run->said);
    struct fid_peer *p = peer_of(run, step);
    if (!p) {
        return;
    }
    int patience_ms = (int)fid_num(run, step, "within", run->patience_ms);
    if (strcmp(step->verb, "await") == 0) {
        take(run, p, patience_ms);
        return;
    }
    if (strcmp(step->verb, "hang-up") == 0) {
        fid_peer_close(p);
        return;
    }
    ask(run, step, p);
    if (is_silent(run, step)) {
        base_put_str(&run->said, "sent ");
    } else if (!step->send) {
        take(run, p, patience_ms);
    }
}

/* until=WORD asks again until the answer has it: for what another connection has set going. */
void fid_carry_out(struct fid_run *run, const struct fid_step *step) {
    const char *until = fid_str(run, step, "until", "");
    uint64_t end_ns = base_clock_monotonic_ns() + (uint64_t)run->patience_ms * 1000000u;
    do {
        carry_out_once(run, step);
    } while (!fid_has_said(run, until) && !fid_has_said(run, "closed") &&
             !fid_has_said(run, "timeout") && run->arena.used_bytes < ARENA_BYTES / 2 &&
             base_clock_monotonic_ns() < end_ns);
}

static bool run_steps(struct fid_run *run, struct fid_result *result) {
    for (size_t i = 0; i < run->c->step_count; i++) {
        const struct fid_step *step = &run->c->steps[i];
        fid_carry_out(run, step);
        if (run->watch) {
            run->watch->told(run, i);
        }
        bool good = fid_has_said(run, fill(run, step->expect));
        fid_run_tell(run, step->line, result);
        if (!good) {
            return false;
        }
    }
    return true;
}

void fid_run_tell(struct fid_run *run, int line, struct fid_result *result) {
    result->line = line;
    (void)snprintf(result->said, sizeof(result->said), "%.*s", (int)run->said.len,
                   run->said.len ? (const char *)run->said.data : "");
}

bool fid_run_said(struct fid_run *run, const char *words) {
    return fid_has_said(run, fill(run, words));
}

void fid_run_init(struct fid_run *run, const struct fid_case *c, enum fid_target target,
                  const char *unique) {
    *run = (struct fid_run){.c = c,
                            .target = target,
                            .unique = unique,
                            .now_ms = base_clock_wall_ms(),
                            .patience_ms = target == FID_BARE ? BARE_PATIENCE_MS : PATIENCE_MS};
    for (size_t i = 0; i < FID_PEERS; i++) {
        run->peers[i].fd = -1;
    }
    base_arena_init(&run->arena, ARENA_BYTES);
    base_builder_init(&run->said, SAID_BYTES);
}

void fid_run_clean_up(struct fid_run *run) {
    for (size_t i = 0; i < FID_PEERS; i++) {
        if (run->peers[i].fd >= 0) {
            fid_peer_close(&run->peers[i]);
        }
    }
    base_builder_clean_up(&run->said);
    base_arena_clean_up(&run->arena);
}

void fid_run_case(const struct fid_case *c, enum fid_target target, const char *oracle,
                  const char *unique, struct fid_result *ret_result) {
    fid_run_watched(c, target, oracle, unique, NULL, ret_result);
}

void fid_run_watched(const struct fid_case *c, enum fid_target target, const char *oracle,
                     const char *unique, const struct fid_watch *watch,
                     struct fid_result *ret_result) {
    struct fid_run run;
    fid_run_init(&run, c, target, unique);
    run.watch = watch;
    *ret_result = (struct fid_result){.ran = true};
    if (fid_server_start(&run.server, target, oracle, c, unique, NULL) != 0 ||
        (target == FID_ORACLE && !fid_oracle_prepare(&run))) {
        (void)snprintf(ret_result->said, sizeof(ret_result->said), "no server or no topic: %.*s",
                       (int)run.said.len, run.said.len ? (const char *)run.said.data : "");
    } else {
        run.patience_ms = watch ? watch->patience_ms : run.patience_ms;
        ret_result->passed = run_steps(&run, ret_result);
    }
    if (watch && target == FID_ORACLE) {
        fid_oracle_leave(&run);
    }
    if (!fid_server_lives(&run.server)) {
        ret_result->passed = false;
        ret_result->crashed = true;
    }
    fid_server_stop(&run.server);
    fid_run_clean_up(&run);
}
