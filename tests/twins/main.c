/* The wrong twins as one program: ktrial-twin NAME. */
#include <stdio.h>
#include <string.h>

#include "twin.h"

typedef int (*twin_fn)(enum twin_fault fault);

static const struct {
    const char *name;
    enum twin_fault fault;
    twin_fn play;
    const char *help;
} twins[] = {
    {"ignores-failures", TWIN_IGNORES_FAILURES, twin_writer, "says ok, whatever the report says"},
    {"reports-failed", TWIN_REPORTS_FAILED, twin_writer, "says failed of what was delivered"},
    {"keeps-silent", TWIN_KEEPS_SILENT, twin_writer, "says nothing of its first intent"},
    {"sends-twice", TWIN_SENDS_TWICE, twin_writer, "produces each record twice"},
    {"resends", TWIN_RESENDS, twin_writer, "produces again, once restarted, what it was told"},
    {"swaps-order", TWIN_SWAPS_ORDER, twin_writer, "produces the second record before the first"},
    {"anonymizes-nothing", TWIN_ANONYMIZES_NOTHING, twin_writer, "publishes objects as they are"},
    {"forgets-privileged", TWIN_FORGETS_PRIVILEGED, twin_writer, "writes the public copy only"},
    {"forgets-tombstone", TWIN_FORGETS_TOMBSTONE, twin_writer, "deletes the public copy only"},
    {"writes-garbage", TWIN_WRITES_GARBAGE, twin_writer, "writes bytes that are no object"},
    {"calls-aborted-ok", TWIN_CALLS_ABORTED_OK, twin_writer, "does not wait for the end"},
    {"commits-first", TWIN_COMMITS_FIRST, twin_client, "commits before the effect"},
    {"dead-letters-raw", TWIN_DEAD_LETTERS_RAW, twin_client, "dead-letters privileged bytes"},
    {"skips-third", TWIN_SKIPS_THIRD, twin_client, "leaves out every third record"},
    {"ignores-deletes", TWIN_IGNORES_DELETES, twin_client, "does nothing for a tombstone"},
    {"resurrects", TWIN_RESURRECTS, twin_client, "writes back what was deleted"},
    {"appends-rows", TWIN_APPENDS_ROWS, twin_client, "adds a row for each delivery"},
    {"invents-row", TWIN_INVENTS_ROW, twin_client, "stores what no record says"},
    {"starts-over", TWIN_STARTS_OVER, twin_client, "reads from the beginning at each start"},
    {"replays-one", TWIN_REPLAYS_ONE, twin_client, "does so, and takes all but one for known"},
    {"refuses-owners", TWIN_REFUSES_OWNERS, twin_client, "needs to see that an owner gave up"},
    {"dies-of-owners", TWIN_DIES_OF_OWNERS, twin_client, "the same, and exits if it does not"},
    {"distrusts-gap", TWIN_DISTRUSTS_GAP, twin_client, "applies nothing behind a gap"},
    {"dies-of-gap", TWIN_DIES_OF_GAP, twin_client, "takes a gap for loss, and exits"},
    {"keeps-first", TWIN_KEEPS_FIRST, twin_client, "takes a key's first value for its last"},
    {"dies-of-unseen", TWIN_DIES_OF_UNSEEN, twin_client, "exits at a delete of no row"},
    {"commits-apart", TWIN_COMMITS_APART, twin_client, "copies, then commits, each by itself"},
    {"commits-early", TWIN_COMMITS_EARLY, twin_client, "commits before its copy is committed"},
    {"shows-aborted", TWIN_SHOWS_ABORTED, twin_client, "reads uncommitted records too"},
};
#define TWIN_COUNT (sizeof(twins) / sizeof(twins[0]))

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < TWIN_COUNT; i++) {
        if (strcmp(twins[i].name, name) == 0) {
            return twins[i].play(twins[i].fault);
        }
    }
    bool is_help = strcmp(name, "--help") == 0;
    FILE *to = is_help ? stdout : stderr;
    fprintf(to, "usage: ktrial-twin NAME\n"
                "Plays an actor of ktrial with one deliberate fault, one of\n");
    for (size_t i = 0; i < TWIN_COUNT; i++) {
        fprintf(to, "  %-20s %s\n", twins[i].name, twins[i].help);
    }
    return is_help ? 0 : 64;
}
