/* `ktrial check`, `ktrial fmt` and `ktrial verbs`. They print; nothing else in this folder does. */
#pragma once

/* argv[0] is the subcommand. Return the exit status: 0, 64 (usage, or a scenario with errors). */
int trial_command_check(int argc, char **argv);
int trial_command_fmt(int argc, char **argv);
int trial_command_verbs(int argc, char **argv);
