/* Errors as values: see error.h. */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void mark_cut(char *text, int wanted) {
    if (wanted >= BASE_ERROR_TEXT_BYTES) {
        memcpy(text + BASE_ERROR_TEXT_BYTES - 4, "\xe2\x80\xa6", 4);
    }
}

int base_fail(struct base_error *err, int code, const char *format, ...) {
    if (err) {
        va_list args;
        va_start(args, format);
        int wanted = vsnprintf(err->text, sizeof(err->text), format, args);
        va_end(args);
        mark_cut(err->text, wanted);
        err->code = code;
    }
    return code;
}

int base_fail_within(struct base_error *err, int code, const char *format, ...) {
    if (!err) {
        return code;
    }
    char inner[BASE_ERROR_TEXT_BYTES];
    memcpy(inner, err->text, sizeof(inner));
    va_list args;
    va_start(args, format);
    int used = vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    if (used >= 0 && used < BASE_ERROR_TEXT_BYTES) {
        int more = snprintf(err->text + used, sizeof(err->text) - (size_t)used, ": %s", inner);
        used += more;
    }
    mark_cut(err->text, used);
    return err->code ? err->code : code;
}

const char *base_code_to_str(int code) {
    switch (code) {
    case BASE_OK:
        return "ok";
    case BASE_NO_MEMORY:
        return "no memory";
    case BASE_SHORT:
        return "short input";
    case BASE_MALFORMED:
        return "malformed input";
    case BASE_LIMIT:
        return "limit reached";
    case BASE_IO:
        return "input/output error";
    case BASE_USAGE:
        return "usage error";
    case BASE_UNSUPPORTED:
        return "not supported";
    case BASE_NOT_FOUND:
        return "not found";
    case BASE_STATE:
        return "wrong state";
    default:
        return "unknown error";
    }
}
