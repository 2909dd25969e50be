/* The names of the points. */
#include <string.h>

#include "replay/replayer.h"

static const char *const names[JOURNAL_POINT_COUNT] = {
    [JOURNAL_POINT_BEFORE_EFFECT] = "before-effect",
    [JOURNAL_POINT_AFTER_EFFECT] = "after-effect",
    [JOURNAL_POINT_BEFORE_COMMIT] = "before-commit",
};

const char *journal_point_to_str(enum journal_point point) {
    return names[point];
}

int journal_point_find(const char *name) {
    for (int i = 0; i < JOURNAL_POINT_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}
