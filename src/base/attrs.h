/* Compiler attributes used by every layer, behind macros so that the code itself stays C17. */
#pragma once

#if defined(__GNUC__)
#define BASE_MUST_USE __attribute__((warn_unused_result))
#define BASE_PRINTF(fmt_index, first_index) __attribute__((format(printf, fmt_index, first_index)))
#else
#define BASE_MUST_USE
#define BASE_PRINTF(fmt_index, first_index)
#endif
