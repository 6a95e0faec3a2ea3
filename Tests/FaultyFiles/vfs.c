#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"

struct handle {
    sqlite3_file base;
    disk *d;
    node *n;
    int level;
    int slots_shared, slots_exclusive, has_regions;
    char *delete_on_close;
};

static sqlite3_vfs *system_files;

static int failure(int code) {
    errno = code == SQLITE_FULL ? ENOSPC : EIO;
    return code;
}

#define BEGIN(file)                     \
    handle *h = (handle *)(file);       \
    disk *d = h->d;                     \
    pthread_mutex_lock(&d->lock);
#define END(result)                     \
    do {                                \
        int r_ = (result);              \
        pthread_mutex_unlock(&d->lock); \
        return r_ ? failure(r_) : 0;    \
    } while (0)

static int f_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    BEGIN(file)
    if (d->is_cut || d->is_freed || disk_fails(d, FAULTY_READ)) END(SQLITE_IOERR_READ);
    int64_t there = h->n->now.length - offset;
    if (there >= count) {
        memcpy(bytes, h->n->now.bytes + offset, (size_t)count);
        END(SQLITE_OK);
    }
    memset(bytes, 0, (size_t)count);
    if (there > 0) memcpy(bytes, h->n->now.bytes + offset, (size_t)there);
    END(SQLITE_IOERR_SHORT_READ);
}

static int f_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    BEGIN(file)
    int off = disk_step(d);
    if (off == 2) END(SQLITE_IOERR_WRITE);
    if (disk_fails(d, FAULTY_WRITE)) END(SQLITE_IOERR_WRITE);
    if (offset + count > h->n->now.length && disk_fails(d, FAULTY_FULL)) {
        // What still had room is there.
        int some = count / 2 / FAULTY_SECTOR * FAULTY_SECTOR;
        if (some) node_write(h->n, bytes, some, offset);
        END(SQLITE_FULL);
    }
    node_write(h->n, bytes, count, offset);
    END(off ? SQLITE_IOERR_WRITE : SQLITE_OK);
}

static int f_truncate(sqlite3_file *file, sqlite3_int64 length) {
    BEGIN(file)
    int off = disk_step(d);
    if (off == 2 || disk_fails(d, FAULTY_WRITE)) END(SQLITE_IOERR_TRUNCATE);
    node_truncate(h->n, length);
    END(off ? SQLITE_IOERR_TRUNCATE : SQLITE_OK);
}

static int f_sync(sqlite3_file *file, int flags) {
    (void)flags;
    BEGIN(file)
    if (disk_step(d)) END(SQLITE_IOERR_FSYNC);
    if (disk_fails(d, FAULTY_SYNC)) {
        node_forget_changes(h->n);
        END(SQLITE_IOERR_FSYNC);
    }
    disk_sync_node(d, h->n);
    END(SQLITE_OK);
}

static int f_size(sqlite3_file *file, sqlite3_int64 *length) {
    BEGIN(file)
    if (d->is_cut) END(SQLITE_IOERR_FSTAT);
    *length = h->n->now.length;
    END(SQLITE_OK);
}

// Locks between the connections of one process

static int f_lock(sqlite3_file *file, int level) {
    BEGIN(file)
    coordination *c = &h->n->locks;
    if (h->level >= level) END(SQLITE_OK);
    if (level == SQLITE_LOCK_SHARED) {
        if ((c->pending && c->pending != h) || (c->exclusive && c->exclusive != h)) END(SQLITE_BUSY);
        c->shared++;
    } else if (level == SQLITE_LOCK_RESERVED) {
        if (c->reserved && c->reserved != h) END(SQLITE_BUSY);
        c->reserved = h;
    } else {
        if ((c->reserved && c->reserved != h) || (c->pending && c->pending != h)) END(SQLITE_BUSY);
        c->pending = h;
        if (c->shared > 1) {
            h->level = SQLITE_LOCK_PENDING;
            END(SQLITE_BUSY);
        }
        c->exclusive = h;
    }
    h->level = level;
    END(SQLITE_OK);
}

static void unlock(handle *h, int level) {
    coordination *c = &h->n->locks;
    if (h->level <= level) return;
    if (c->reserved == h) c->reserved = NULL;
    if (c->pending == h) c->pending = NULL;
    if (c->exclusive == h) c->exclusive = NULL;
    if (level == SQLITE_LOCK_NONE) c->shared--;
    h->level = level;
}

static int f_unlock(sqlite3_file *file, int level) {
    BEGIN(file)
    unlock(h, level);
    END(SQLITE_OK);
}

static int f_check_reserved(sqlite3_file *file, int *answer) {
    BEGIN(file)
    coordination *c = &h->n->locks;
    *answer = c->reserved || c->pending || c->exclusive;
    END(SQLITE_OK);
}

static int f_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **memory) {
    BEGIN(file)
    coordination *c = &h->n->locks;
    *memory = NULL;
    if (!h->has_regions) {
        h->has_regions = 1;
        c->region_users++;
    }
    if (region >= c->region_count) {
        if (!extend) END(SQLITE_OK);
        c->regions = realloc(c->regions, sizeof *c->regions * (size_t)(region + 1));
        while (c->region_count <= region) c->regions[c->region_count++] = calloc(1, (size_t)size);
        c->region_size = size;
    }
    *memory = c->regions[region];
    END(SQLITE_OK);
}

static void shm_unlock(handle *h, int mask) {
    coordination *c = &h->n->locks;
    for (int i = 0; i < 8; i++) {
        if (!(mask & (1 << i))) continue;
        if (h->slots_shared & (1 << i)) c->slot_shared[i]--;
        if (c->slot_exclusive[i] == h) c->slot_exclusive[i] = NULL;
    }
    h->slots_shared &= ~mask;
    h->slots_exclusive &= ~mask;
}

static int f_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    BEGIN(file)
    coordination *c = &h->n->locks;
    int mask = ((1 << count) - 1) << offset;
    if (flags & SQLITE_SHM_UNLOCK) {
        shm_unlock(h, mask);
        END(SQLITE_OK);
    }
    for (int i = offset; i < offset + count; i++) {
        if (c->slot_exclusive[i] && c->slot_exclusive[i] != h) END(SQLITE_BUSY);
        int others = c->slot_shared[i] - ((h->slots_shared >> i) & 1);
        if ((flags & SQLITE_SHM_EXCLUSIVE) && others > 0) END(SQLITE_BUSY);
    }
    for (int i = offset; i < offset + count; i++) {
        if (flags & SQLITE_SHM_EXCLUSIVE) {
            c->slot_exclusive[i] = h;
            h->slots_exclusive |= 1 << i;
        } else if (!(h->slots_shared & (1 << i))) {
            c->slot_shared[i]++;
            h->slots_shared |= 1 << i;
        }
    }
    END(SQLITE_OK);
}

static void f_shm_barrier(sqlite3_file *file) {
    handle *h = (handle *)file;
    pthread_mutex_lock(&h->d->lock);
    pthread_mutex_unlock(&h->d->lock);
}

static void shm_unmap(handle *h) {
    coordination *c = &h->n->locks;
    if (!h->has_regions) return;
    shm_unlock(h, 0xFF);
    h->has_regions = 0;
    if (--c->region_users > 0) return;
    for (int i = 0; i < c->region_count; i++) free(c->regions[i]);
    free(c->regions);
    c->regions = NULL;
    c->region_count = 0;
}

static int f_shm_unmap(sqlite3_file *file, int delete) {
    (void)delete;
    BEGIN(file)
    shm_unmap(h);
    END(SQLITE_OK);
}

static int f_close(sqlite3_file *file) {
    handle *h = (handle *)file;
    disk *d = h->d;
    pthread_mutex_lock(&d->lock);
    shm_unmap(h);
    unlock(h, SQLITE_LOCK_NONE);
    if (h->delete_on_close) disk_rename(d, h->delete_on_close, NULL);
    free(h->delete_on_close);
    node_release(h->n);
    pthread_mutex_unlock(&d->lock);
    disk_release(d);
    return SQLITE_OK;
}

static int f_control(sqlite3_file *file, int op, void *argument) {
    (void)file, (void)op, (void)argument;
    return SQLITE_NOTFOUND;
}

static int f_sector(sqlite3_file *file) { (void)file; return FAULTY_SECTOR; }
// As the system's own files say of themselves: what is not written is not harmed.
static int f_device(sqlite3_file *file) { (void)file; return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

static const sqlite3_io_methods methods = {
    2, f_close, f_read, f_write, f_truncate, f_sync, f_size, f_lock, f_unlock, f_check_reserved, f_control, f_sector,
    f_device, f_shm_map, f_shm_lock, f_shm_barrier, f_shm_unmap, NULL, NULL,
};

static int v_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out) {
    (void)vfs;
    disk *d = disk_of(path);
    if (!d) {
        if (path && strncmp(path, FAULTY_PREFIX, strlen(FAULTY_PREFIX)) == 0) return SQLITE_CANTOPEN;
        return system_files->xOpen(system_files, path, file, flags, out);
    }
    handle *h = (handle *)file;
    memset(h, 0, sizeof *h);
    pthread_mutex_lock(&d->lock);
    node *n = disk_find(d, path);
    int result = SQLITE_OK;
    if (d->is_cut) result = SQLITE_CANTOPEN;
    else if (!n && !(flags & SQLITE_OPEN_CREATE)) result = SQLITE_CANTOPEN;
    else if (!n) {
        int off = disk_step(d);
        n = disk_create(d, path, 0);
        if (off) result = SQLITE_CANTOPEN;
    }
    if (result == SQLITE_OK) {
        n->references++;
        h->d = d;
        h->n = n;
        h->base.pMethods = &methods;
        if (flags & SQLITE_OPEN_DELETEONCLOSE) h->delete_on_close = strdup(path);
        if (out) *out = flags;
    }
    pthread_mutex_unlock(&d->lock);
    if (result) {
        disk_release(d);
        return failure(result);
    }
    return SQLITE_OK;
}

static int v_delete(sqlite3_vfs *vfs, const char *path, int sync) {
    (void)vfs;
    disk *d = disk_of(path);
    if (!d) return system_files->xDelete(system_files, path, sync);
    pthread_mutex_lock(&d->lock);
    int result = SQLITE_OK;
    if (!disk_find(d, path)) result = SQLITE_IOERR_DELETE_NOENT;
    else {
        int off = disk_step(d);
        if (off < 2) disk_rename(d, path, NULL);
        if (off) result = SQLITE_IOERR_DELETE;
        else if (sync) disk_sync_names(d);
    }
    pthread_mutex_unlock(&d->lock);
    disk_release(d);
    return result == SQLITE_OK || result == SQLITE_IOERR_DELETE_NOENT ? result : failure(result);
}

static int v_access(sqlite3_vfs *vfs, const char *path, int flags, int *answer) {
    (void)vfs;
    disk *d = disk_of(path);
    if (!d) return system_files->xAccess(system_files, path, flags, answer);
    pthread_mutex_lock(&d->lock);
    node *n = disk_find(d, path);
    // Like the system's own: an empty file counts as missing where only its existence is asked.
    *answer = n && (flags != SQLITE_ACCESS_EXISTS || n->now.length > 0);
    int result = d->is_cut ? SQLITE_IOERR_ACCESS : SQLITE_OK;
    pthread_mutex_unlock(&d->lock);
    disk_release(d);
    return result ? failure(result) : SQLITE_OK;
}

static int v_full_path(sqlite3_vfs *vfs, const char *path, int room, char *out) {
    (void)vfs;
    if (strncmp(path, FAULTY_PREFIX, strlen(FAULTY_PREFIX)) != 0)
        return system_files->xFullPathname(system_files, path, room, out);
    if ((int)strlen(path) >= room) return SQLITE_CANTOPEN;
    strcpy(out, path);
    return SQLITE_OK;
}

static sqlite3_vfs vfs;
static int install_result;

static void install(void) {
    install_result = sqlite3_initialize();
    if (install_result) return;
    system_files = sqlite3_vfs_find(NULL);
    vfs = *system_files;
    vfs.zName = "faulty";
    vfs.pNext = NULL;
    if (vfs.szOsFile < (int)sizeof(handle)) vfs.szOsFile = sizeof(handle);
    vfs.xOpen = v_open;
    vfs.xDelete = v_delete;
    vfs.xAccess = v_access;
    vfs.xFullPathname = v_full_path;
    install_result = sqlite3_vfs_register(&vfs, 1);
}

int faulty_install(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
    return install_result;
}
