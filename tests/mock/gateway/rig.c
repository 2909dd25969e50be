/* The broker of the tests and its fake host: see rig.h. */
#include "rig.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"

/* Far more than any test needs, also under Valgrind. */
#define WATCHDOG_SECONDS 150
#define MAX_FAULTS 256
#define MAX_ACTIONS 8

struct rig rig;

static struct {
    struct mock_fault_spec spec;
    struct mock_action actions[MAX_ACTIONS];
} fault_pool[MAX_FAULTS];
static size_t faults_used;
static unsigned topics_made;

static void bite(int signal_number) {
    CU_pTest test = CU_get_current_test();
    const char *name = test ? test->pName : "set-up or tear-down";
    static const char text[] = "\nWATCHDOG: this test hangs: ";
    if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0 ||
        write(STDERR_FILENO, name, strlen(name)) < 0 || write(STDERR_FILENO, "\n", 1) < 0) {
        _exit(98);
    }
    abort();
}

/* -- the fake host -- */

static void on_wake(uv_idle_t *idle) {
    uv_idle_stop(idle);
}

/* The broker may call just before its loop waits: what the test waits for has then come to pass. */
static void wake(void) {
    if (!uv_is_closing((uv_handle_t *)&rig.wake)) {
        uv_idle_start(&rig.wake, on_wake);
    }
}

static void copy(char to[RIG_NAME_BYTES], const char *from) {
    (void)snprintf(to, RIG_NAME_BYTES, "%s", from ? from : "");
}

static void on_event(void *arg, const struct mock_event *event) {
    wake();
    rig.counts[event->kind]++;
    if (rig.counts_only || base_grow((void **)&rig.events, &rig.event_cap, rig.event_count + 1,
                                     sizeof(*rig.events)) < 0) {
        return;
    }
    struct rig_event *e = &rig.events[rig.event_count++];
    *e = (struct rig_event){
        .kind = event->kind,
        .at_ns = base_clock_monotonic_ns(),
        .connection = event->connection,
        .request = event->request,
        .broker = event->broker,
        .api = event->api,
        .error = event->error,
        .dropped = event->dropped,
        .idle = event->idle,
        .partition = event->partition,
        .offset = event->offset,
        .records = event->batch ? (int32_t)event->batch->record_count : 0,
    };
    copy(e->actor, event->actor);
    copy(e->topic, event->topic);
    copy(e->group, event->group);
    copy(e->text, event->text);
}

static bool holds(void *arg, const void *condition) {
    return *(const bool *)condition;
}

static int act(void *arg, const struct mock_action *action, struct mock_firing *firing,
               struct base_error *err) {
    wake();
    rig.acts++;
    rig.act_kind = action->kind;
    rig.act_name = action->name;
    if (rig.refuses_acts) {
        return base_fail(err, BASE_STATE, "no actor %s", action->name);
    }
    rig.acting = firing;
    return 0;
}

static void point_go(void *arg, void *subject) {
    wake();
    rig.gone_subject = subject;
}

static void point_fail(void *arg, void *subject, const char *error) {
    wake();
    rig.failed_subject = subject;
    rig.failed_error = error;
}

/* -- making and closing -- */

static int open_with(const struct mock_settings *settings) {
    struct base_error err = BASE_ERROR_INIT;
    struct mock_host host = {.event = on_event,
                             .holds = holds,
                             .act = act,
                             .point_go = point_go,
                             .point_fail = point_fail};
    rig = (struct rig){.live_before = base_memory_live_count()};
    signal(SIGALRM, bite);
    alarm(WATCHDOG_SECONDS);
    faults_used = 0;
    if (uv_loop_init(&rig.loop) != 0 || uv_idle_init(&rig.loop, &rig.wake) != 0 ||
        mock_broker_new(&rig.loop, settings, &host, &rig.broker, &err) != 0) {
        fprintf(stderr, "no broker: %s\n", err.text);
        return -1;
    }
    return 0;
}

int rig_open(const char *name, ...) {
    struct mock_settings settings;
    struct base_error err = BASE_ERROR_INIT;
    mock_settings_init(&settings);
    va_list args;
    va_start(args, name);
    int rc = 0;
    for (const char *n = name; n && rc == 0; n = va_arg(args, const char *)) {
        rc = mock_settings_set(&settings, n, va_arg(args, const char *), &err);
    }
    va_end(args);
    if (rc != 0) {
        fprintf(stderr, "no broker: %s\n", err.text);
        return -1;
    }
    return open_with(&settings);
}

int rig_set_up(void) {
    return rig_open(NULL);
}

static void on_closed(void *arg) {
    rig.closed = true;
}

/* The mock cluster's own record, when it is left to the exiting process. */
#define LEFT_ALLOCATIONS 1

static int tear_down(bool whole) {
    mock_broker_close(rig.broker, whole, on_closed, NULL);
    RIG_UNTIL(rig.closed);
    uv_close((uv_handle_t *)&rig.wake, NULL);
    int result = uv_run(&rig.loop, UV_RUN_NOWAIT);
    result = uv_loop_close(&rig.loop) != 0 || result;
    base_free(rig.events);
    rig.events = NULL;
    int64_t live = base_memory_live_count() - (whole ? 0 : LEFT_ALLOCATIONS);
    if (result || live != rig.live_before) {
        fprintf(stderr, "the broker leaves %lld allocations%s\n",
                (long long)(live - rig.live_before), result ? " and open handles" : "");
        result = -1;
    }
    alarm(0);
    return result;
}

int rig_tear_down(void) {
    return tear_down(false);
}

int rig_tear_down_whole(void) {
    return tear_down(true);
}

void rig_begin(void) {
    alarm(WATCHDOG_SECONDS);
    rig_forget_events();
    rig.acts = 0;
    rig.refuses_acts = false;
    rig.acting = NULL;
    rig.gone_subject = rig.failed_subject = NULL;
    rig.failed_error = NULL;
    rig.listener = rig_listen(NULL, 0);
}

void rig_end(void) {
    mock_faults_heal(rig.broker);
    if (rig.listener) {
        mock_listener_close(rig.listener);
        rig.listener = NULL;
    }
    for (int32_t node = 1; node <= 3; node++) {
        (void)mock_node_up(rig.broker, node, NULL);
    }
    rig_settle();
}

void rig_turn(void) {
    uv_run(&rig.loop, UV_RUN_ONCE);
}

void rig_settle(void) {
    RIG_UNTIL(mock_is_quiet(rig.broker));
    uv_run(&rig.loop, UV_RUN_NOWAIT);
}

/* -- events -- */

void rig_forget_events(void) {
    rig.event_count = 0;
    memset(rig.counts, 0, sizeof(rig.counts));
}

const struct rig_event *rig_event(enum mock_event_kind kind, int16_t api, size_t n) {
    for (size_t i = 0; i < rig.event_count; i++) {
        const struct rig_event *e = &rig.events[i];
        if (e->kind == kind && (api < 0 || e->api == api) && n-- == 0) {
            return e;
        }
    }
    return NULL;
}

size_t rig_count(enum mock_event_kind kind, int16_t api) {
    size_t n = 0;
    while (rig_event(kind, api, n)) {
        n++;
    }
    return n;
}

/* -- topics and listeners -- */

const char *rig_topic(int32_t partitions, bool compact) {
    static char name[RIG_NAME_BYTES];
    struct base_error err = BASE_ERROR_INIT;
    struct mock_topic_options options = MOCK_TOPIC_OPTIONS_INIT;
    options.partitions = partitions;
    options.compact = compact;
    (void)snprintf(name, sizeof(name), "topic-%u", ++topics_made);
    T_EQUAL_INT(mock_topic_create(rig.broker, name, &options, &err), 0);
    for (int32_t p = 0; p < partitions; p++) {
        T_EQUAL_INT(mock_leader_move(rig.broker, name, p, 1, &err), 0);
    }
    rig_forget_events();
    return name;
}

struct mock_listener *rig_listen(const char *actor, uint32_t incarnation) {
    struct base_error err = BASE_ERROR_INIT;
    struct mock_listener_options options = MOCK_LISTENER_OPTIONS_INIT;
    struct mock_listener *listener = NULL;
    options.actor = actor;
    options.incarnation = incarnation;
    T_EQUAL_INT(mock_listener_open(rig.broker, &options, &listener, &err), 0);
    return listener;
}

/* -- faults -- */

struct mock_trigger rig_on(enum mock_trigger_kind kind) {
    return (struct mock_trigger){.kind = kind, .partition = -1, .offset = -1};
}

struct mock_fault *rig_arm(struct mock_trigger trigger, int32_t times,
                           const struct mock_action *actions, size_t count) {
    struct mock_fault *fault = NULL;
    if (!T_TRUE(faults_used < MAX_FAULTS && count <= MAX_ACTIONS)) {
        return NULL;
    }
    memcpy(fault_pool[faults_used].actions, actions, count * sizeof(*actions));
    fault_pool[faults_used].spec = (struct mock_fault_spec){
        .name = mock_trigger_kind_to_str(trigger.kind),
        .trigger = trigger,
        .actions = fault_pool[faults_used].actions,
        .action_count = count,
        .times = times,
    };
    T_EQUAL_INT(mock_fault_arm(rig.broker, &fault_pool[faults_used].spec, &fault, NULL), 0);
    faults_used++;
    return fault;
}

void rig_set(bool *condition) {
    *condition = true;
    mock_clock_advance(rig.broker, 0); /* any event makes it ask */
}

/* -- a thread beside the loop -- */

static struct {
    uv_async_t async;
    pthread_mutex_t lock;
    pthread_cond_t done;
    void (*call)(void *arg);
    void *call_arg;
    int (*fn)(void *arg);
    void *arg;
    int result;
    bool ended;
} beside = {.lock = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER};

static void on_async(uv_async_t *async) {
    pthread_mutex_lock(&beside.lock);
    if (beside.call) {
        beside.call(beside.call_arg);
        beside.call = NULL;
        pthread_cond_signal(&beside.done);
    }
    pthread_mutex_unlock(&beside.lock);
}

void rig_on_loop(void (*fn)(void *arg), void *arg) {
    pthread_mutex_lock(&beside.lock);
    beside.call = fn;
    beside.call_arg = arg;
    uv_async_send(&beside.async);
    while (beside.call) {
        pthread_cond_wait(&beside.done, &beside.lock);
    }
    pthread_mutex_unlock(&beside.lock);
}

static void *run_beside(void *arg) {
    int result = beside.fn(beside.arg);
    pthread_mutex_lock(&beside.lock);
    beside.result = result;
    beside.ended = true;
    uv_async_send(&beside.async);
    pthread_mutex_unlock(&beside.lock);
    return NULL;
}

static bool beside_has_ended(void) {
    pthread_mutex_lock(&beside.lock);
    bool ended = beside.ended;
    pthread_mutex_unlock(&beside.lock);
    return ended;
}

static void on_async_closed(uv_handle_t *handle) {
    *(bool *)handle->data = true;
}

int rig_beside(int (*fn)(void *arg), void *arg) {
    pthread_t thread;
    beside.fn = fn;
    beside.arg = arg;
    beside.ended = false;
    uv_async_init(&rig.loop, &beside.async, on_async);
    int rc = pthread_create(&thread, NULL, run_beside, NULL);
    if (rc == 0) {
        RIG_UNTIL(beside_has_ended());
        pthread_join(thread, NULL);
    }
    bool closed = false;
    beside.async.data = &closed;
    uv_close((uv_handle_t *)&beside.async, on_async_closed);
    RIG_UNTIL(closed);
    return rc ? -1 : beside.result;
}
