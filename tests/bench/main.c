/* The benchmark's program: measures both servers by turns and prints ratios with their goals. */
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench.h"

/* The bare mock keeps 5 MiB of a partition. */
#define CONSUME_RECORDS 20000
#define PRODUCE_RECORDS 500000
#define TURNS 5

extern char **environ;

static struct bench_server broker;
static struct bench_server bare;
static int missed;
static int broken;

static void goal(const char *what, int is_met) {
    printf("    goal: %s: %s\n", what, is_met ? "met" : "MISSED");
    missed += !is_met;
}

/* A result that could not be had breaks the benchmark. */
static double had(double value) {
    broken += value < 0;
    return value;
}

static void rates(int partitions, double turns[2][TURNS], int consume) {
    char topic[32];
    int count = consume ? CONSUME_RECORDS * partitions : PRODUCE_RECORDS;
    (void)snprintf(topic, sizeof(topic), "%s-%d", consume ? "consume" : "produce", partitions);
    for (int server = 0; consume && server < 2; server++) {
        had(bench_produce_rate(server ? &bare : &broker, topic, partitions, count));
    }
    for (int turn = 0; turn < TURNS && !broken; turn++) {
        for (int server = 0; server < 2; server++) {
            const struct bench_server *at = server ? &bare : &broker;
            turns[server][turn] =
                had(consume
                        ? bench_consume_rate(at, topic, partitions, count, partitions > 1 ? 1 : 8)
                        : bench_produce_rate(at, topic, partitions, count));
        }
    }
}

static void compare_rates(int partitions, int consume, double wanted) {
    double turns[2][TURNS];
    rates(partitions, turns, consume);
    if (broken) {
        return;
    }
    double ours = bench_median(turns[0], TURNS);
    double theirs = bench_median(turns[1], TURNS);
    char text[64];
    printf("%s, 200 bytes, %d partition%s: broker %.0f/s, bare mock %.0f/s, ratio %.2f\n",
           consume ? "consume" : "produce", partitions, partitions > 1 ? "s" : "", ours, theirs,
           ours / theirs);
    (void)snprintf(text, sizeof(text), "at least %.1f of the bare mock", wanted);
    goal(text, ours / theirs >= wanted);
}

static void compare_latencies(void) {
    double ours = had(bench_round_trip_ms(&broker, "trip", 1000));
    double theirs = had(bench_round_trip_ms(&bare, "trip", 1000));
    printf("round trip: broker %.3f ms, bare mock %.3f ms, ratio %.2f\n", ours, theirs,
           ours / theirs);
    goal("at most 2 times the bare mock's", ours <= 2 * theirs);

    double arrival = had(bench_end_to_end_ms(&broker, "arrival", 200));
    double bare_arrival = had(bench_end_to_end_ms(&bare, "arrival", 7));
    printf("to an idle consumer: broker %.3f ms, bare mock %.3f ms\n", arrival, bare_arrival);
    goal("at most 1 ms over the round trip", arrival <= ours + 1);

    double first = had(bench_first_record_ms(&broker, "first", 9));
    double bare_first = had(bench_first_record_ms(&bare, "first", 1));
    printf("first record of a new group: broker %.1f ms, bare mock %.1f ms\n", first, bare_first);
    goal("at most 30 ms", first <= 30);
}

/* Milliseconds of one run of a program without output; -1: it did not end with 0. */
static double run_ms(char *const *argv) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    uint64_t start_ns = base_clock_monotonic_ns();
    pid_t child;
    int status = -1;
    if (posix_spawn(&child, argv[0], &actions, NULL, argv, environ) == 0) {
        waitpid(child, &status, 0);
    }
    posix_spawn_file_actions_destroy(&actions);
    return status == 0 ? (double)(base_clock_monotonic_ns() - start_ns) / 1e6 : -1;
}

static void time_a_trial(char *ktrial, char *scenario) {
    char *argv[] = {ktrial, "run", scenario, NULL};
    double taken[11];
    for (size_t i = 0; i < 11 && !broken; i++) {
        taken[i] = had(run_ms(argv));
    }
    if (broken) {
        fprintf(stderr, "ktrial run %s failed\n", scenario);
        return;
    }
    double median = bench_median(taken, 11);
    printf("a whole small trial: %.1f ms\n", median);
    goal("at most 50 ms", median <= 50);
}

static double ms_since(uint64_t start_ns) {
    return (double)(base_clock_monotonic_ns() - start_ns) / 1e6;
}

/* From the start of a server, with its topics, to a client that has the metadata. */
static int start_servers(void) {
    double ms[2];
    uint64_t start_ns = base_clock_monotonic_ns();
    int failed = bench_server_start_broker(&broker);
    ms[0] = ms_since(start_ns);
    start_ns = base_clock_monotonic_ns();
    failed = failed || bench_server_start_bare(&bare);
    ms[1] = ms_since(start_ns);
    for (int server = 0; server < 2 && !failed; server++) {
        start_ns = base_clock_monotonic_ns();
        failed = bench_topic_await(server ? &bare : &broker, "produce-16", 16);
        ms[server] += ms_since(start_ns);
    }
    if (!failed) {
        printf("start to first metadata: broker %.1f ms, bare mock %.1f ms\n", ms[0], ms[1]);
    }
    return failed;
}

static const char help[] =
    "usage: bench [KTRIAL SCENARIO]\n"
    "Measures the broker and librdkafka's bare mock cluster by turns, and prints ratios with\n"
    "their goals. With the ktrial program and a small scenario also the time of a whole trial.\n"
    "Exit status: 0 all goals met, 1 one missed, 64 a mistake in the call, 99 it failed.\n";

int main(int argc, char **argv) {
    bool is_help = argc == 2 && strcmp(argv[1], "--help") == 0;
    if (argc != 1 && argc != 3) {
        fputs(help, is_help ? stdout : stderr);
        return is_help ? 0 : 64;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (start_servers() != 0) {
        return 99;
    }
    if (!broken) {
        compare_rates(1, 0, 0.8);
        compare_rates(16, 0, 0.8);
        compare_rates(1, 1, 1.0);
        compare_rates(16, 1, 1.0);
    }
    if (!broken) {
        compare_latencies();
    }
    if (!broken && argc == 3) {
        time_a_trial(argv[1], argv[2]);
    }
    if (broken) {
        fprintf(stderr, "the benchmark could not be made\n");
        return 99;
    }
    return missed ? 1 : 0;
}
