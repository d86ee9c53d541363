/* Copies, each freed when it is learnt anew. */
#include "facts.h"

#include <string.h>

#include "app.h"
#include "base/file.h"

static void set_all(Facts *f, const char *value)
{
    char **all[] = {&f->path, &f->source, &f->target, &f->from, &f->to, &f->style, &f->input};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) app_set_string(all[i], value);
}

void facts_init(Facts *f)
{
    memset(f, 0, sizeof *f);
    set_all(f, "");
}

void facts_free(Facts *f)
{
    set_all(f, NULL);
}

static void put(char **where, const char *value)
{
    app_set_string(where, value ? value : "");
}

void facts_learn(App *app)
{
    Facts *f = &app->facts;
    const char *path = ptl_path(app->doc), *target = ptl_target_path(app->doc);
    put(&f->path, path);
    put(&f->source, path_base(path));
    put(&f->target, target ? path_base(target) : "");
    put(&f->from, ptl_from(app->doc));
    put(&f->to, ptl_to(app->doc));
    put(&f->style, ptl_style(app->doc));
    put(&f->input, app->port ? ptl_input_text(app->doc) : "");
    f->unsaved = app->port ? ptl_unsaved(app->doc) : 0;
}
