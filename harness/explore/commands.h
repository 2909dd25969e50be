/* The command of ktrial that explores. Returns the exit status of the program. */
#pragma once

/* argv[0] is the command's name. */
int trial_command_explore(int argc, char **argv);
