/* The panel of one question. Its lines are: the question and its evidence, the options with their
 * consequences, and the lines of the target that the highlighted one would change. When the panel
 * is short the evidence is cut first, then the effect (it stands in the target pane too), never the
 * options. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "detail.h"
#include "draw.h"
#include "panes.h"

static void push(Detail *d, Arena *a, int role, int option, const char *text)
{
    DetailLine line = {(unsigned char)role, (short)option, text};
    vec_push(a, &d->lines, line);
}

static int fold(const char *s, int width)
{
    int n = (int)strlen(s), col = 0, blank = 0;
    for (int i = 0, bytes; i < n; i += bytes) {
        if (s[i] == '\n')
            return i + 1;
        col += text_char_width(s + i, n - i, col, &bytes);
        if (col > width)
            return blank ? blank : i ? i : bytes;
        if (s[i] == ' ')
            blank = i + 1;
    }
    return n;
}

static void push_folded(Detail *d, Arena *a, int role, const char *text, int width, int max)
{
    for (int n; *text && max > 0; text += n, max--) {
        n = fold(text, width);
        int shown = n;
        while (shown > 0 && (text[shown - 1] == '\n' || text[shown - 1] == ' ')) shown--;
        bool cut = max == 1 && text[n];
        push(d, a, role, -1, arena_printf(a, "%.*s%s", shown, text, cut ? " …" : ""));
    }
}

static const char *option_text(const App *app, Arena *a, const PtlDecision *d, int i, int label_w)
{
    const PtlOption *o = &d->options[i];
    bool in_force = d->answer && str_eq(d->answer, o->answer),
         dflt = d->dflt && str_eq(d->dflt, o->answer);
    int pad = label_w - screen_columns(o->label);
    const char *note = in_force && d->status == PTL_OK ? "  [chosen]" : dflt ? "  [default]" : "";
    (void)app;
    return arena_printf(a, "%d  %s%*s  %s%s", i + 1, o->label, pad > 0 ? pad : 0, "",
                        o->consequence ? o->consequence : "", note);
}

static void push_options(const App *app, Detail *out, Arena *a, const PtlDecision *d)
{
    int label_w = 0;
    for (int i = 0; i < d->noptions; i++) {
        int n = screen_columns(d->options[i].label);
        if (n > label_w)
            label_w = n;
    }
    out->first_option = out->lines.len;
    for (int i = 0; i < d->noptions; i++)
        push(out, a, ROLE_text, i, option_text(app, a, d, i, label_w));
    if (!d->free_text)
        return;
    bool own = d->answer && d->status == PTL_OK;
    for (int i = 0; i < d->noptions; i++)
        if (d->answer && str_eq(d->options[i].answer, d->answer))
            own = false;
    push(out, a, ROLE_text, d->noptions,
         own ? arena_printf(a, "i  %s  [typed; i changes it]", d->answer)
             : "i  type an answer of your own …");
}

static int unknown_shapes(const PtlPort *p)
{
    int n = 0;
    for (int i = 0; i < p->nnodes; i++) n += p->nodes[i].shape_why != NULL;
    return n;
}

static int waiting(const PtlPort *p)
{
    return p->open + p->unsupported + p->stale;
}

/* "effect: 2 lines of the target, 9 shapes become known, 3 questions wait then" */
static const char *effect_in_words(const App *app, Arena *a, int lines)
{
    int shapes = unknown_shapes(app->port) - unknown_shapes(app->preview),
        then = waiting(app->preview);
    const char *text = lines == 0   ? "effect: the target's text stays as it is"
                       : lines == 1 ? "effect: 1 line of the target"
                                    : arena_printf(a, "effect: %d lines of the target", lines);
    if (shapes > 0)
        text = arena_printf(a, "%s, %d more shape%s known", text, shapes, shapes == 1 ? "" : "s");
    if (shapes < 0)
        text = arena_printf(a, "%s, %d shape%s no longer known", text, -shapes,
                            shapes == -1 ? "" : "s");
    if (then != waiting(app->port))
        text =
            arena_printf(a, "%s; then %d question%s", text, then, then == 1 ? " waits" : "s wait");
    return text;
}

static void push_effect(const App *app, Detail *out, Arena *a, int room)
{
    if (app->preview_error) {
        push(out, a, ROLE_error, -1, app->preview_error);
        return;
    }
    if (app->preview && app->preview->impossible) {
        push(out, a, ROLE_error, -1, app->preview->impossible);
        return;
    }
    if (!app->preview) {
        if (app->preview_id && app->focus == PANE_DETAIL)
            push(out, a, ROLE_dim, -1, "effect: …");
        return;
    }
    int changes = 0;
    for (int i = 0; i < app->nrows; i++) changes += app->rows[i].kind != ' ';
    if (changes == 0 || room > changes) {
        push(out, a, ROLE_dim, -1, effect_in_words(app, a, changes));
        room--;
    }
    for (int i = 0; i < app->nrows && room > 0; i++) {
        const TargetRow *r = &app->rows[i];
        if (r->kind == ' ')
            continue;
        if (room == 1 && changes > 1) {
            push(out, a, ROLE_dim, -1, arena_printf(a, "… %d more changed lines", changes));
            return;
        }
        const Text *t = r->kind == '+' ? &app->preview_text : &app->target.text;
        int from = text_indent(t, r->line), n = text_line_end(t, r->line) - from;
        push(out, a, r->kind == '+' ? ROLE_added : ROLE_removed, -1,
             arena_printf(a, "%c %.*s", r->kind, n, t->s + from));
        room--, changes--;
    }
}

Detail detail_lines(const App *app, Arena *a, int width, int height)
{
    Detail out = {0};
    const PtlDecision *d = app_decision(app);
    out.first_option = -1;
    if (!d)
        return out;
    int options = d->noptions + (d->free_text ? 1 : 0), spare = height - options;
    push_folded(&out, a, ROLE_text, d->question, width, spare > 3 ? 2 : 1);
    if (d->evidence && *d->evidence && spare > 2)
        push_folded(&out, a, ROLE_dim, d->evidence, width, spare > 5 ? 3 : spare > 4 ? 2 : 1);
    push_options(app, &out, a, d);
    const char *ids[64];
    int alike = decision_alike(app, d, ids, 64);
    if (alike > 1 && out.lines.len + 1 < height)
        push(&out, a, ROLE_dim, -1,
             arena_printf(a, "the same is asked in %d more place%s: A answers all alike", alike - 1,
                          alike == 2 ? "" : "s"));
    push_effect(app, &out, a, height - out.lines.len);
    return out;
}

static int scroll(const Detail *d, const App *app, int h)
{
    int line = d->first_option >= 0 ? d->first_option + app->option : 0;
    return line >= h ? line - h + 1 : 0;
}

int detail_option_at(const App *app, int row)
{
    Rect b = app->layout.body[PANE_DETAIL];
    Arena *a = arena_new();
    Detail d = detail_lines(app, a, b.w - 2, b.h);
    row += scroll(&d, app, b.h);
    int option = row >= 0 && row < d.lines.len ? d.lines.at[row].option : -1;
    arena_free(a);
    return option;
}

static void heading(App *app, const PtlDecision *d)
{
    Rect r = app->layout.head[PANE_DETAIL];
    char title[256], place[64] = "";
    int index = app_decision_index(app, d->id);
    if (d->line > 0)
        snprintf(place, sizeof place, "   %.40s:%d", app->facts.source, d->line);
    snprintf(title, sizeof title, "D%d %s %s   %.80s%s", index + 1, status_glyph(d->status),
             d->title, d->id, place);
    char state[64];
    snprintf(state, sizeof state, "%s%.40s", d->answer ? "= " : "no answer yet",
             d->answer ? d->answer : "");
    bool fits = screen_columns(title) + screen_columns(state) + 8 < r.w;
    draw_heading(app, r, title, fits ? state : "", app->focus == PANE_DETAIL);
}

void draw_detail(App *app)
{
    Screen *s = &app->screen;
    Rect b = app->layout.body[PANE_DETAIL];
    const PtlDecision *d = app_decision(app);
    if (!d) {
        draw_heading(app, app->layout.head[PANE_DETAIL], "question", "", app->focus == PANE_DETAIL);
        screen_put(s, b.y, b.x + 1, b.w - 2, ROLE_dim, app->port ? "no question is selected" : "");
        return;
    }
    heading(app, d);
    Arena *a = arena_new();
    Detail lines = detail_lines(app, a, b.w - 2, b.h);
    int top = scroll(&lines, app, b.h);
    for (int i = 0; i < b.h && top + i < lines.lines.len; i++) {
        const DetailLine *l = &lines.lines.at[top + i];
        bool highlighted = l->option >= 0 && l->option == app->option;
        int x = b.x + (l->option >= 0 ? 2 : 1);
        if (highlighted)
            screen_put(s, b.y + i, b.x + 1, 1, ROLE_bar, ">");
        screen_put_cut(s, b.y + i, x, b.x + b.w - 1 - x, l->role, l->text);
        if (!highlighted || app->focus != PANE_DETAIL)
            continue;
        int w = screen_columns(l->text);
        screen_over(s, b.y + i, x, w < b.w - 3 ? w : b.w - 3, OVER_current);
        s->cursor_y = b.y + i;
        s->cursor_x = x;
    }
    if (app->focus == PANE_DETAIL && s->cursor_y < 0)
        s->cursor_y = b.y, s->cursor_x = b.x;
    arena_free(a);
}
