/* Files: reading whole, and writing so that a crash, a signal or a full disk never leaves half a
 * file.
 *
 * The temporary file is made with open(O_EXCL) beside the target, under the process's umask; a
 * target that is there hands on its mode. What is no regular file (a pipe, a terminal) is just
 * written to. Writing in place happens only after the old text is safe in a backup, which stays. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX 40  /* symlinks followed, as the kernel does */
#define NAMES_MAX 100 /* names tried for a temporary file or a backup */

static const char *failure(Arena *a, const char *what, const char *path)
{
    return arena_printf(a, "cannot %s %s: %s", what, path, strerror(errno));
}

static char *read_fd(Arena *a, int fd, size_t *len)
{
    size_t n = 0, cap = 64 * 1024;
    char *buf = x_alloc(cap);
    for (;;) {
        ssize_t got = read(fd, buf + n, cap - n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            free(buf);
            return NULL;
        }
        if (got == 0) break;
        n += (size_t)got;
        if (n == cap) buf = x_realloc(buf, cap *= 2);
    }
    char *text = arena_strndup(a, buf, n);
    free(buf);
    *len = n;
    return text;
}

char *file_read(Arena *a, const char *path, size_t *len, const char **err)
{
    int fd = open(path, O_RDONLY);
    char *text = fd < 0 ? NULL : read_fd(a, fd, len);
    if (!text) *err = failure(a, "read", path);
    else if (*len > INT_MAX) *err = arena_printf(a, "%s is too large", path), text = NULL;
    if (fd >= 0) close(fd);
    return text;
}

static bool write_all(int fd, const char *text, size_t len)
{
    while (len) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        if (n == 0) {
            errno = ENOSPC;
            return false;
        }
        text += n;
        len -= (size_t)n;
    }
    return true;
}

/* Where path leads through symlinks, whether or not a file stands at their end. */
static char *resolve(Arena *a, const char *path, const char **err)
{
    char *p = arena_strdup(a, path);
    for (int i = 0; i < LINKS_MAX; i++) {
        struct stat st;
        if (lstat(p, &st) != 0 || !S_ISLNK(st.st_mode)) return p;
        char link[PATH_MAX];
        ssize_t n = readlink(p, link, sizeof(link) - 1);
        if (n < 0) break;
        link[n] = '\0';
        p = path_join(a, path_dir(a, p), link);
    }
    errno = ELOOP;
    *err = failure(a, "follow", path);
    return NULL;
}

/* Opens a new file named by fmt(dir, base, i); -1 with errno when no name can be made there. */
static int open_new(Arena *a, const char *dir, const char *prefix, const char *base,
                    const char *suffix, mode_t mode, char **name)
{
    for (int i = 0; i < NAMES_MAX; i++) {
        char *file = i ? arena_printf(a, "%s%s.%d%s", prefix, base, i, suffix)
                       : arena_printf(a, "%s%s%s", prefix, base, suffix);
        *name = path_join(a, dir, file);
        int fd = open(*name, O_WRONLY | O_CREAT | O_EXCL, mode);
        if (fd >= 0 || errno != EEXIST) return fd;
    }
    return -1;
}

static void sync_folder(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY);
    if (fd < 0) return;
    fsync(fd); /* some file systems cannot: the rename has happened all the same */
    close(fd);
}

/* Through a temporary file and a rename. */
static bool replace(Arena *a, int fd, const char *temp, const char *target, const struct stat *old,
                    const char *text, size_t len, const char **err)
{
    bool ok = write_all(fd, text, len);
    if (ok && old) {
        bool same_owner = fchown(fd, old->st_uid, old->st_gid) == 0;
        mode_t keep = same_owner ? 07777 : 0777; /* no set-id bits for somebody else */
        ok = fchmod(fd, old->st_mode & keep) == 0;
    }
    if (ok) ok = fsync(fd) == 0;
    int error = errno;
    if (close(fd) != 0 && ok) {
        ok = false;
        error = errno;
    }
    if (ok && rename(temp, target) != 0) {
        ok = false;
        error = errno;
    }
    if (!ok) {
        unlink(temp);
        errno = error;
        *err = failure(a, "write", target);
        return false;
    }
    sync_folder(path_dir(a, target));
    return true;
}

/* Saves what stands at target; the backup's name, or NULL. */
static char *back_up(Arena *a, const char *target, const char **err)
{
    size_t len;
    char *old = file_read(a, target, &len, err);
    if (!old) return NULL;
    const char *tmp = getenv("TMPDIR");
    char *name;
    int fd = open_new(a, path_dir(a, target), "", path_base(target), "~", 0600, &name);
    if (fd < 0)
        fd = open_new(a, tmp && *tmp ? tmp : "/tmp", "", path_base(target), "~", 0600, &name);
    if (fd < 0) {
        *err = failure(a, "back up", target);
        return NULL;
    }
    bool ok = write_all(fd, old, len) && fsync(fd) == 0;
    if (!ok) *err = failure(a, "back up", target);
    close(fd);
    if (!ok) unlink(name);
    return ok ? name : NULL;
}

static bool overwrite(Arena *a, const char *target, int flags, const char *text, size_t len,
                      const char **err)
{
    int fd = open(target, O_WRONLY | flags, 0666);
    bool ok = fd >= 0 && write_all(fd, text, len);
    if (ok && fsync(fd) != 0 && errno != EINVAL && errno != EROFS && errno != ENOTSUP) ok = false;
    if (!ok) *err = failure(a, "write", target);
    if (fd >= 0 && close(fd) != 0 && ok) {
        *err = failure(a, "write", target);
        return false;
    }
    return ok;
}

static bool write_in_place(Arena *a, const char *target, const char *why, const char *text,
                           size_t len, const char **note, const char **err)
{
    char *backup = back_up(a, target, err);
    if (!backup) return false;
    if (!overwrite(a, target, O_TRUNC, text, len, err)) {
        *err = arena_printf(a, "%s; what it held is in %s", *err, backup);
        return false;
    }
    *note = arena_printf(a, "%s was written in place (%s); what it held before is in %s", target,
                         why, backup);
    return true;
}

bool file_write_atomic(Arena *a, const char *path, const char *text, size_t len, const char **note,
                       const char **err)
{
    *note = NULL;
    char *target = resolve(a, path, err);
    if (!target) return false;
    struct stat st;
    bool there = stat(target, &st) == 0;
    if (there && S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        *err = failure(a, "write", target);
        return false;
    }
    if (there && !S_ISREG(st.st_mode)) return overwrite(a, target, 0, text, len, err);
    if (there && access(target, W_OK) != 0) { /* a rename would get around a read-only file */
        *err = failure(a, "write", target);
        return false;
    }
    if (there && st.st_nlink > 1)
        return write_in_place(a, target, "it has other hard links", text, len, note, err);

    char *temp;
    int fd = open_new(a, path_dir(a, target), ".", path_base(target), ".tmp", 0666, &temp);
    if (fd >= 0) return replace(a, fd, temp, target, there ? &st : NULL, text, len, err);
    if (there && (errno == EACCES || errno == EPERM || errno == EROFS))
        return write_in_place(a, target, "its folder is not writable", text, len, note, err);
    *err = failure(a, "write", target);
    return false;
}
