// A disk in memory under SQLite that loses power and fails on command. For tests only.
//
// Every path below "/faulty/NUMBER/" lies on disk NUMBER; all others go to the system's own file
// system, untouched. A disk remembers what was written and what of it was synced, and counts each
// step that changes it: write, sync, truncate, create, rename, delete, and steps of the caller's own.
#ifndef FAULTY_FILES_H
#define FAULTY_FILES_H

#include <stdint.h>

// What is found on the disk after the power came back.
enum {
    FAULTY_CLEAN = 0,      // everything that was written
    FAULTY_SYNCED = 1,     // only what was synced
    FAULTY_TORN = 2,       // of the rest some writes, in their order, some of them only in their first sectors
    FAULTY_REORDERED = 3   // of the rest some writes, whole, in any order
};

// Faults that are no loss of power; may be combined.
enum {
    FAULTY_FULL = 1,       // a file cannot grow
    FAULTY_READ = 2,
    FAULTY_WRITE = 4,
    FAULTY_SYNC = 8        // and what was to be made durable is lost, as Linux loses it
};

// Puts the file system in front of SQLite's own. Returns SQLite's result code; further calls do nothing.
int faulty_install(void);

// A new, empty disk.
int faulty_new(void);
// Takes a disk away; files still open on it fail from now on and may be closed at any time.
void faulty_free(int disk);
// What is found on a disk after its power went: a new disk. The old one stays as it is.
int faulty_reboot(int disk, int mode, uint64_t seed);

// Cuts the power at the step with this number, counted from 1; 0: never. Sets the count back.
void faulty_cut_at(int disk, int64_t step);
int64_t faulty_steps(int disk);
int faulty_is_cut(int disk);
// A step of the caller's own. Returns 1 when the power is off.
int faulty_step(int disk);

// Lets `count` operations fail, beginning with number `first` of those that `kinds` names.
void faulty_fail(int disk, int kinds, int64_t first, int64_t count);
// How many operations of those kinds there were since then.
int64_t faulty_matched(int disk);
int64_t faulty_failed(int disk);

// Files without SQLite. 0, or an errno value.
int faulty_put(const char *path, const void *bytes, int64_t count);
int faulty_sync(const char *path);
int faulty_rename(const char *from, const char *to);
int faulty_remove(const char *path);
int faulty_mkdir(const char *path);
// The length, or -1 where there is no such file.
int64_t faulty_length(const char *path);
int64_t faulty_get(const char *path, void *buffer, int64_t count);
// A number that a file keeps through renames and reboots; 0 where there is none.
int64_t faulty_identity(const char *path);

#endif
