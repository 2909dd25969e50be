/* The test program of the wire library. */
#include "t_run.h"

CU_SuiteInfo *suite_wire_golden(void);
CU_SuiteInfo *suite_wire_fields_data(void);
CU_SuiteInfo *suite_wire_fields_groups(void);
CU_SuiteInfo *suite_wire_fields_consumer(void);
CU_SuiteInfo *suite_wire_fields_admin(void);
CU_SuiteInfo *suite_wire_fields_txn(void);
CU_SuiteInfo *suite_wire_fields_cluster(void);
CU_SuiteInfo *suite_wire_frame(void);
CU_SuiteInfo *suite_wire_header(void);
CU_SuiteInfo *suite_wire_batch(void);
CU_SuiteInfo *suite_wire_compress(void);
CU_SuiteInfo *suite_wire_captured(void);

static const t_suite_fn suites[] = {
    suite_wire_golden,
    suite_wire_fields_data,
    suite_wire_fields_groups,
    suite_wire_fields_consumer,
    suite_wire_fields_admin,
    suite_wire_fields_txn,
    suite_wire_fields_cluster,
    suite_wire_frame,
    suite_wire_header,
    suite_wire_batch,
    suite_wire_compress,
    suite_wire_captured,
};

int main(int argc, char **argv) {
    return t_run(suites, sizeof(suites) / sizeof(suites[0]), argc, argv);
}
