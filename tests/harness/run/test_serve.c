/* `ktrial serve`: the control channel. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "program.h"
#include "suites.h"
#include "t_run.h"

static struct t_program program;
static char line[65536];
static char bootstrap[512];

static bool read_line(void) {
    line[0] = '\0';
    return fgets(line, sizeof(line), program.out) != NULL;
}

/* Starts it and reads the first line. */
static bool serve(const char *const *arguments) {
    if (!t_program_start(&program, arguments, false) || !T_TRUE(read_line())) {
        return false;
    }
    static const char name[] = "\"bootstrap.servers\":\"";
    const char *at = strstr(line, name);
    if (!t_check(strncmp(line, "{\"event\":\"ready\"", 16) == 0 && at, __LINE__, __FILE__,
                 "not ready: %s", line)) {
        return false;
    }
    (void)snprintf(bootstrap, sizeof(bootstrap), "%.*s",
                   (int)strcspn(at + sizeof(name) - 1, "\""), at + sizeof(name) - 1);
    return true;
}

static void ask(const char *text, const char *answer) {
    (void)fprintf(program.in, "%s\n", text);
    (void)fflush(program.in);
    bool got = read_line();
    t_check(got && strstr(line, answer), __LINE__, __FILE__, "%s: no '%s' in %.300s", text, answer,
            line);
}

static int kcat(const char *arguments) {
    char command[2000];
    (void)snprintf(command, sizeof(command), "kcat -q -b %s -X socket.nagle.disable=true %s",
                   bootstrap, arguments);
    return system(command);
}

static void items_steps_and_checks_are_answered(void) {
    if (!serve((const char *const[]){"serve", NULL})) {
        return;
    }
    ask("topic rev partitions 2", "{\"ok\":true}");
    ask("topic rev", "\"ok\":false");
    ask("prduce", "expected an item");
    ask("await end rev/0 >= 0", "{\"ok\":true}");
    ask("advance 25h", "{\"ok\":true}");
    ask("leader rev/1 to 2", "{\"ok\":true}");
    ask("leader rev/1 to 99", "\"ok\":false");
    ask("down 3", "{\"ok\":true}");
    ask("up 3", "{\"ok\":true}");
    ask("log rev/0 is { }", "\"verdict\":\"pass\"");
    ask("compact rev/0", "is not compacted");
    ask("topic dense partitions 2 compact", "{\"ok\":true}");
    ask("compact dense", "\"partition\":1,\"pass\":\"compact\",\"nothing_dirty\":true");
    ask("note \"x\"", "{\"ok\":true}");
    T_EQUAL_INT(t_program_end(&program), 0);
    T_TRUE(strstr(t_output, "\"event\":\"judged\"") != NULL);
}

static void topics_go_come_and_change_on_the_channel(void) {
    if (!serve((const char *const[]){"serve", NULL})) {
        return;
    }
    ask("topic rev partitions 1", "{\"ok\":true}");
    T_EQUAL_INT(kcat("-P -t rev <<END\nno key\nEND\n"), 0);
    ask("log rev/0 is { 0: null = \"no key\" }", "\"verdict\":\"pass\"");
    ask("delete-records rev/0 before 2", "\"ok\":false");
    ask("delete-records rev/0 before 1", "\"pass\":\"delete-records\"");
    ask("log rev/0 is { }", "\"verdict\":\"pass\"");
    ask("configure rev { retention.ms = 1h }", "{\"ok\":true}");
    ask("configure rev { retention.ms = soon }", "wants a duration");
    ask("configure rev { cleanup.policy = compact }", "{\"ok\":true}");
    ask("compact rev", "\"pass\":\"compact\"");
    ask("delete-topic rev", "{\"ok\":true}");
    ask("delete-topic rev", "no topic rev");
    ask("create-topic rev", "{\"ok\":true}");
    ask("retain rev", "\"pass\":\"retain\"");
    ask("rebalance \"of strangers\"", "\"ok\":false");
    ask("fence \"nobody\"", "nobody has used the transactional id nobody");
    ask("expire \"nobody\"", "no transaction of nobody is open");
    T_EQUAL_INT(kcat("-P -t rev -K: <<END\nk:v\nEND\n"), 0);
    ask("log rev/0 is { 0: \"k\" = \"v\" }", "\"verdict\":\"pass\"");
    T_EQUAL_INT(t_program_end(&program), 0);
}

static void a_check_that_does_not_hold_is_answered_and_counted(void) {
    if (!serve((const char *const[]){"serve", NULL})) {
        return;
    }
    ask("topic rev", "true");
    ask("log rev/0 has { 0: \"k\" = \"v\" }", "\"ok\":false");
    T_EQUAL_INT(t_program_end(&program), 1);
}

/* kcat produces, is told a lie by a fault, retries; another reads what is there. */
static void a_foreign_client_meets_a_fault_armed_on_the_channel(void) {
    if (!serve((const char *const[]){"serve", NULL})) {
        return;
    }
    ask("topic rev partitions 1", "true");
    ask("fault lost at produce on rev/0 key \"k1\" attempt 1 : drop-response then reset", "true");
    T_EQUAL_INT(kcat("-P -t rev -K: -X client.id=my-app <<END\nk1:v1\nEND\n"), 0);
    ask("await fired lost and end rev/0 >= 2", "true");
    ask("fired lost = 1", "\"verdict\":\"pass\"");
    ask("log rev/0 is { 0: \"k1\" = \"v1\"\n 1: \"k1\" = \"v1\" }", "\"verdict\":\"pass\"");
    T_EQUAL_INT(kcat("-C -t rev -e -f '%o %k=%s;' >/dev/null"), 0);
    T_EQUAL_INT(t_program_end(&program), 0);
}

static void a_block_may_be_several_lines(void) {
    if (!serve((const char *const[]){"serve", NULL})) {
        return;
    }
    ask("topic rev", "true");
    T_EQUAL_INT(kcat("-P -t rev -K: <<END\nk:v\nEND\n"), 0);
    ask("# a comment, an empty line\n\nlog rev/0 is {\n  0: \"k\" = \"v\"\n}",
        "\"verdict\":\"pass\"");
    T_EQUAL_INT(t_program_end(&program), 0);
}

static void an_await_is_answered_when_it_holds_and_not_before(void) {
    if (!serve((const char *const[]){"serve", NULL})) {
        return;
    }
    ask("topic rev", "true");
    (void)fprintf(program.in, "await end rev/0 >= 1\nnote \"after\"\n");
    (void)fflush(program.in);
    T_EQUAL_INT(kcat("-P -t rev -K: <<END\nk:v\nEND\n"), 0);
    T_TRUE(read_line() && strstr(line, "{\"ok\":true}"));
    T_TRUE(read_line() && strstr(line, "{\"ok\":true}"));
    T_EQUAL_INT(t_program_end(&program), 0);
}

static void a_signal_judges_and_answers_what_is_open(void) {
    if (!serve((const char *const[]){"serve", NULL})) {
        return;
    }
    ask("topic rev", "true");
    (void)fprintf(program.in, "await end rev/0 >= 1\n");
    (void)fflush(program.in);
    T_EQUAL_INT(kill(program.pid, SIGTERM), 0);
    T_EQUAL_INT(t_program_end(&program), 0);
    T_TRUE(strstr(t_output, "\"event\":\"judged\"") != NULL);
}

static void the_socket_is_a_second_channel(void) {
    char path[96];
    char option[128];
    char answer[256] = "";
    (void)snprintf(path, sizeof(path), "%s/control", t_folder);
    (void)snprintf(option, sizeof(option), "unix:%s", path);
    if (!serve((const char *const[]){"serve", "--control", option, NULL})) {
        return;
    }
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    static const char words[] = "topic rev\n";
    T_EQUAL_INT(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    T_EQUAL_INT(write(fd, words, sizeof(words) - 1), sizeof(words) - 1);
    T_TRUE(read(fd, answer, sizeof(answer) - 1) > 0 && strstr(answer, "{\"ok\":true}"));
    (void)close(fd);
    ask("await end rev/0 >= 0", "true");
    T_EQUAL_INT(t_program_end(&program), 0);
    T_EQUAL_INT(access(path, F_OK), -1);
}

static void a_file_gives_declarations_and_checks_and_starts_nobody(void) {
    const char *path = t_file("serve.scn", "scenario \"serve\"\nmatrix n = 2 | 3\ntopic rev "
                                           "partitions $n\n"
                                           "writer w1 to rev exec \"touch started\"\n"
                                           "check {\n  log rev/1 is {\n  }\n}\n");
    if (!serve((const char *const[]){"serve", path, "--set", "n=3", "--set",
                                     "auto.create.topics.enable=false", NULL})) {
        return;
    }
    ask("await end rev/2 >= 0", "true");
    ask("start w1", "starts no actors");
    T_EQUAL_INT(t_program_end(&program), 0);
    char started[96];
    (void)snprintf(started, sizeof(started), "%s/started", t_folder);
    T_EQUAL_INT(access(started, F_OK), -1);
}

#define LOGIN(name, word)                                                                          \
    "-X security.protocol=SASL_PLAINTEXT -X sasl.mechanism=PLAIN -X sasl.username=" name    \
    " -X sasl.password=" word " "

static void who_logs_in_may_do_what_an_acl_says(void) {
    if (!serve((const char *const[]){"serve", "--set", "listener=SASL_PLAINTEXT", "--set",
                                     "auto.create.topics.enable=false", NULL})) {
        return;
    }
    T_TRUE(strstr(line, "\"security.protocol\":\"SASL_PLAINTEXT\"") != NULL);
    T_TRUE(strstr(line, "\"sasl.mechanisms\":\"PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER\"") !=
           NULL);
    ask("topic rev", "{\"ok\":true}");
    ask("principal alice password \"wonder\"", "{\"ok\":true}");
    ask("principal bob password \"builder\"", "{\"ok\":true}");
    ask("acl alice may write on topic rev", "{\"ok\":true}");
    ask("acl alice may wirte on topic rev", "did you mean 'write'?");
    ask("acl carol may write on topic rev", "no principal is named 'carol'");
    T_EQUAL_INT(kcat(LOGIN("alice", "wonder") "-P -t rev -K: <<END\nk:v\nEND\n"), 0);
    /* A wrong password, and the right one without the right. */
    T_TRUE(kcat(LOGIN("alice", "land") "-X message.timeout.ms=1000 -P -t rev -K: 2>/dev/null "
                "<<END\nk:x\nEND\n") != 0);
    T_TRUE(kcat(LOGIN("bob", "builder") "-P -t rev -K: 2>/dev/null <<END\nk:y\nEND\n") != 0);
    ask("log rev/0 is { 0: \"k\" = \"v\" }", "\"verdict\":\"pass\"");
    T_EQUAL_INT(t_program_end(&program), 0);
    /* No password is in any output. */
    T_TRUE(strstr(t_output, "wonder") == NULL && strstr(t_output, "builder") == NULL);
}

/* The value of a member of the last line, into a buffer; empty when it has none. */
static void told(const char *name, char *value, size_t room) {
    char pattern[64];
    (void)snprintf(pattern, sizeof(pattern), "\"%s\":\"", name);
    const char *at = strstr(line, pattern);
    at = at ? at + strlen(pattern) : "";
    (void)snprintf(value, room, "%.*s", (int)strcspn(at, "\""), at);
}

static void a_principal_of_tls_is_told_its_certificate(void) {
    if (!serve((const char *const[]){"serve", "--set", "listener=SSL", "--set",
                                     "ssl.client.auth=required", "--set",
                                     "super.users=User:CN=alice,O=ktrial", NULL})) {
        return;
    }
    char authority[256], certificate[256], key[256], login[1024];
    told("ssl.ca.location", authority, sizeof(authority));
    ask("topic rev", "{\"ok\":true}");
    ask("principal alice password \"wonder\"", "\"ok\":true");
    told("ssl.certificate.location", certificate, sizeof(certificate));
    told("ssl.key.location", key, sizeof(key));
    (void)snprintf(login, sizeof(login),
                   "-X security.protocol=SSL -X ssl.ca.location=%s -P -t rev -K: "
                   "-X ssl.certificate.location=%s -X ssl.key.location=%s <<END\nk:v\nEND\n",
                   authority, certificate, key);
    T_EQUAL_INT(kcat(login), 0);
    (void)snprintf(login, sizeof(login),
                   "-X security.protocol=SSL -X ssl.ca.location=%s -X message.timeout.ms=1000 "
                   "-P -t rev -K: 2>/dev/null <<END\nk:x\nEND\n",
                   authority);
    T_TRUE(kcat(login) != 0);
    ask("log rev/0 is { 0: \"k\" = \"v\" }", "\"verdict\":\"pass\"");
    T_EQUAL_INT(t_program_end(&program), 0);
    T_EQUAL_INT(access(key, F_OK), -1);
}

static void unknown_settings_are_refused(void) {
    struct t_program refused;
    if (t_program_start(&refused, (const char *const[]){"serve", "--set", "no.such=1", NULL},
        true)) {
        T_EQUAL_INT(t_program_end(&refused), 64);
        T_TRUE(strstr(t_output, "no.such") != NULL);
    }
}

CU_SuiteInfo *suite_run_serve(void) {
    static CU_TestInfo tests[] = {
        {"topics_go_come_and_change_on_the_channel", topics_go_come_and_change_on_the_channel},
        {"items_steps_and_checks_are_answered", items_steps_and_checks_are_answered},
        {"a_check_that_does_not_hold_is_answered_and_counted",
         a_check_that_does_not_hold_is_answered_and_counted},
        {"a_foreign_client_meets_a_fault_armed_on_the_channel",
         a_foreign_client_meets_a_fault_armed_on_the_channel},
        {"a_block_may_be_several_lines", a_block_may_be_several_lines},
        {"an_await_is_answered_when_it_holds_and_not_before",
         an_await_is_answered_when_it_holds_and_not_before},
        {"a_signal_judges_and_answers_what_is_open", a_signal_judges_and_answers_what_is_open},
        {"the_socket_is_a_second_channel", the_socket_is_a_second_channel},
        {"a_file_gives_declarations_and_checks_and_starts_nobody",
         a_file_gives_declarations_and_checks_and_starts_nobody},
        {"who_logs_in_may_do_what_an_acl_says", who_logs_in_may_do_what_an_acl_says},
        {"a_principal_of_tls_is_told_its_certificate",
         a_principal_of_tls_is_told_its_certificate},
        {"unknown_settings_are_refused", unknown_settings_are_refused},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"run serve", NULL, NULL, t_folder_make, t_folder_remove, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
