/* Progress and results of `ktrial run`: see show.h. */
#include "harness/run/show.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/report/report.h"

#define CLEAR_LINE "\r\033[K"
#define BAR_WIDTH 30

static const char *colour_of(enum trial_exit exit) {
    switch (exit) {
    case TRIAL_EXIT_PASS:
        return "\033[32m";
    case TRIAL_EXIT_SKIP:
        return "\033[36m";
    case TRIAL_EXIT_UNKNOWN:
        return "\033[33m";
    default:
        return "\033[31m";
    }
}

static void progress(struct trial_show *show) {
    if (!show->is_terminal || show->done == show->total) {
        return;
    }
    size_t filled = show->total ? show->done * BAR_WIDTH / show->total : 0;
    char bar[BAR_WIDTH + 1];
    memset(bar, '.', BAR_WIDTH);
    memset(bar, '#', filled);
    bar[BAR_WIDTH] = '\0';
    fprintf(show->out, CLEAR_LINE "[%s] %zu/%zu, %zu running", bar, show->done, show->total,
            show->running);
    (void)fflush(show->out);
}

void trial_show_open(struct trial_show *show, FILE *out, size_t total) {
    *show = (struct trial_show){.out = out, .total = total, .is_terminal = isatty(fileno(out))};
    const char *term = getenv("TERM");
    if (term && strcmp(term, "dumb") == 0) {
        show->is_terminal = false;
    }
    progress(show);
}

void trial_show_began(struct trial_show *show) {
    show->running++;
    progress(show);
}

static void count(struct trial_show *show, enum trial_exit exit) {
    show->done++;
    show->running -= show->running > 0;
    switch (exit) {
    case TRIAL_EXIT_PASS:
        show->passed++;
        break;
    case TRIAL_EXIT_SKIP:
        show->skipped++;
        break;
    case TRIAL_EXIT_UNKNOWN:
        show->unknown++;
        break;
    case TRIAL_EXIT_FAIL:
        show->failed++;
        break;
    default:
        show->errors++;
        break;
    }
}

void trial_show_ended(struct trial_show *show, const struct trial_job_result *result,
                      const char *path, const char *title, bool brief) {
    count(show, result->exit);
    if (show->is_terminal) {
        fprintf(show->out, CLEAR_LINE "%s", colour_of(result->exit));
    }
    struct base_slice text = result->text;
    const uint8_t *end = text.len ? memchr(text.data, '\n', text.len) : NULL;
    size_t first = end ? (size_t)(end - text.data) : text.len;
    if (text.len > 0) {
        (void)fwrite(text.data, 1, first, show->out);
    } else {
        fprintf(show->out, "%s  %s%s%s  %.*s",
                trial_report_headline(trial_exit_to_verdict(result->exit)), path,
                title[0] ? "  " : "", title, (int)result->reason.len,
                (const char *)result->reason.data);
    }
    fprintf(show->out, "%s  (%.0f ms)\n", show->is_terminal ? "\033[0m" : "",
            (double)result->elapsed_ns / 1e6);
    if (end && !(brief && result->exit == TRIAL_EXIT_PASS)) {
        (void)fwrite(end + 1, 1, text.len - first - 1, show->out);
    }
    progress(show);
    (void)fflush(show->out);
}

void trial_show_line(struct trial_show *show, const char *format, ...) {
    if (show->is_terminal) {
        fputs(CLEAR_LINE, show->out);
    }
    va_list args;
    va_start(args, format);
    (void)vfprintf(show->out, format, args);
    va_end(args);
    fputc('\n', show->out);
    progress(show);
}

void trial_show_close(struct trial_show *show) {
    if (show->is_terminal) {
        fputs(CLEAR_LINE, show->out);
    }
    fprintf(show->out, "%zu passed, %zu failed, %zu skipped", show->passed, show->failed,
            show->skipped);
    if (show->unknown > 0) {
        fprintf(show->out, ", %zu unknown", show->unknown);
    }
    if (show->errors > 0) {
        fprintf(show->out, ", %zu errors", show->errors);
    }
    fputc('\n', show->out);
    (void)fflush(show->out);
}
