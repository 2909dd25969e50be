/* The journal program: verbs, usage, standard error. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/event.h"
#include "tool/verbs.h"

static const char usage[] =
    "usage: journal VERB [options]\n"
    "journal write    write records and objects: JSON lines in, their outcomes out\n"
    "journal consume  read topics, print each record as a JSON line\n"
    "journal replay   apply topics to a SQLite database\n"
    "journal copy     write what is read on to another topic\n"
    "journal settings list the journal.* settings\n"
    "\n"
    "  --brokers HOST:PORT,…   required, unless --set bootstrap.servers=…\n"
    "  --prefix P              a journal: topics P.type and P_privileged.type\n"
    "                          (swh.journal.objects when neither topic nor prefix is named)\n"
    "  --types A,B             only these object types\n"
    "  --topic T               a plain topic; may be repeated\n"
    "  --set NAME=VALUE        a setting, librdkafka's or journal.*; may be repeated\n"
    "  --client-id NAME\n"
    "  --text                  keys and values of plain topics are text, not base64\n"
    " write:\n"
    "  --anonymize             originals to privileged topics, anonymized ones to public topics\n"
    " consume, replay, copy:\n"
    "  --group G               without it: every partition, nothing committed\n"
    "  --pattern ^REGEX        topics by pattern\n"
    "  --privileged            read privileged topics where they exist\n"
    "  --on-eof continue|stop|restart\n"
    "  --stop-after N          records\n"
    "  --dead-letter T         where records go whose effect keeps failing\n"
    "  --store FILE.sqlite     replay only; required\n"
    " copy:\n"
    "  --set journal.copy.topic=T            required\n"
    "  --set journal.transactional.id=ID     exactly once; wants --group\n"
    "\n"
    "write reads one line a record: {\"topic\":…,\"key\":…,\"value\":…} or\n"
    "{\"type\":…,\"object\":…}; a null value is a tombstone; src/tool/README.md has the rest.\n"
    "With KTRIAL_CONFIG set it is an actor, and takes no options.\n"
    "Exit status: 0 ok, 1 failed deliveries or processing, 64 usage.\n";

void tool_complain(const char *format, ...) {
    char line[2048];
    size_t len = sizeof("journal: ") - 1;
    memcpy(line, "journal: ", len);
    va_list args;
    va_start(args, format);
    int more = vsnprintf(line + len, sizeof(line) - len - 1, format, args);
    va_end(args);
    if (more > 0) {
        len += (size_t)more < sizeof(line) - len - 1 ? (size_t)more : sizeof(line) - len - 2;
    }
    line[len++] = '\n';
    (void)!write(STDERR_FILENO, line, len);
}

void tool_log(void *arg, int level, const char *line) {
    tool_complain("%s", line);
}

int tool_fail(const struct base_error *err) {
    tool_complain("%s", err->text);
    return err->code == BASE_USAGE || err->code == BASE_UNSUPPORTED ? TOOL_EXIT_USAGE
                                                                    : TOOL_EXIT_FAILED;
}

static int list_settings(void) {
    size_t count = 0;
    const struct journal_setting *table = journal_setting_table(&count);
    for (size_t i = 0; i < count; i++) {
        tool_event_setting(&table[i]);
    }
    return TOOL_EXIT_OK;
}

static int find_verb(const char *name) {
    static const char *const names[] = {[TOOL_WRITE] = "write",
                                        [TOOL_CONSUME] = "consume",
                                        [TOOL_REPLAY] = "replay",
                                        [TOOL_COPY] = "copy"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

static int run(struct tool_config *config) {
    struct tool_loop loop;
    struct base_error err = BASE_ERROR_INIT;
    bool reads_input = config->is_actor || config->verb == TOOL_WRITE;
    if (tool_loop_open(&loop, reads_input, &err)) {
        return tool_fail(&err);
    }
    int status = config->verb == TOOL_WRITE  ? tool_write(config, &loop)
                 : config->verb == TOOL_COPY ? tool_copy(config, &loop)
                                             : tool_read(config, &loop);
    tool_loop_close(&loop);
    return status;
}

static bool is_help(const char *word) {
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

int main(int argc, char **argv) {
    if (argc < 2 || is_help(argv[1])) {
        FILE *out = argc < 2 ? stderr : stdout;
        fputs(usage, out);
        return argc < 2 ? TOOL_EXIT_USAGE : TOOL_EXIT_OK;
    }
    if (strcmp(argv[1], "settings") == 0) {
        if (argc > 2) {
            fputs(usage, is_help(argv[2]) ? stdout : stderr);
            return is_help(argv[2]) ? TOOL_EXIT_OK : TOOL_EXIT_USAGE;
        }
        return list_settings();
    }
    int verb = find_verb(argv[1]);
    if (verb < 0) {
        tool_complain("unknown verb %s; --help lists them", argv[1]);
        return TOOL_EXIT_USAGE;
    }
    struct tool_config config = {.verb = verb};
    struct base_error err = BASE_ERROR_INIT;
    const char *path = getenv("KTRIAL_CONFIG");
    bool help = false;
    int code = path && path[0] ? tool_config_read(&config, path, &err)
                               : tool_config_from_options(&config, argc - 2, argv + 2, &help, &err);
    if (config.is_actor && !config.brokers) {
        config.brokers = getenv("KTRIAL_BOOTSTRAP");
    }
    if (!code && config.is_actor && argc > 2) {
        code = base_fail(&err, BASE_USAGE, "an actor takes no options (KTRIAL_CONFIG is set)");
    }
    int status = TOOL_EXIT_OK;
    if (code) {
        status = tool_fail(&err);
    } else if (help) {
        fputs(usage, stdout);
    } else {
        status = run(&config);
    }
    tool_config_clean_up(&config);
    return status;
}
