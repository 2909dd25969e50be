/*
 * Errors: a code for machines and a sentence for people, built up as it rises.
 *
 * A function that can fail for reasons outside our control returns 0 or a negative enum base_code
 * and takes a struct base_error as its last argument. The error is written only on failure; it may
 * be NULL when the caller needs the code alone. Library code never prints; the program does, once.
 */
#pragma once
#include "attrs.h"

enum base_code {
    BASE_OK = 0,
    BASE_NO_MEMORY = -1,   /* an allocation failed */
    BASE_SHORT = -2,       /* the input ends before the thing that is being read */
    BASE_MALFORMED = -3,   /* the input is there, but is not what it should be */
    BASE_LIMIT = -4,       /* a named limit (limits.h, or a setting) was reached */
    BASE_IO = -5,          /* the operating system or a peer refused */
    BASE_USAGE = -6,       /* the caller's user asked for something wrong */
    BASE_UNSUPPORTED = -7, /* known, but not supported (yet) */
    BASE_NOT_FOUND = -8,   /* a named thing does not exist */
    BASE_STATE = -9        /* not possible in the present state */
};

/* The longest sentence kept; a longer one ends in "…". */
#define BASE_ERROR_TEXT_BYTES 1024

struct base_error {
    int code;                          /* an enum base_code; BASE_OK when unused */
    char text[BASE_ERROR_TEXT_BYTES];  /* one sentence, no final stop, no newline */
};

#define BASE_ERROR_INIT {0, {0}}

/* Sets err (if not NULL) and returns code, so that failing is one statement. */
int base_fail(struct base_error *err, int code, const char *format, ...) BASE_PRINTF(3, 4);

/* Puts "context: " in front of the sentence, and returns the error's code (code if err is NULL). */
int base_fail_within(struct base_error *err, int code, const char *format, ...) BASE_PRINTF(3, 4);

/* The name of a code ("no memory", "short read", …); never NULL. */
const char *base_code_to_str(int code);
