/* Texts are searched line by line from the cursor on and around the end; the tree by name and kind,
 * the queue by what it shows. */
#include "search.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "panes.h"

int search_in(const char *s, int from, int end, const char *pattern)
{
    int n = (int)strlen(pattern);
    bool exact = false;
    for (const char *c = pattern; *c; c++) exact = exact || isupper((unsigned char)*c);
    for (int i = from; n > 0 && i + n <= end; i++) {
        int k = 0;
        while (k < n &&
               (exact ? s[i + k] == pattern[k]
                      : tolower((unsigned char)s[i + k]) == tolower((unsigned char)pattern[k])))
            k++;
        if (k == n)
            return i;
    }
    return -1;
}

void search_start(App *app, const char *pattern, Pane pane)
{
    app_set_string(&app->search.pattern, pattern && *pattern ? pattern : NULL);
    app->search.pane = pane;
}

static bool row_matches(const App *app, Pane pane, int row)
{
    const char *fields[4] = {NULL};
    if (pane == PANE_TREE) {
        const PtlNode *n = &app->port->nodes[app->tree.rows[row]];
        fields[0] = n->name, fields[1] = n->kind, fields[2] = n->params, fields[3] = n->shape;
    } else if (pane == PANE_QUEUE) {
        const PtlDecision *d = &app->port->decisions[app->queue.rows[row]];
        fields[0] = d->id, fields[1] = d->title, fields[2] = d->question, fields[3] = d->answer;
    } else {
        const Text *t = pane == PANE_SOURCE ? &app->source.text : &app->target.text;
        return search_in(t->s, t->start[row], text_line_end(t, row), app->search.pattern) >= 0;
    }
    for (int i = 0; i < 4; i++)
        if (fields[i] && search_in(fields[i], 0, (int)strlen(fields[i]), app->search.pattern) >= 0)
            return true;
    return false;
}

static void go_to(App *app, Pane pane, int row)
{
    TextView *v = app_view(app, pane);
    if (!v) {
        view_move(app, pane, row - view_row(app, pane));
        return;
    }
    const Text *t = &v->text;
    int range = 0, at = search_in(t->s, t->start[row], text_line_end(t, row), app->search.pattern);
    v->line = row;
    v->pos = at;
    int map = sync_mapping_at(app, pane, at, &range);
    sync_moved(app, pane);
    if (map && map != app->map)
        sync_to_place(app, pane, map, range);
    v->line = row;
    v->pos = at;
    view_reveal(app, pane);
}

void search_go(App *app, int direction, bool from_here)
{
    Pane pane = app->search.pane;
    const char *pattern = app->search.pattern;
    if (!pattern) {
        app_say(app, MESSAGE_INFO, "nothing searched for yet: / asks");
        return;
    }
    TextView *v = app_view(app, pane);
    if (pane == PANE_DETAIL || (!v && !app->port))
        return;
    int rows = v ? v->text.nlines : view_rows(app, pane), row = v ? v->line : view_row(app, pane);
    for (int k = from_here ? 0 : 1; k <= rows; k++) {
        int at = ((row + direction * k) % rows + rows) % rows;
        if (!row_matches(app, pane, at))
            continue;
        if ((at - row) * direction < 0 || (k == rows && !from_here))
            app_say(app, MESSAGE_INFO, "search goes round the end");
        go_to(app, pane, at);
        return;
    }
    app_say(app, MESSAGE_WARNING, "not found: %s", pattern);
}
