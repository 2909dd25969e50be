/* What the program says on standard output: one JSON object a line, written at once. */
#pragma once
#include <stdint.h>

#include "client/client.h"
#include "replay/replayer.h"
#include "writer/writer.h"

/* False after standard output refused a line: nobody listens any more. */
bool tool_event_is_heard(void);

void tool_event_ready(bool is_client);
void tool_event_outcome(const struct journal_outcome *outcome);
void tool_event_flushed(void);
void tool_event_report(const struct journal_report *report);
void tool_event_point(enum journal_point point, const char *topic, int32_t partition,
                      int64_t offset);
void tool_event_stopped(uint64_t processed, uint64_t committed);
/* By hand: the record itself, "key" and "value" in base64; with text, "key.text" and "value.text"
 * as they are, where a plain record is UTF-8. */
void tool_event_record(const struct journal_message *message, bool text);
/* A table row of journal.* settings. */
void tool_event_setting(const struct journal_setting *setting);
