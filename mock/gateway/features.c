/* The table of features: see features.h. A row is all that a newly served feature needs. */
#include "mock/gateway/features.h"

#include <string.h>

static const struct mock_feature features[] = {
    {"group.version", 0, 1, 0},       /* 1: ConsumerGroupHeartbeat (KIP-848) */
    {"transaction.version", 0, 2, 2}, /* 2: KIP-890's second part */
};

const struct mock_feature *mock_features(size_t *ret_count) {
    *ret_count = sizeof(features) / sizeof(features[0]);
    return features;
}

int16_t mock_feature_level(const struct mock_settings *settings,
                           const struct mock_feature *feature) {
    return strcmp(feature->name, "transaction.version") == 0
               ? (int16_t)settings->transaction_version
               : feature->level;
}
