/* Clocks: the monotonic one for watchdogs and measurements, the wall clock for stamps. */
#pragma once
#include <stdint.h>

/* Nanoseconds since an arbitrary start; never goes back. */
uint64_t base_clock_monotonic_ns(void);
/* Milliseconds since 1970-01-01T00:00Z, as Kafka's timestamps count. */
int64_t base_clock_wall_ms(void);
