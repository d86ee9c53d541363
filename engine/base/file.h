/* Files: reading whole, and writing so that a crash, a signal or a full disk never leaves half a
 * file.
 *
 * file_write_atomic resolves symlinks, writes a temporary file beside the target with the target's
 * mode, fsyncs, renames, fsyncs the folder. Where the target has other hard links or the folder is
 * not writable, it writes in place after a backup and says so through *note. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* NULL and *err (arena text) when unreadable. *len excludes the NUL that is always appended. */
char *file_read(Arena *a, const char *path, size_t *len, const char **err);
bool file_write_atomic(Arena *a, const char *path, const char *text, size_t len, const char **note,
                       const char **err);
bool file_exists(const char *path);
bool file_is_dir(const char *path);
bool file_mkdirs(Arena *a, const char *path, const char **err);
char *path_join(Arena *a, const char *dir, const char *name);
char *path_dir(Arena *a, const char *path); /* "." when none */
const char *path_base(const char *path);

#endif
