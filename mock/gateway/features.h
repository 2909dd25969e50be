/*
 * The features that the broker announces in ApiVersions (KIP-584), beyond the APIs themselves: what
 * it can do, and what the cluster has agreed on. Clients act on the latter: a level of
 * transaction.version of 2 makes producers speak KIP-890.
 *
 * Apache Kafka 4.4.0 announces more (metadata.version, kraft.version, share.version,
 * streams.version, eligible.leader.replicas.version); a feature belongs here when it is served.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "mock/mock.h"

struct mock_feature {
    const char *name;
    int16_t min_version;
    int16_t max_version;
    int16_t level; /* finalized, unless a setting says otherwise; 0: not in use, not told */
};

const struct mock_feature *mock_features(size_t *ret_count);
/* The finalized level that the settings give it. */
int16_t mock_feature_level(const struct mock_settings *settings,
                           const struct mock_feature *feature);
