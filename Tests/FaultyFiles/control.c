#include "disk.h"

#include <errno.h>
#include <string.h>

// Each of these takes a disk by number or path, holds its lock meanwhile, and lets it go again.
#define WITH_DISK(d, found, missing)   \
    disk *d = (found);                 \
    if (!d) return missing;            \
    pthread_mutex_lock(&d->lock)
#define DONE(d, result)                \
    do {                               \
        __typeof__(result) r_ = (result); \
        pthread_mutex_unlock(&d->lock); \
        disk_release(d);               \
        return r_;                     \
    } while (0)

void faulty_cut_at(int number, int64_t step) {
    WITH_DISK(d, disk_numbered(number), );
    d->cut_at = step;
    d->steps = 0;
    pthread_mutex_unlock(&d->lock);
    disk_release(d);
}

int64_t faulty_steps(int number) {
    WITH_DISK(d, disk_numbered(number), 0);
    DONE(d, d->steps);
}

int faulty_is_cut(int number) {
    WITH_DISK(d, disk_numbered(number), 1);
    DONE(d, d->is_cut);
}

int faulty_step(int number) {
    WITH_DISK(d, disk_numbered(number), 1);
    DONE(d, disk_step(d) != 0);
}

void faulty_fail(int number, int kinds, int64_t first, int64_t count) {
    WITH_DISK(d, disk_numbered(number), );
    d->fault_kinds = kinds;
    d->fault_first = first;
    d->fault_count = count;
    d->matched = d->failed = 0;
    pthread_mutex_unlock(&d->lock);
    disk_release(d);
}

int64_t faulty_matched(int number) {
    WITH_DISK(d, disk_numbered(number), 0);
    DONE(d, d->matched);
}

int64_t faulty_failed(int number) {
    WITH_DISK(d, disk_numbered(number), 0);
    DONE(d, d->failed);
}

int faulty_put(const char *path, const void *bytes, int64_t count) {
    WITH_DISK(d, disk_of(path), ENXIO);
    int off = disk_step(d);
    if (off == 2) DONE(d, EIO);
    node *n = disk_find(d, path);
    if (!n) n = disk_create(d, path, 0);
    if (disk_fails(d, FAULTY_FULL)) DONE(d, ENOSPC);
    if (disk_fails(d, FAULTY_WRITE)) DONE(d, EIO);
    if (n->now.length) node_truncate(n, 0);
    if (count) node_write(n, bytes, count, 0);
    DONE(d, off ? EIO : 0);
}

int faulty_sync(const char *path) {
    WITH_DISK(d, disk_of(path), ENXIO);
    if (disk_step(d)) DONE(d, EIO);
    node *n = disk_find(d, path);
    if (disk_fails(d, FAULTY_SYNC)) {
        if (n) node_forget_changes(n);
        DONE(d, EIO);
    }
    if (n && !n->is_folder) disk_sync_node(d, n);
    else disk_sync_names(d);
    DONE(d, 0);
}

int faulty_rename(const char *from, const char *to) {
    WITH_DISK(d, disk_of(from), ENXIO);
    int off = disk_step(d);
    if (off == 2) DONE(d, EIO);
    int result = disk_rename(d, from, to);
    DONE(d, off ? EIO : result);
}

int faulty_remove(const char *path) {
    WITH_DISK(d, disk_of(path), ENXIO);
    if (!disk_find(d, path)) DONE(d, ENOENT);
    int off = disk_step(d);
    if (off == 2) DONE(d, EIO);
    int result = disk_rename(d, path, NULL);
    DONE(d, off ? EIO : result);
}

int faulty_mkdir(const char *path) {
    WITH_DISK(d, disk_of(path), ENXIO);
    if (disk_find(d, path)) DONE(d, EEXIST);
    int off = disk_step(d);
    if (off == 2) DONE(d, EIO);
    disk_create(d, path, 1);
    DONE(d, off ? EIO : 0);
}

int64_t faulty_length(const char *path) {
    WITH_DISK(d, disk_of(path), -1);
    node *n = disk_find(d, path);
    DONE(d, n ? n->now.length : (int64_t)-1);
}

int64_t faulty_get(const char *path, void *bytes, int64_t count) {
    WITH_DISK(d, disk_of(path), -1);
    node *n = disk_find(d, path);
    if (!n || d->is_cut) DONE(d, (int64_t)-1);
    int64_t some = count < n->now.length ? count : n->now.length;
    if (some) memcpy(bytes, n->now.bytes, (size_t)some);
    DONE(d, some);
}

int64_t faulty_identity(const char *path) {
    WITH_DISK(d, disk_of(path), 0);
    node *n = disk_find(d, path);
    DONE(d, n ? n->identity : (int64_t)0);
}
