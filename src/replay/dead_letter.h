/* Inside the replayer: the dead-letter topic and the writer that serves it. */
#pragma once
#include "client/client.h"

struct journal_dead_letters;

/* topic is borrowed, and so are the options' strings. Connects with the first letter. */
int journal_dead_letters_new(const struct journal_client_options *options, const char *topic,
                             struct journal_dead_letters **ret_letters, struct base_error *err)
    BASE_MUST_USE;
void journal_dead_letters_free(struct journal_dead_letters *letters);
/* Hands one letter over: the record's key, a value that is fit for a public topic, and where it
 * came from with the name of its error as headers. */
int journal_dead_letters_send(struct journal_dead_letters *letters,
                              const struct journal_message *message, const char *error,
                              struct base_error *err) BASE_MUST_USE;
/* Waits until all are acknowledged; an error when one is not. */
int journal_dead_letters_settle(struct journal_dead_letters *letters, struct base_error *err)
    BASE_MUST_USE;
