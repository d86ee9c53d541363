/* Where a command's result goes: a file, written whole or not at all, or standard output. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/cli.h"

bool finish_stdout(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    say_error("standard output cannot be written: %s", strerror(errno));
    return false;
}

bool put_text(const char *path, const char *text, size_t len)
{
    if (str_eq(path, "-")) {
        fwrite(text, 1, len, stdout);
        return finish_stdout();
    }
    Arena *a = arena_new();
    const char *note = NULL, *err = NULL;
    bool ok = file_write_atomic(a, path, text, len, &note, &err);
    if (!ok)
        say_error("%s", err);
    else if (note)
        say_error("%s", note);
    arena_free(a);
    return ok;
}
