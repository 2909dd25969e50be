/* Every error code of the Kafka protocol and its name: see error_names.h. */
#include "mock/wire/error_names.h"

#include <stddef.h>
#include <string.h>

#define FIRST_CODE (-1)

static const char *const names[] = {
#define MOCK_ERROR_NAME(code, name) [(code) - FIRST_CODE] = #name,
    MOCK_ERROR_LIST(MOCK_ERROR_NAME)
#undef MOCK_ERROR_NAME
};

#define NAME_COUNT ((int)(sizeof(names) / sizeof(names[0])))

const char *mock_error_to_str(int16_t code) {
    int index = code - FIRST_CODE;
    return index >= 0 && index < NAME_COUNT ? names[index] : "UNLISTED_ERROR";
}

bool mock_error_find(const char *name, int16_t *ret_code) {
    for (int i = 0; i < NAME_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            *ret_code = (int16_t)(i + FIRST_CODE);
            return true;
        }
    }
    return false;
}
