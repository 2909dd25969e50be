/* The wrong twins as one program: ktrial-twin NAME. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "twin.h"

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "";
    if (strcmp(name, "ignores-failures") == 0) {
        return twin_writer(true);
    }
    if (strcmp(name, "commits-first") == 0) {
        return twin_client(TWIN_COMMITS_FIRST);
    }
    if (strcmp(name, "dead-letters-raw") == 0) {
        return twin_client(TWIN_DEAD_LETTERS_RAW);
    }
    fprintf(stderr, "usage: ktrial-twin ignores-failures | commits-first | dead-letters-raw\n");
    return 64;
}
