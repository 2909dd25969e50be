/* Finding the journal program: see journal_program.h. */
#include "harness/run/journal_program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *trial_journal_program(char *room, size_t room_bytes) {
    const char *named = getenv("KTRIAL_JOURNAL");
    if (named && named[0]) {
        (void)snprintf(room, room_bytes, "%s", named);
        return room;
    }
    ssize_t len = readlink("/proc/self/exe", room, room_bytes - 1);
    if (len > 0) {
        room[len] = '\0';
        char *slash = strrchr(room, '/');
        size_t left = room_bytes - (size_t)(slash + 1 - room);
        if (slash && snprintf(slash + 1, left, "journal") < (int)left && access(room, X_OK) == 0) {
            return room;
        }
    }
#ifdef TRIAL_JOURNAL_BUILT
    if (snprintf(room, room_bytes, "%s", TRIAL_JOURNAL_BUILT) < (int)room_bytes &&
        access(room, X_OK) == 0) {
        return room;
    }
#endif
    return NULL;
}
