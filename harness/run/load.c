/* The load step: see load.h. */
#include "harness/run/load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/reader.h"
#include "fixtures/fixture.h"

#define LOAD_MAGIC 0x6c6f6164u
/* Commands that wait in front of the writer: reading goes on below the lower mark. */
#define HIGH_WATER_BYTES (1024u * 1024u)
#define LOW_WATER_BYTES (256u * 1024u)
#define READ_BLOCK_BYTES (64u * 1024u)

/* What the thread sends: kind, object type, key, value; a last one with the error. */
enum frame_kind { FRAME_OBJECT = 'o', FRAME_RECORD = 'r', FRAME_END = 'e' };
#define FRAME_HEADER_BYTES 13
#define NO_VALUE UINT32_MAX

struct trial_load {
    unsigned magic;
    struct trial_live *live;
    const struct trial_step *step;
    struct base_arena arena;
    struct trial_place *places;
    size_t place_count;
    /* for the thread; not changed after it has begun */
    int thread_end;
    char *path;
    uint64_t seed;
    uint32_t types;
    uv_thread_t thread;
    /* the loop's side */
    uv_pipe_t pipe;
    struct base_builder taken; /* bytes of frames that are not whole yet */
    bool is_reading;
    bool is_ended;
    bool is_closed;
    char block[READ_BLOCK_BYTES];
};

/* -- the thread -- */

static int send_all(int to, const void *data, size_t len) {
    const char *at = data;
    while (len > 0) {
        ssize_t sent = send(to, at, len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent < 0) {
            return BASE_IO;
        }
        at += sent;
        len -= (size_t)sent;
    }
    return 0;
}

static int send_frame(int to, enum frame_kind kind, uint32_t type, struct base_slice key,
                      struct base_slice value, struct base_error *err) {
    struct base_builder frame;
    base_builder_init(&frame, BASE_MAX_ACTOR_LINE_BYTES);
    base_put_u8(&frame, (uint8_t)kind);
    base_put_u32(&frame, type);
    base_put_u32(&frame, (uint32_t)key.len);
    base_put_u32(&frame, base_slice_is_null(value) ? NO_VALUE : (uint32_t)value.len);
    base_put_slice(&frame, key);
    base_put_slice(&frame, value);
    int result = base_builder_ok(&frame)
                     ? send_all(to, frame.data, frame.len)
                     : base_fail(err, frame.failed, "an object is too large to be loaded");
    base_builder_clean_up(&frame);
    return result;
}

static int send_object(void *arg, const struct fixture_object *object, struct base_error *err) {
    const struct trial_load *load = arg;
    if (load->types && !(load->types & (1u << object->type))) {
        return 0;
    }
    struct base_builder key;
    base_builder_init(&key, BASE_MAX_SCENARIO_BYTES);
    int result = fixture_key(object, &key, err);
    if (result == 0) {
        result = send_frame(load->thread_end, FRAME_OBJECT, (uint32_t)object->type,
                            base_builder_slice(&key), object->encoded, err);
    }
    base_builder_clean_up(&key);
    return result;
}

static int send_record(void *arg, const struct fixture_record *record, struct base_error *err) {
    const struct trial_load *load = arg;
    return send_frame(load->thread_end, FRAME_RECORD, 0, record->key, record->value, err);
}

static int make_all(struct trial_load *load, struct base_error *err) {
    const struct trial_step *step = load->step;
    struct fixture_generate_options options = FIXTURE_GENERATE_OPTIONS_INIT;
    switch (step->kind) {
    case TRIAL_STEP_LOAD_RECORDS:
        return fixture_records(load->seed, (size_t)step->count.number,
                               step->keys.kind ? (size_t)step->keys.number : 0, send_record, load,
                               err);
    case TRIAL_STEP_LOAD_OBJECTS:
        options.seed = load->seed;
        options.count = (size_t)step->count.number;
        options.types = load->types;
        return fixture_generate(&options, send_object, load, err);
    case TRIAL_STEP_LOAD_GIT:
        return fixture_git(load->path, load->types, send_object, load, err);
    default:
        return fixture_samples(step->path, send_object, load, err);
    }
}

static void make(void *arg) {
    struct trial_load *load = arg;
    struct base_error err = BASE_ERROR_INIT;
    int result = make_all(load, &err);
    struct base_slice text = result == 0 ? BASE_SLICE_NULL : base_slice_str(err.text);
    (void)send_frame(load->thread_end, FRAME_END, 0, BASE_SLICE_NULL, text, NULL);
    (void)shutdown(load->thread_end, SHUT_WR);
}

/* -- the loop's side -- */

static const struct trial_place *place_of(const struct trial_load *load, uint32_t type) {
    const char *name = fixture_type_to_str((enum fixture_type)type);
    for (size_t i = 0; i < load->place_count; i++) {
        if (!load->places[i].type || strcmp(load->places[i].type, name) == 0) {
            return &load->places[i];
        }
    }
    return NULL;
}

static int take_frame(struct trial_load *load, uint8_t kind, uint32_t type, struct base_slice key,
                      struct base_slice value, struct base_error *err) {
    if (kind == FRAME_END) {
        load->is_ended = true;
        return base_slice_is_null(value)
                   ? 0
                   : base_fail(err, BASE_IO, "%.*s", (int)value.len, (const char *)value.data);
    }
    struct trial_write write = {
        .place = kind == FRAME_OBJECT ? place_of(load, type) : &load->places[0],
        .key = key,
        .value = value,
        .partition = load->step->partition.kind ? (int32_t)load->step->partition.number : -1,
    };
    return write.place ? trial_write_tell(load->live, &write, err) : 0;
}

/* Takes the whole frames off the front. */
static int take_frames(struct trial_load *load, struct base_error *err) {
    struct base_slice bytes = base_builder_slice(&load->taken);
    size_t used = 0;
    int result = 0;
    while (result == 0 && !load->is_ended && bytes.len - used >= FRAME_HEADER_BYTES) {
        struct base_reader reader =
            base_reader_of(base_slice_of(bytes.data + used, bytes.len - used));
        uint8_t kind = base_read_u8(&reader);
        uint32_t type = base_read_u32(&reader);
        uint32_t key_len = base_read_u32(&reader);
        uint32_t value_len = base_read_u32(&reader);
        struct base_slice key = base_read_bytes(&reader, key_len);
        struct base_slice value =
            value_len == NO_VALUE ? BASE_SLICE_NULL : base_read_bytes(&reader, value_len);
        if (!base_reader_ok(&reader)) {
            break;
        }
        used = bytes.len - reader.left;
        result = take_frame(load, kind, type, key, value, err);
    }
    if (used > 0) {
        memmove(load->taken.data, load->taken.data + used, bytes.len - used);
        load->taken.len -= used;
    }
    return result;
}

static void give_block(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
    struct trial_load *load = handle->data;
    *buf = uv_buf_init(load->block, sizeof(load->block));
}

static void stop_reading(struct trial_load *load) {
    (void)uv_read_stop((uv_stream_t *)&load->pipe);
    load->is_reading = false;
}

static void took(uv_stream_t *stream, ssize_t got, const uv_buf_t *buf) {
    struct trial_load *load = stream->data;
    struct trial_stage *stage = load->live->stage;
    struct base_error err = BASE_ERROR_INIT;
    int result = 0;
    if (got < 0) {
        result = load->is_ended ? 0 : base_fail(&err, BASE_IO, "the objects ended early");
    } else if (got > 0) {
        base_put_bytes(&load->taken, buf->base, (size_t)got);
        result = base_builder_ok(&load->taken)
                     ? take_frames(load, &err)
                     : base_fail(&err, load->taken.failed, "an object is too large");
    }
    trial_stage_touch(stage);
    if (result != 0) {
        trial_stage_fail(stage, BASE_USAGE, "line %u: load: %s", load->step->pos.line, err.text);
        load->is_ended = true;
    }
    if (load->is_ended || got < 0 || trial_live_unwritten(load->live) > HIGH_WATER_BYTES) {
        stop_reading(load);
    }
    trial_stage_nudge(stage);
}

bool trial_load_is_done(struct trial_load *load) {
    if (!load->is_ended && !load->is_reading &&
        trial_live_unwritten(load->live) < LOW_WATER_BYTES) {
        load->is_reading =
            uv_read_start((uv_stream_t *)&load->pipe, give_block, took) == 0;
    }
    return load->is_ended;
}

/* -- beginning and end -- */

static uint32_t wanted_types(const struct trial_load *load) {
    uint32_t types = 0;
    for (size_t i = 0; i < load->place_count; i++) {
        int type = load->places[i].type ? fixture_type_find(load->places[i].type) : -1;
        types |= type >= 0 ? 1u << type : 0;
    }
    return types;
}

/* The path relative to the scenario's file. */
static char *path_of(const struct trial_live *live, const char *path, struct base_arena *arena) {
    if (!path || path[0] == '/' || !live->folder) {
        return base_arena_strdup(arena, path ? path : "");
    }
    size_t len = strlen(live->folder) + strlen(path) + 2;
    char *joined = base_arena_alloc(arena, len);
    if (joined) {
        (void)snprintf(joined, len, "%s/%s", live->folder, path);
    }
    return joined;
}

static int start_thread(struct trial_load *load, struct base_error *err) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return base_fail(err, BASE_IO, "no socket for loading: %s", strerror(errno));
    }
    load->thread_end = ends[1];
    (void)uv_pipe_init(&load->live->stage->loop, &load->pipe, 0);
    load->pipe.data = load;
    if (uv_pipe_open(&load->pipe, ends[0]) != 0 ||
        uv_thread_create(&load->thread, make, load) != 0) {
        (void)close(ends[1]);
        load->thread_end = -1;
        return base_fail(err, BASE_IO, "no thread for loading");
    }
    return 0;
}

static void closed(uv_handle_t *handle) {
    struct trial_load *load = handle->data;
    base_builder_clean_up(&load->taken);
    base_arena_clean_up(&load->arena);
    load->magic = 0;
    base_free(load);
}

void trial_load_free(struct trial_load *load) {
    if (!load || load->is_closed) {
        return;
    }
    load->is_closed = true;
    /* Nobody reads any more: a thread that still sends is refused, and ends. */
    uv_os_fd_t fd;
    if (uv_fileno((uv_handle_t *)&load->pipe, &fd) == 0) {
        (void)shutdown(fd, SHUT_RDWR);
    }
    if (load->thread_end >= 0) {
        (void)uv_thread_join(&load->thread);
        (void)close(load->thread_end);
    }
    uv_close((uv_handle_t *)&load->pipe, closed);
}

int trial_load_start(struct trial_live *live, const struct trial_step *step,
                     struct trial_load **ret_load, struct base_error *err) {
    struct trial_load *load = base_alloc_zero(sizeof(*load));
    if (!load) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for loading");
    }
    struct trial_stage *stage = live->stage;
    load->magic = LOAD_MAGIC;
    load->live = live;
    load->step = step;
    load->thread_end = -1;
    base_arena_init(&load->arena, BASE_MAX_SCENARIO_BYTES);
    base_builder_init(&load->taken, BASE_MAX_ACTOR_LINE_BYTES + READ_BLOCK_BYTES);
    /* Loads without a seed differ from each other, and are the same in every run. */
    load->seed = step->seed.kind ? (uint64_t)step->seed.number
                                 : trial_scenario_seed(stage->bound) + stage->loads++;
    load->path = path_of(live, step->path, &load->arena);
    int result = trial_write_places(stage, step->target.text, &load->arena, &load->places,
                                    &load->place_count, err);
    if (result == 0 && load->arena.failed) {
        result = base_fail(err, load->arena.failed, "no memory for loading");
    }
    if (result != 0) {
        base_arena_clean_up(&load->arena);
        base_free(load);
        return result;
    }
    load->types = wanted_types(load);
    result = start_thread(load, err);
    if (result != 0) {
        trial_load_free(load);
        return result;
    }
    *ret_load = load;
    (void)trial_load_is_done(load);
    return 0;
}
