/* The file's name is the source's base name and a hash of its absolute path. Steps are written with
 * one write each, so a line is whole or absent (a torn last line is ignored when read). They are
 * not fsynced: a crash of the program loses nothing, and a key does not wait for a disk. */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app.h"
#include "base/file.h"
#include "base/str.h"
#include "overlay.h"

struct Journal {
    int fd;
    char *path;
    JournalStep *steps; /* found at the start, not yet offered */
    int nsteps;
};

static void add_field(Buf *b, const char *s)
{
    buf_addc(b, '\t');
    for (; *s; s++) {
        if (*s == '\t' || *s == '\n' || *s == '\\') {
            buf_addc(b, '\\');
            buf_addc(b, *s == '\t' ? 't' : *s == '\n' ? 'n' : '\\');
        } else {
            buf_addc(b, *s);
        }
    }
}

static void append(Journal *j, const char *word, const char *a, const char *b)
{
    if (!j)
        return;
    Buf line = {0};
    buf_add(&line, word);
    if (a)
        add_field(&line, a);
    if (b)
        add_field(&line, b);
    buf_addc(&line, '\n');
    ssize_t n;
    do n = write(j->fd, line.s, line.len);
    while (n < 0 && errno == EINTR);
    buf_free(&line);
}

void journal_answer(Journal *j, const char *id, const char *answer)
{
    append(j, answer ? "answer" : "clear", id, answer);
}

void journal_undo(Journal *j, bool redo)
{
    append(j, redo ? "redo" : "undo", NULL, NULL);
}
void journal_written(Journal *j)
{
    append(j, "written", NULL, NULL);
}

void journal_target(Journal *j, const char *to, const char *style)
{
    append(j, "target", to ? to : "", style ? style : "");
}

static char *take_field(char **s)
{
    char *out = *s, *w = out;
    for (; **s && **s != '\t'; (*s)++) {
        if (**s == '\\' && (*s)[1]) {
            (*s)++;
            *w++ = (char)(**s == 't' ? '\t' : **s == 'n' ? '\n' : **s);
        } else {
            *w++ = **s;
        }
    }
    if (**s)
        (*s)++;
    *w = '\0';
    return out;
}

static void add_step(Journal *j, StepKind kind, const char *a, const char *b)
{
    j->steps = x_realloc(j->steps, sizeof *j->steps * (size_t)(j->nsteps + 1));
    j->steps[j->nsteps++] = (JournalStep){kind, x_strdup(a), x_strdup(b)};
}

void journal_steps_free(JournalStep *steps, int n)
{
    for (int i = 0; i < n; i++) {
        free(steps[i].a);
        free(steps[i].b);
    }
    free(steps);
}

static void read_line(Journal *j, char *line)
{
    static const char *const words[] = {"answer", "clear", "undo", "redo", "target"};
    char *word = take_field(&line), *a = take_field(&line), *b = take_field(&line);
    if (str_eq(word, "written")) {
        journal_steps_free(j->steps, j->nsteps);
        j->steps = NULL;
        j->nsteps = 0;
    }
    for (int i = 0; i < 5; i++)
        if (str_eq(word, words[i]))
            add_step(j, (StepKind)i, a, b);
}

/* Read through the descriptor that holds the lock: closing another one would let the lock go. */
static void read_steps(Journal *j)
{
    Buf all = {0};
    char block[4096];
    buf_add(&all, "");
    for (ssize_t n; (n = read(j->fd, block, sizeof block)) > 0;) buf_addn(&all, block, (size_t)n);
    char *text = all.s;
    for (char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) {
        *end = '\0';
        read_line(j, text);
    }
    buf_free(&all);
}

static uint64_t hash(const char *s)
{
    uint64_t h = 1469598103934665603u;
    while (*s) h = (h ^ (unsigned char)*s++) * 1099511628211u;
    return h;
}

static const char *absolute(Arena *a, const char *path)
{
    char cwd[4096];
    if (path[0] == '/' || !getcwd(cwd, sizeof cwd))
        return path;
    return path_join(a, cwd, path);
}

Journal *journal_open(const char *dir, const char *source, bool *locked)
{
    Arena *a = arena_new();
    const char *err = NULL, *folder = path_join(a, dir, "journal");
    const char *name = arena_printf(a, "%s-%016llx", path_base(source),
                                    (unsigned long long)hash(absolute(a, source)));
    Journal *j = NULL;
    *locked = false;
    if (file_mkdirs(a, folder, &err)) {
        const char *path = path_join(a, folder, name);
        int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        if (fd >= 0 && fcntl(fd, F_SETLK, &lock) != 0) {
            *locked = true;
            close(fd);
        } else if (fd >= 0) {
            j = x_alloc(sizeof *j);
            *j = (Journal){fd, x_strdup(path), NULL, 0};
            read_steps(j);
        }
    }
    arena_free(a);
    return j;
}

void journal_close(Journal *j, bool finished)
{
    if (!j)
        return;
    if (finished && ftruncate(j->fd, 0) != 0)
        journal_written(j);
    close(j->fd);
    journal_steps_free(j->steps, j->nsteps);
    free(j->path);
    free(j);
}

const char *journal_path(const Journal *j)
{
    return j ? j->path : NULL;
}

static void answer_offer(App *app, int key)
{
    Journal *j = app->journal;
    JournalStep *steps = j->steps;
    int n = j->nsteps;
    if (key != 'y' && key != 'n') { /* asked again at the next start */
        app_say(app, MESSAGE_INFO, "the old answers stay in the journal");
        return;
    }
    j->steps = NULL;
    j->nsteps = 0;
    if (key == 'y') {
        job_start_replay(app, steps, n);
        return;
    }
    journal_written(j);
    journal_steps_free(steps, n);
    app_say(app, MESSAGE_INFO, "the old answers are left behind");
}

void journal_offer(App *app)
{
    Journal *j = app->journal;
    if (!j || j->nsteps == 0)
        return;
    question_open(
        app, "yn", answer_offer,
        "The last session on this file ended without writing. Take its %d change%s again?",
        j->nsteps, j->nsteps == 1 ? "" : "s");
}
