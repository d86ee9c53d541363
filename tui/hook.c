/* The clock stands still and each job is waited for, so a script has one outcome. Neither the
 * user's configuration nor journals are read, unless a state folder is given. */
#include "hook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/file.h"
#include "base/str.h"
#include "journal.h"
#include "keys.h"
#include "start.h"

static bool parse_size(const char *s, int *w, int *h)
{
    return sscanf(s, "%dx%d", w, h) == 2 && *w > 0 && *h > 0 && *w <= 1000 && *h <= 500;
}

static bool save(App *app, const char *path)
{
    const char *note = NULL, *err = NULL;
    Buf out = {0};
    bool ok = true;
    draw_app(app);
    screen_dump(&app->screen, &app->theme, &out);
    if (str_eq(path, "-")) {
        fwrite(out.s, 1, out.len, stdout);
    } else if (!file_write_atomic(app->arena, path, out.s, out.len, &note, &err)) {
        fprintf(stderr, "portolan: %s\n", err);
        ok = false;
    }
    buf_free(&out);
    return ok;
}

static void work(App *app)
{
    if (app->doc && !ptl_ready(app->doc))
        job_start_work(app);
}

static void mouse(App *app, MouseKind kind, const char *place)
{
    Event ev = {.kind = EV_MOUSE, .mouse = kind};
    if (sscanf(place, "%d,%d", &ev.x, &ev.y) != 2)
        return;
    ev.x--;
    ev.y--;
    work(app);
    app_event(app, &ev);
}

/* A step in angle brackets that is no key. False: it is none of these. */
static bool directive(App *app, const char *s, size_t n, bool *failed)
{
    char text[512];
    int w, h;
    snprintf(text, sizeof text, "%.*s", (int)(n < 511 ? n : 511), s);
    if (str_eq(text, "wait")) {
        work(app);
    } else if (str_starts(text, "size ") && parse_size(text + 5, &w, &h)) {
        app_resize(app, w, h);
    } else if (str_starts(text, "dump ")) {
        *failed = !save(app, text + 5) || *failed;
    } else if (str_starts(text, "paste ")) {
        Event ev = {.kind = EV_PASTE, .paste = text + 6};
        work(app);
        app_event(app, &ev);
    } else if (str_starts(text, "click ")) {
        mouse(app, MOUSE_PRESS, text + 6);
    } else if (str_starts(text, "wheel-up ")) {
        mouse(app, MOUSE_WHEEL_UP, text + 9);
    } else if (str_starts(text, "wheel-down ")) {
        mouse(app, MOUSE_WHEEL_DOWN, text + 11);
    } else {
        return false;
    }
    return true;
}

static bool play(App *app, const char *s, bool file)
{
    bool failed = false, line_start = true;
    while (*s && !app->quit) {
        if (file && line_start && s[0] == '#' && s[1] == ' ')
            s += strcspn(s, "\n");
        if (*s == '\n' || *s == '\0') {
            line_start = true;
            s += *s == '\n';
            continue;
        }
        line_start = false;
        const char *close = *s == '<' ? strchr(s, '>') : NULL;
        if (close && directive(app, s + 1, (size_t)(close - s - 1), &failed)) {
            s = close + 1;
            continue;
        }
        Event ev = {.kind = EV_KEY, .key = key_parse(&s)};
        work(app);
        app_event(app, &ev);
        draw_app(app);
    }
    return !failed;
}

int hook_run(const TuiOptions *opts)
{
    const char *err = NULL, *script = opts->keys ? opts->keys : "";
    int w = 80, h = 24, status = 0;
    size_t len;
    Arena *a = arena_new();
    bool file = script[0] == '@';
    if (opts->size && !parse_size(opts->size, &w, &h))
        err = "--size wants COLUMNSxROWS";
    if (!err && file)
        script = file_read(a, script + 1, &len, &err);
    App *app = app_new(opts);
    app->offscreen = true;
    if (!err && !start_app(app, &err) && !err)
        err = "nothing to open";
    if (err) {
        fprintf(stderr, "portolan: %s\n", err);
        status = 1;
    } else {
        app_resize(app, w, h);
        draw_app(app);
        bool played = play(app, script, file);
        if (!app->quit)
            work(app);
        if (opts->dump && !save(app, opts->dump))
            played = false;
        status = played ? 0 : 1;
    }
    journal_close(app->journal, app->quit && app->status >= 0);
    app_free(app);
    arena_free(a);
    return status;
}
