/* The two text panes: a gutter (state, line number, bar) and the coloured line, cut with a mark at
 * the right. What is highlighted is a short list of byte spans: the current mapping's ranges and
 * the matches of the search. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "draw.h"
#include "panes.h"
#include "search.h"

enum { SPANS = 96, WHOLE = 12 };

typedef struct Highlight {
    int start, end, over;
} Highlight;

typedef struct Highlights {
    Highlight at[SPANS];
    int n, fixed; /* fixed: those of the mapping; behind them those of one line */
} Highlights;

static void add(Highlights *h, int start, int end, int over)
{
    if (h->n < SPANS && start < end)
        h->at[h->n++] = (Highlight){start, end, over};
}

/* Of a range over many lines (a definition) only the first line is lit. */
static void add_range(Highlights *h, const Text *t, PtlRange r, int over)
{
    int first = text_line_of(t, r.start), last = text_line_of(t, r.end);
    add(h, r.start, last - first >= WHOLE ? text_line_end(t, first) : r.end, over);
}

static void mapping_highlights(const App *app, Pane pane, Highlights *h)
{
    const PtlMapping *m = sync_mapping(app);
    h->n = 0;
    if (m) {
        const Text *t = pane == PANE_SOURCE ? &app->source.text : &app->target.text;
        const PtlRange *r = pane == PANE_SOURCE ? m->source : m->target;
        int n = pane == PANE_SOURCE ? m->nsource : m->ntarget;
        int at = pane == PANE_SOURCE ? app->src_range : app->tgt_range;
        for (int i = 0; i < n; i++)
            if (i == at)
                add_range(h, t, r[i], app->focus == pane ? OVER_current : OVER_counterpart);
        for (int i = 0; i < n; i++)
            if (i != at)
                add_range(h, t, r[i], OVER_use);
    }
    h->fixed = h->n;
}

static void match_highlights(const App *app, Pane pane, const Text *t, int line, Highlights *h)
{
    h->n = h->fixed;
    if (!app->search.pattern || app->search.pane != pane)
        return;
    int from = t->start[line], end = text_line_end(t, line), n = (int)strlen(app->search.pattern);
    for (int at; (at = search_in(t->s, from, end, app->search.pattern)) >= 0; from = at + n)
        add(h, at, at + n, OVER_match);
}

static int over_at(const Highlights *h, int pos, int indent)
{
    int over = OVER_none;
    for (int i = 0; i < h->n; i++) {
        if (pos < h->at[i].start || pos >= h->at[i].end)
            continue;
        if (h->at[i].over == OVER_match)
            return OVER_match;
        if (over == OVER_none && pos >= indent)
            over = h->at[i].over;
    }
    return over;
}

typedef struct LineStyle {
    const unsigned char *roles;   /* of the text's bytes, or NULL */
    int role;                     /* over all, or -1 */
    const Highlights *highlights; /* or NULL */
    int lit;
} LineStyle;

static void draw_line(Screen *s, int y, int x, int w, const Text *t, int line, int hscroll,
                      const LineStyle *st)
{
    int end = text_line_end(t, line), indent = text_indent(t, line), col = 0;
    for (int i = t->start[line], n; i < end; i += n) {
        int width = text_char_width(t->s + i, end - i, col, &n), at = col - hscroll;
        if (at >= w) {
            screen_put(s, y, x + w - 1, 1, ROLE_dim, "»");
            return;
        }
        int role = st->role >= 0 ? st->role : st->roles ? st->roles[i] : ROLE_text;
        int over = st->highlights ? over_at(st->highlights, i, indent) : OVER_none;
        if (over == OVER_none && st->lit && i >= indent)
            over = OVER_lit;
        if (at >= 0 && t->s[i] == '\t')
            screen_fill(s, y, x + at, width < w - at ? width : w - at, role, " ");
        else if (at >= 0)
            screen_putn(s, y, x + at, w - at, role, t->s + i, n);
        if (at >= 0 && over)
            screen_over(s, y, x + at, width < w - at ? width : w - at, over);
        if (at >= 0 && at + width > w)
            screen_put(s, y, x + w - 1, 1, ROLE_dim, "»");
        col += width;
    }
    if (hscroll > 0 && col > 0 && col <= hscroll)
        screen_put(s, y, x, 1, ROLE_dim, "«");
}

void draw_plain(App *app, int y, int x, int w, int role, const char *text)
{
    int start[2] = {0, (int)strlen(text)};
    Text t = {text, start[1], start, 1};
    LineStyle st = {NULL, role, NULL, 0};
    draw_line(&app->screen, y, x, w, &t, 0, 0, &st);
}

static int digits(int n)
{
    int d = 2;
    for (n /= 100; n; n /= 10) d++;
    return d;
}

typedef struct Gutter {
    const char *mark;
    int mark_role, number; /* from 1 */
    bool bar, reviewed;
    int width; /* of the number */
} Gutter;

static void draw_gutter(Screen *s, int y, int x, Gutter g)
{
    screen_put(s, y, x, 1, g.mark_role, g.mark);
    screen_printf(s, y, x + 1, g.width, ROLE_lineno, "%*d", g.width, g.number);
    if (g.bar)
        screen_put(s, y, x + 1 + g.width, 1, ROLE_bar, "▌");
    else if (g.reviewed)
        screen_put(s, y, x + 1 + g.width, 1, ROLE_ok, "•");
}

static const char *state_mark(unsigned char status, int *role)
{
    *role = ROLE_text;
    if (status == 0)
        return " ";
    if (status >= 100) {
        *role = ROLE_error;
        return "E";
    }
    *role = status_role((PtlStatus)(status - 1));
    return status_glyph((PtlStatus)(status - 1));
}

static bool bar_here(const App *app, Pane pane, int line)
{
    const PtlMapping *m = sync_mapping(app);
    const TextView *v = pane == PANE_SOURCE ? &app->source : &app->target;
    int at = pane == PANE_SOURCE ? app->src_range : app->tgt_range;
    if (m && at >= 0) {
        PtlRange r = pane == PANE_SOURCE ? m->source[at] : m->target[at];
        return text_line_of(&v->text, r.start) == line;
    }
    return app->focus == pane && v->line == line;
}

static void place_cursor(App *app, Pane pane, Rect b, int gutter, int row)
{
    const TextView *v = app_view(app, pane);
    if (app->focus != pane || row < 0 || row >= b.h)
        return;
    int col = text_column(&v->text, v->line, v->pos) - app->hscroll;
    if (col < 0)
        col = 0;
    if (col > b.w - gutter - 1)
        col = b.w - gutter - 1;
    app->screen.cursor_y = b.y + row;
    app->screen.cursor_x = b.x + gutter + col;
}

static void heading(App *app, Pane pane, const char *title, const char *right)
{
    Rect r = app->layout.head[pane];
    draw_heading(app, r, title, right, app->focus == pane);
}

/* In the focus layout the heading names all panes, with the keys that choose them. */
static void tabs(App *app, const char *right)
{
    static const char *const names[] = {"1 source", "2 model", "3 target", "4 questions"};
    Screen *s = &app->screen;
    Pane shown = app->focus == PANE_DETAIL ? app->text_focus : app->focus;
    Rect r = app->layout.head[shown];
    int x = r.x + 1;
    screen_fill(s, r.y, r.x, r.w, ROLE_frame, "─");
    int n = *right ? screen_columns(right) + 2 : 0;
    screen_fill(s, r.y, r.x + r.w - n - 1, n, ROLE_head, " ");
    screen_put(s, r.y, r.x + r.w - n, n, ROLE_head, right);
    for (int i = 0; i < 4; i++) {
        n = screen_columns(names[i]) + 2;
        screen_fill(s, r.y, x, n, ROLE_head, " ");
        screen_put(s, r.y, x + 1, n, (Pane)i == shown ? ROLE_focus : ROLE_head, names[i]);
        if ((Pane)i == shown && app->focus != PANE_DETAIL)
            screen_over(s, r.y, x, n, OVER_selected);
        x += n + 1;
    }
}

void draw_tabs_or_heading(App *app, Pane pane, const char *title, const char *right)
{
    if (app->layout.kind == LAYOUT_FOCUS) {
        tabs(app, right);
    } else {
        heading(app, pane, title, right);
    }
}

static const char *position(const App *app, const TextView *v, char *out, int size)
{
    (void)app;
    snprintf(out, (size_t)size, "%d/%d", v->line + 1, v->text.nlines);
    return out;
}

void draw_source(App *app)
{
    Screen *s = &app->screen;
    TextView *v = &app->source;
    Rect b = app->layout.body[PANE_SOURCE];
    int d = digits(v->text.nlines), gutter = d + 2;
    char title[128], where[32];
    const char *from = app->facts.from;
    snprintf(title, sizeof title, *from && b.w >= 60 ? "source %s (%s)" : "source %s",
             app->facts.source, from);
    draw_tabs_or_heading(app, PANE_SOURCE, title, position(app, v, where, sizeof where));
    Highlights h;
    mapping_highlights(app, PANE_SOURCE, &h);
    for (int i = 0; i < b.h && v->top + i < v->text.nlines; i++) {
        int line = v->top + i;
        Gutter g = {
            " ", ROLE_text, line + 1, bar_here(app, PANE_SOURCE, line), v->marked[line] != 0, d};
        if (v->status)
            g.mark = state_mark(v->status[line], &g.mark_role);
        draw_gutter(s, b.y + i, b.x, g);
        match_highlights(app, PANE_SOURCE, &v->text, line, &h);
        LineStyle st = {v->roles, -1, &h, 0};
        draw_line(s, b.y + i, b.x + gutter, b.w - gutter, &v->text, line, app->hscroll, &st);
    }
    place_cursor(app, PANE_SOURCE, b, gutter, v->line - v->top);
}

static void draw_target_row(App *app, int y, Rect b, int d, const TargetRow *row, Highlights *h)
{
    TextView *v = &app->target;
    bool incoming = row->kind == '+', outgoing = row->kind == '-';
    const Text *t = incoming ? &app->preview_text : &v->text;
    Gutter g = {" ",   ROLE_text, row->line + 1, !incoming && bar_here(app, PANE_TARGET, row->line),
                false, d};
    LineStyle st = {incoming ? app->preview_roles : v->roles, -1, NULL, 0};
    if (incoming || outgoing) {
        g.mark = incoming ? "+" : "-";
        g.mark_role = st.role = incoming ? ROLE_added : ROLE_removed;
    } else {
        g.mark = state_mark(v->status[row->line], &g.mark_role);
        if (!v->status[row->line] && v->changed[row->line])
            g.mark = "+", g.mark_role = ROLE_added;
        st.lit = v->lit[row->line];
    }
    if (!incoming) {
        match_highlights(app, PANE_TARGET, t, row->line, h);
        st.highlights = h;
    }
    draw_gutter(&app->screen, y, b.x, g);
    draw_line(&app->screen, y, b.x + d + 2, b.w - d - 2, t, row->line, app->hscroll, &st);
}

void draw_target(App *app)
{
    Screen *s = &app->screen;
    TextView *v = &app->target;
    Rect b = app->layout.body[PANE_TARGET];
    char title[128], where[48];
    const char *to = app->facts.to;
    snprintf(title, sizeof title, *to && b.w >= 60 ? "target %s (%s)" : "target %s",
             app->facts.target, to);
    snprintf(where, sizeof where, "%s%d/%d", preview_stands(app) ? "preview  " : "", v->line + 1,
             v->text.nlines);
    draw_tabs_or_heading(app, PANE_TARGET, title, app->port && app->port->text ? where : "");
    if (!app->port || !app->port->text) {
        const char *why = !app->port              ? "reading …"
                          : app->port->impossible ? app->port->impossible
                                                  : "no port";
        int y = b.y + 1;
        for (int n; *why && y < b.y + b.h;
             why += n, y++) { /* folded plainly: it is a sentence or two */
            n = (int)strlen(why);
            if (n > b.w - 4) {
                for (n = b.w - 4; n > 1 && why[n] != ' ';) n--;
                if (n <= 1)
                    n = b.w - 4;
            }
            screen_putn(s, y, b.x + 2, b.w - 4, app->port ? ROLE_error : ROLE_dim, why, n);
            while (why[n] == ' ') n++;
        }
        return;
    }
    int d = digits(v->text.nlines);
    Highlights h;
    mapping_highlights(app, PANE_TARGET, &h);
    for (int i = 0; i < b.h && v->top + i < app->nrows; i++)
        draw_target_row(app, b.y + i, b, d, &app->rows[v->top + i], &h);
    place_cursor(app, PANE_TARGET, b, d + 2, target_row_of(app, v->line) - v->top);
}
