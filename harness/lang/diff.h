/* The lines in which two texts differ, in unified form. */
#pragma once
#include "base/builder.h"

/* Appends nothing when they are equal. */
void trial_diff_lines(const char *old_name, const char *new_name, struct base_slice old_text,
                      struct base_slice new_text, struct base_builder *ret_text);
