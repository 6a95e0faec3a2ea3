#include "disk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static disk **registry;
static int registry_count;

static disk *disk_make(void) {
    disk *d = calloc(1, sizeof *d);
    pthread_mutex_init(&d->lock, NULL);
    d->references = 1;
    d->next_identity = 100;
    pthread_mutex_lock(&registry_lock);
    registry = realloc(registry, sizeof *registry * (size_t)(registry_count + 1));
    d->number = registry_count;
    registry[registry_count++] = d;
    pthread_mutex_unlock(&registry_lock);
    return d;
}

disk *disk_numbered(int number) {
    disk *d = NULL;
    pthread_mutex_lock(&registry_lock);
    if (number >= 0 && number < registry_count) d = registry[number];
    if (d) __atomic_add_fetch(&d->references, 1, __ATOMIC_SEQ_CST);
    pthread_mutex_unlock(&registry_lock);
    return d;
}

disk *disk_of(const char *path) {
    size_t prefix = strlen(FAULTY_PREFIX);
    if (!path || strncmp(path, FAULTY_PREFIX, prefix) != 0) return NULL;
    return disk_numbered(atoi(path + prefix));
}

static void names_clear(names *names) {
    for (int i = 0; i < names->count; i++) {
        free(names->entries[i].name);
        node_release(names->entries[i].file);
    }
    free(names->entries);
}

void disk_release(disk *d) {
    if (__atomic_sub_fetch(&d->references, 1, __ATOMIC_SEQ_CST) > 0) return;
    names_clear(&d->now);
    names_clear(&d->synced);
    for (int i = 0; i < d->renaming_count; i++) {
        free(d->renamings[i].from);
        free(d->renamings[i].to);
        node_release(d->renamings[i].file);
    }
    free(d->renamings);
    pthread_mutex_destroy(&d->lock);
    free(d);
}

// Steps and faults

int disk_step(disk *d) {
    if (d->is_cut || d->is_freed) return 2;
    d->steps++;
    if (d->cut_at && d->steps >= d->cut_at) {
        d->is_cut = 1;
        return 1;
    }
    return 0;
}

int disk_fails(disk *d, int kind) {
    if (!(d->fault_kinds & kind)) return 0;
    d->matched++;
    if (d->matched < d->fault_first || d->matched - d->fault_first >= d->fault_count) return 0;
    d->failed++;
    return 1;
}

// Contents

static void buffer_resize(buffer *b, int64_t length) {
    if (length > b->room) {
        int64_t room = length + length / 2 + 4096;
        b->bytes = realloc(b->bytes, (size_t)room);
        b->room = room;
    }
    if (length > b->length) memset(b->bytes + b->length, 0, (size_t)(length - b->length));
    b->length = length;
}

static void buffer_apply(buffer *b, const change *c, int64_t count) {
    if (!c->bytes) {
        buffer_resize(b, c->offset);
        return;
    }
    if (c->offset + count > b->length) buffer_resize(b, c->offset + count);
    memcpy(b->bytes + c->offset, c->bytes, (size_t)count);
}

static void node_changes(node *n, const void *bytes, int64_t count, int64_t offset) {
    if (n->change_count == n->change_room) {
        n->change_room = n->change_room * 2 + 16;
        n->changes = realloc(n->changes, sizeof *n->changes * (size_t)n->change_room);
    }
    change *c = &n->changes[n->change_count++];
    *c = (change){offset, count, NULL};
    if (bytes) {
        c->bytes = malloc(count ? (size_t)count : 1);
        memcpy(c->bytes, bytes, (size_t)count);
    }
    buffer_apply(&n->now, c, count);
}

void node_write(node *n, const void *bytes, int64_t count, int64_t offset) { node_changes(n, bytes, count, offset); }
void node_truncate(node *n, int64_t length) { node_changes(n, NULL, 0, length); }

void node_forget_changes(node *n) {
    for (int i = 0; i < n->change_count; i++) free(n->changes[i].bytes);
    n->change_count = 0;
}

void node_release(node *n) {
    if (!n || --n->references > 0) return;
    node_forget_changes(n);
    free(n->changes);
    free(n->now.bytes);
    free(n->synced.bytes);
    for (int i = 0; i < n->locks.region_count; i++) free(n->locks.regions[i]);
    free(n->locks.regions);
    free(n);
}

// Names

static int names_index(const names *names, const char *name) {
    for (int i = 0; i < names->count; i++)
        if (strcmp(names->entries[i].name, name) == 0) return i;
    return -1;
}

static void names_put(names *names, const char *name, node *file) {
    file->references++;
    int at = names_index(names, name);
    if (at >= 0) {
        node_release(names->entries[at].file);
        names->entries[at].file = file;
        return;
    }
    if (names->count == names->room) {
        names->room = names->room * 2 + 8;
        names->entries = realloc(names->entries, sizeof *names->entries * (size_t)names->room);
    }
    names->entries[names->count++] = (entry){strdup(name), file};
}

static void names_take(names *names, const char *name) {
    int at = names_index(names, name);
    if (at < 0) return;
    free(names->entries[at].name);
    node_release(names->entries[at].file);
    names->entries[at] = names->entries[--names->count];
}

static void names_apply(names *names, const renaming *r) {
    // A name that never reached the disk cannot be moved there.
    if (r->from && r->to && names_index(names, r->from) < 0) return;
    if (r->to) names_put(names, r->to, r->file);
    if (r->from) names_take(names, r->from);
}

// The part of a path below its disk.
static const char *local(const char *path) {
    const char *rest = strchr(path + strlen(FAULTY_PREFIX), '/');
    return rest ? rest : "/";
}

static void disk_note(disk *d, const char *from, const char *to, node *file) {
    if (d->renaming_count == d->renaming_room) {
        d->renaming_room = d->renaming_room * 2 + 8;
        d->renamings = realloc(d->renamings, sizeof *d->renamings * (size_t)d->renaming_room);
    }
    file->references++;
    renaming *r = &d->renamings[d->renaming_count++];
    *r = (renaming){from ? strdup(from) : NULL, to ? strdup(to) : NULL, file};
    names_apply(&d->now, r);
}

node *disk_find(disk *d, const char *path) {
    int at = names_index(&d->now, local(path));
    return at < 0 ? NULL : d->now.entries[at].file;
}

node *disk_create(disk *d, const char *path, int is_folder) {
    node *n = calloc(1, sizeof *n);
    n->identity = d->next_identity++;
    n->is_folder = is_folder;
    disk_note(d, NULL, local(path), n);
    return n;
}

int disk_rename(disk *d, const char *from, const char *to) {
    node *n = disk_find(d, from);
    if (!n) return ENOENT;
    disk_note(d, local(from), to ? local(to) : NULL, n);
    return 0;
}

// Syncing

// A journalled file system writes down name changes in their order, so that a sync of anything takes
// all earlier ones with it. SQLite counts on that: it does not sync the folder after taking a journal away.
void disk_sync_names(disk *d) {
    for (int i = 0; i < d->renaming_count; i++) {
        renaming *r = &d->renamings[i];
        names_apply(&d->synced, r);
        free(r->from);
        free(r->to);
        node_release(r->file);
    }
    d->renaming_count = 0;
}

void disk_sync_node(disk *d, node *n) {
    for (int i = 0; i < n->change_count; i++) buffer_apply(&n->synced, &n->changes[i], n->changes[i].count);
    node_forget_changes(n);
    disk_sync_names(d);
}

// Reboot

static uint64_t chance(uint64_t *state) {
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static void survive(node *n, int mode, uint64_t *state, buffer *found) {
    if (mode == FAULTY_CLEAN) {
        buffer_resize(found, n->now.length);
        if (n->now.length) memcpy(found->bytes, n->now.bytes, (size_t)n->now.length);
        return;
    }
    buffer_resize(found, n->synced.length);
    if (n->synced.length) memcpy(found->bytes, n->synced.bytes, (size_t)n->synced.length);
    if (mode == FAULTY_SYNCED || n->change_count == 0) return;
    int *order = malloc(sizeof *order * (size_t)n->change_count);
    for (int i = 0; i < n->change_count; i++) order[i] = i;
    if (mode == FAULTY_REORDERED) {
        for (int i = n->change_count - 1; i > 0; i--) {
            int j = (int)(chance(state) % (uint64_t)(i + 1)), held = order[i];
            order[i] = order[j];
            order[j] = held;
        }
    }
    // Sometimes most of it survives, sometimes hardly any.
    uint64_t keep = 1 + chance(state) % 7;
    for (int i = 0; i < n->change_count; i++) {
        const change *c = &n->changes[order[i]];
        if (chance(state) % 8 >= keep) continue;
        int64_t count = c->count;
        if (mode == FAULTY_TORN && count > FAULTY_SECTOR && chance(state) % 2) {
            int64_t sector = chance(state) % 2 ? FAULTY_SECTOR : 4096;
            int64_t sectors = count / sector;
            if (sectors > 0) count = sector * (int64_t)(chance(state) % (uint64_t)(sectors + 1));
        }
        buffer_apply(found, c, count);
    }
    free(order);
}

int faulty_reboot(int number, int mode, uint64_t seed) {
    disk *old = disk_numbered(number);
    if (!old) return -1;
    disk *d = disk_make();
    pthread_mutex_lock(&old->lock);
    uint64_t state = seed;
    names found = {0};
    const names *start = mode == FAULTY_CLEAN ? &old->now : &old->synced;
    for (int i = 0; i < start->count; i++) names_put(&found, start->entries[i].name, start->entries[i].file);
    if (mode == FAULTY_TORN || mode == FAULTY_REORDERED) {
        int kept = (int)(chance(&state) % (uint64_t)(old->renaming_count + 1));
        for (int i = 0; i < old->renaming_count; i++) {
            // A journalled file system keeps the first of them; another one any.
            if (mode == FAULTY_TORN ? i < kept : (int)(chance(&state) % 2)) names_apply(&found, &old->renamings[i]);
        }
    }
    for (int i = 0; i < found.count; i++) {
        node *before = found.entries[i].file;
        node *n = calloc(1, sizeof *n);
        n->identity = before->identity;
        n->is_folder = before->is_folder;
        survive(before, mode, &state, &n->now);
        buffer_resize(&n->synced, n->now.length);
        if (n->now.length) memcpy(n->synced.bytes, n->now.bytes, (size_t)n->now.length);
        names_put(&d->now, found.entries[i].name, n);
        names_put(&d->synced, found.entries[i].name, n);
    }
    names_clear(&found);
    d->next_identity = old->next_identity;
    pthread_mutex_unlock(&old->lock);
    disk_release(old);
    return d->number;
}

int faulty_new(void) { return disk_make()->number; }

void faulty_free(int number) {
    pthread_mutex_lock(&registry_lock);
    disk *d = number >= 0 && number < registry_count ? registry[number] : NULL;
    if (d) registry[number] = NULL;
    pthread_mutex_unlock(&registry_lock);
    if (!d) return;
    pthread_mutex_lock(&d->lock);
    d->is_freed = 1;
    pthread_mutex_unlock(&d->lock);
    disk_release(d);
}
