/* Finding and reading scenario files: see files.h. */
#include "harness/lang/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/memory.h"

#define MAX_FOLDER_DEPTH 64

struct paths {
    char **items;
    size_t count;
    size_t cap;
};

static int collect(const char *folder, unsigned depth, struct paths *paths, struct base_error *err);

static bool ends_in_scn(const char *name) {
    size_t len = strlen(name);
    return len > 4 && strcmp(name + len - 4, ".scn") == 0;
}

static int add_path(struct paths *paths, char *path, struct base_error *err) {
    if (!path ||
        base_grow((void **)&paths->items, &paths->cap, paths->count + 1, sizeof(char *)) != 0) {
        base_free(path);
        return base_fail(err, BASE_NO_MEMORY, "no memory for the paths of the scenarios");
    }
    paths->items[paths->count++] = path;
    return 0;
}

static int collect_entry(const char *folder, const char *name, unsigned depth,
                         struct paths *paths, struct base_error *err) {
    struct stat st;
    size_t len = strlen(folder) + strlen(name) + 2;
    char *path = base_alloc(len);
    if (!path) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for the paths of the scenarios");
    }
    bool slash = folder[0] && folder[strlen(folder) - 1] == '/';
    (void)snprintf(path, len, "%s%s%s", folder, slash ? "" : "/", name);
    if (name[0] == '.' || lstat(path, &st) != 0) {
        base_free(path);
        return 0;
    }
    if (S_ISDIR(st.st_mode)) {
        int rc = collect(path, depth + 1, paths, err);
        base_free(path);
        return rc;
    }
    if (!ends_in_scn(name)) {
        base_free(path);
        return 0;
    }
    return add_path(paths, path, err);
}

static int collect(const char *folder, unsigned depth, struct paths *paths,
                   struct base_error *err) {
    if (depth > MAX_FOLDER_DEPTH) {
        return base_fail(err, BASE_LIMIT, "%s: folders within folders, at most %d", folder,
                         MAX_FOLDER_DEPTH);
    }
    DIR *dir = opendir(folder);
    if (!dir) {
        return base_fail(err, BASE_IO, "%s: %s", folder, strerror(errno));
    }
    int rc = 0;
    for (struct dirent *e = readdir(dir); e && rc == 0; e = readdir(dir)) {
        rc = collect_entry(folder, e->d_name, depth, paths, err);
    }
    closedir(dir);
    return rc;
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int trial_find_scenarios(const char *path, trial_file_fn visit, void *arg,
                         struct base_error *err) {
    struct stat st;
    if (strcmp(path, "-") == 0) {
        return visit(arg, path, err);
    }
    if (stat(path, &st) != 0) {
        return base_fail(err, BASE_NOT_FOUND, "%s: %s", path, strerror(errno));
    }
    if (!S_ISDIR(st.st_mode)) {
        return visit(arg, path, err);
    }
    struct paths paths = {0};
    int rc = collect(path, 0, &paths, err);
    if (rc == 0 && paths.count == 0) {
        rc = base_fail(err, BASE_NOT_FOUND, "%s: no scenario (*.scn) below this folder", path);
    }
    if (paths.count) {
        qsort(paths.items, paths.count, sizeof(char *), by_name);
    }
    for (size_t i = 0; i < paths.count && rc == 0; i++) {
        rc = visit(arg, paths.items[i], err);
    }
    for (size_t i = 0; i < paths.count; i++) {
        base_free(paths.items[i]);
    }
    base_free(paths.items);
    return rc;
}

int trial_read_file(const char *path, struct base_builder *ret_text, struct base_error *err) {
    bool is_input = strcmp(path, "-") == 0;
    int fd = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return base_fail(err, errno == ENOENT ? BASE_NOT_FOUND : BASE_IO, "%s: %s", path,
                         strerror(errno));
    }
    char chunk[16384];
    ssize_t got = 1;
    int rc = 0;
    while (rc == 0 && got > 0) {
        got = read(fd, chunk, sizeof(chunk));
        if (got < 0 && errno == EINTR) {
            got = 1;
        } else if (got < 0) {
            rc = base_fail(err, BASE_IO, "%s: %s", path, strerror(errno));
        } else {
            base_put_bytes(ret_text, chunk, (size_t)got);
        }
        if (!base_builder_ok(ret_text)) {
            rc = base_fail(err, ret_text->failed, "%s: more than %zu bytes", path, ret_text->max);
        }
    }
    if (!is_input) {
        close(fd);
    }
    return rc;
}

int trial_close_file(FILE *file, const char *name, struct base_error *err) {
    errno = 0;
    bool good = fflush(file) == 0 && !ferror(file);
    int reason = errno;
    if (file != stdout && file != stderr && fclose(file) != 0 && good) {
        good = false;
        reason = errno;
    }
    return good ? 0
                : base_fail(err, BASE_IO, "cannot write '%s': %s", name,
                            reason ? strerror(reason) : "not all of it arrived");
}

int trial_write_file(const char *path, struct base_slice bytes, struct base_error *err) {
    FILE *file = fopen(path, "we");
    if (!file) {
        return base_fail(err, BASE_IO, "cannot write '%s': %s", path, strerror(errno));
    }
    if (bytes.len > 0) {
        (void)fwrite(bytes.data, 1, bytes.len, file); /* told when it is closed */
    }
    return trial_close_file(file, path, err);
}
