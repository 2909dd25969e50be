/* Where the built-in actors' program is. */
#pragma once
#include <stddef.h>

/* KTRIAL_JOURNAL, else `journal` next to this program, else where it was built. NULL: nowhere.
 * The text is put into room. */
const char *trial_journal_program(char *room, size_t room_bytes);
