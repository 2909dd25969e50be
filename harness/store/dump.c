/*
 * A store that a command dumps: one JSON object a line, {"key":…,"value":…}, optionally with
 * "topic". A text is its bytes in UTF-8; {"base64":"…"} is any bytes; null is null; other JSON
 * stands for its compact text. The command runs in a process group of its own, and once: its
 * output is kept.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "harness/store/store_private.h"

/* In the child: only calls that are safe after fork in a process with threads. */
static void exec_command(const struct trial_store_reader *reader, int out, int null_in) {
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)signal(SIGPIPE, SIG_DFL);
    if (reader->directory && chdir(reader->directory) != 0) {
        _exit(127);
    }
    (void)dup2(null_in, STDIN_FILENO);
    (void)dup2(out, STDOUT_FILENO);
    char *const argv[] = {"/bin/sh", "-c", reader->command, NULL};
    (void)execv(argv[0], argv);
    _exit(127);
}

/* Reads until the end; BASE_IO when nothing came for the time-out. */
static int read_dump(struct trial_store_reader *reader, int from, struct base_error *err) {
    char block[65536];
    for (;;) {
        struct pollfd ready = {.fd = from, .events = POLLIN};
        int n = poll(&ready, 1, reader->timeout_ms > INT32_MAX ? -1 : (int)reader->timeout_ms);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n == 0) {
            return base_fail(err, BASE_IO, "the command '%s' gave nothing for %lld ms",
                             reader->command, (long long)reader->timeout_ms);
        }
        ssize_t got = read(from, block, sizeof(block));
        if (got == 0) {
            return 0;
        }
        if (got < 0) {
            return base_fail(err, BASE_IO, "reading from '%s': %s", reader->command,
                             strerror(errno));
        }
        base_put_bytes(&reader->dump, block, (size_t)got);
        if (!base_builder_ok(&reader->dump)) {
            return base_fail(err, reader->dump.failed, "the dump of '%s' is longer than %u bytes",
                             reader->command, BASE_MAX_ACTOR_OUTPUT_BYTES);
        }
    }
}

static int run_command(struct trial_store_reader *reader, struct base_error *err) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return base_fail(err, BASE_IO, "no pipe for '%s': %s", reader->command, strerror(errno));
    }
    int null_in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    pid_t child = null_in < 0 ? -1 : fork();
    if (child == 0) {
        exec_command(reader, ends[1], null_in);
    }
    (void)close(ends[1]);
    if (null_in >= 0) {
        (void)close(null_in);
    }
    if (child < 0) {
        (void)close(ends[0]);
        return base_fail(err, BASE_IO, "cannot run '%s': %s", reader->command, strerror(errno));
    }
    (void)setpgid(child, child);
    if (reader->group) {
        reader->group(reader->group_arg, child, true);
    }
    int result = read_dump(reader, ends[0], err);
    (void)close(ends[0]);
    (void)kill(-child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (reader->group) {
        reader->group(reader->group_arg, child, false);
    }
    /* Killing a group whose output has ended may win against its own exit: only a real status
     * counts. */
    if (result == 0 && WIFEXITED(status) && WEXITSTATUS(status) != 0) {
        result = base_fail(err, BASE_IO, "the command '%s' exited with status %d", reader->command,
                           WEXITSTATUS(status));
    }
    return result;
}

/* -- the lines -- */

/* The bytes of a value, in the builder or in the JSON itself. False: not what is allowed. */
static bool json_bytes(const json_t *json, struct base_builder *room,
                       struct base_slice *ret_bytes) {
    if (!json || json_is_null(json)) {
        *ret_bytes = BASE_SLICE_NULL;
        return true;
    }
    if (json_is_string(json)) {
        *ret_bytes = base_slice_of(json_string_value(json), json_string_length(json));
        return true;
    }
    base_builder_reset(room);
    const json_t *coded = json_is_object(json) ? json_object_get(json, "base64") : NULL;
    if (coded && json_is_string(coded)) {
        struct base_slice text =
            base_slice_of(json_string_value(coded), json_string_length(coded));
        if (!base_put_base64_decoded(room, text)) {
            return false;
        }
    } else {
        char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
        base_put_str(room, text ? text : "");
        free(text);
    }
    struct base_slice bytes = base_builder_slice(room);
    *ret_bytes = base_slice_of(bytes.data ? (const void *)bytes.data : "", bytes.len);
    return base_builder_ok(room);
}

static int visit_line(const struct trial_store_reader *reader, struct base_slice line,
                      size_t number, trial_store_row_fn visit, void *arg, struct base_error *err) {
    json_error_t why;
    json_t *json = json_loadb((const char *)line.data, line.len, JSON_ALLOW_NUL, &why);
    struct base_builder key_room;
    struct base_builder value_room;
    base_builder_init(&key_room, BASE_MAX_ACTOR_LINE_BYTES);
    base_builder_init(&value_room, BASE_MAX_ACTOR_LINE_BYTES);
    struct trial_store_row row = {.topic = json_string_value(json_object_get(json, "topic"))};
    int result = 0;
    if (!json_is_object(json) || !json_object_get(json, "key") ||
        !json_bytes(json_object_get(json, "key"), &key_room, &row.key) ||
        !json_bytes(json_object_get(json, "value"), &value_room, &row.value)) {
        result = base_fail(err, BASE_MALFORMED,
                           "line %zu of the dump of '%s' is not {\"key\":…,\"value\":…}",
                               number,
                           reader->command);
    } else {
        result = visit(arg, &row, err);
    }
    base_builder_clean_up(&key_room);
    base_builder_clean_up(&value_room);
    json_decref(json);
    return result;
}

int trial_dump_rows(struct trial_store_reader *reader, trial_store_row_fn visit, void *arg,
                    struct base_error *err) {
    if (!reader->dumped) {
        int ran = run_command(reader, err);
        if (ran != 0) {
            return ran;
        }
        reader->dumped = true;
    }
    struct base_slice left = base_builder_slice(&reader->dump);
    size_t number = 0;
    int result = 0;
    while (result == 0 && left.len > 0) {
        const uint8_t *end = memchr(left.data, '\n', left.len);
        size_t len = end ? (size_t)(end - left.data) : left.len;
        number++;
        if (len > 0) {
            result =
                visit_line(reader, base_slice_of(left.data, len), number, visit, arg, err);
        }
        size_t taken = end ? len + 1 : len;
        left = base_slice_of(left.data + taken, left.len - taken);
    }
    return result;
}
