// What a disk is made of. Every function here wants the disk's lock held.
#ifndef FAULTY_DISK_H
#define FAULTY_DISK_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "FaultyFiles.h"

#define FAULTY_PREFIX "/faulty/"
#define FAULTY_SECTOR 512

typedef struct {
    uint8_t *bytes;
    int64_t length, room;
} buffer;

// A write or a truncation that no sync has followed yet.
typedef struct {
    int64_t offset, count;
    uint8_t *bytes;  // NULL: cut to `offset`
} change;

typedef struct handle handle;

// Locks and shared memory of one database file: gone with the power.
typedef struct {
    int shared;
    handle *reserved, *pending, *exclusive;
    void **regions;
    int region_count, region_size, region_users;
    int slot_shared[8];
    handle *slot_exclusive[8];
} coordination;

typedef struct node {
    int64_t identity;
    int references;  // names, durable names, pending renames and handles
    int is_folder;
    buffer now, synced;
    change *changes;
    int change_count, change_room;
    coordination locks;
} node;

typedef struct {
    char *name;
    node *file;
} entry;

typedef struct {
    entry *entries;
    int count, room;
} names;

// A change of names that no sync has followed yet: created (from NULL), deleted (to NULL), renamed.
typedef struct {
    char *from, *to;
    node *file;
} renaming;

typedef struct disk {
    pthread_mutex_t lock;
    int number, references, is_freed;
    names now, synced;
    renaming *renamings;
    int renaming_count, renaming_room;
    int64_t steps, cut_at, next_identity;
    int is_cut;
    int fault_kinds;
    int64_t fault_first, fault_count, matched, failed;
} disk;

disk *disk_of(const char *path);
disk *disk_numbered(int number);
void disk_release(disk *d);

// Counts a step. 0: go on; 1: the power went with it; 2: it was off before.
int disk_step(disk *d);
// Whether an operation of this kind is to fail now.
int disk_fails(disk *d, int kind);

node *disk_find(disk *d, const char *path);
node *disk_create(disk *d, const char *path, int is_folder);
int disk_rename(disk *d, const char *from, const char *to);
void node_write(node *n, const void *bytes, int64_t count, int64_t offset);
void node_truncate(node *n, int64_t length);
void node_release(node *n);
// What no sync has followed yet will never be durable, although it is there to be read.
void node_forget_changes(node *n);
void disk_sync_node(disk *d, node *n);
void disk_sync_names(disk *d);

#endif
