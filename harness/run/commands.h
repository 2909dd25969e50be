/* The commands of ktrial that run something. Each returns the exit status of the program. */
#pragma once

/* argv[0] is the command's name. */
int trial_command_run(int argc, char **argv);
int trial_command_serve(int argc, char **argv);
int trial_command_judge(int argc, char **argv);
