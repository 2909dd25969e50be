/* The suites of this program. */
#pragma once
#include <CUnit/CUnit.h>

CU_SuiteInfo *suite_mock_gateway_frames(void);
CU_SuiteInfo *suite_mock_gateway_produce(void);
CU_SuiteInfo *suite_mock_gateway_fetch(void);
CU_SuiteInfo *suite_mock_gateway_offsets(void);
CU_SuiteInfo *suite_mock_gateway_cluster(void);
CU_SuiteInfo *suite_mock_gateway_replicas(void);
CU_SuiteInfo *suite_mock_gateway_group(void);
CU_SuiteInfo *suite_mock_gateway_consumer_group(void);
CU_SuiteInfo *suite_mock_gateway_action(void);
CU_SuiteInfo *suite_mock_gateway_match(void);
CU_SuiteInfo *suite_mock_gateway_crash(void);
CU_SuiteInfo *suite_mock_gateway_settings(void);
CU_SuiteInfo *suite_mock_gateway_clients(void);
CU_SuiteInfo *suite_mock_gateway_txn(void);
CU_SuiteInfo *suite_mock_gateway_txn_clients(void);
CU_SuiteInfo *suite_mock_gateway_clean(void);
CU_SuiteInfo *suite_mock_gateway_limits(void);
CU_SuiteInfo *suite_mock_gateway_racks(void);
CU_SuiteInfo *suite_mock_gateway_gaps(void);
CU_SuiteInfo *suite_mock_gateway_sasl(void);
CU_SuiteInfo *suite_mock_gateway_admin(void);
CU_SuiteInfo *suite_mock_gateway_topic_deletion(void);
