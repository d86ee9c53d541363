/* A list to choose from, narrowed by what is typed: files of a folder, commands. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "draw.h"
#include "keys.h"
#include "overlay.h"

void picker_open(App *app, const char *title, SubmitFn choose)
{
    overlay_close(app);
    Picker *p = &app->picker;
    memset(p, 0, sizeof *p);
    p->arena = arena_new();
    p->choose = choose;
    buf_add(&p->filter, "");
    snprintf(p->title, sizeof p->title, "%s", title);
    app->overlay = OVERLAY_PICKER;
    app->paste = true;
}

void picker_add(App *app, const char *label, const char *about, const char *value, bool enabled)
{
    Picker *p = &app->picker;
    PickerItem item = {arena_strdup(p->arena, label), arena_strdup(p->arena, about),
                       arena_strdup(p->arena, value), enabled};
    vec_push(p->arena, &p->items, item);
}

/* All words of the filter occur, case aside, in label or description. */
static bool matches(const PickerItem *item, const char *filter)
{
    char word[64];
    while (*filter) {
        size_t n = strcspn(filter, " ");
        snprintf(word, sizeof word, "%.*s", (int)(n < 63 ? n : 63), filter);
        bool found = n == 0;
        for (const char *field = item->label; field && !found;
             field = field == item->label ? item->about : NULL)
            for (const char *s = field; *s && !found; s++)
                found = strncasecmp(s, word, strlen(word)) == 0;
        if (!found)
            return false;
        filter += n + (filter[n] == ' ');
    }
    return true;
}

void picker_ready(App *app)
{
    Picker *p = &app->picker;
    p->rows = ARENA_ARRAY(p->arena, int, p->items.len + 1);
    p->nrows = 0;
    for (int i = 0; i < p->items.len; i++)
        if (matches(&p->items.at[i], p->filter.s))
            p->rows[p->nrows++] = i;
    p->row = p->top = 0;
    while (p->row < p->nrows - 1 && !p->items.at[p->rows[p->row]].enabled) p->row++;
}

static void choose(App *app)
{
    Picker *p = &app->picker;
    if (p->nrows == 0 || !p->items.at[p->rows[p->row]].enabled)
        return;
    char *value = x_strdup(p->items.at[p->rows[p->row]].value);
    SubmitFn fn = p->choose;
    overlay_close(app);
    fn(app, value);
    app_set_string(&value, NULL);
}

void picker_key(App *app, int key)
{
    Picker *p = &app->picker;
    int h = app->screen.h - 5;
    char text[5];
    switch (key) {
    case KEY_DOWN_:
    case KEY_CTRL('n'):
        p->row++;
        break;
    case KEY_UP_:
    case KEY_CTRL('p'):
        p->row--;
        break;
    case KEY_PGDN:
        p->row += h;
        break;
    case KEY_PGUP:
        p->row -= h;
        break;
    case KEY_ENTER_:
        choose(app);
        return;
    case KEY_ESC:
    case KEY_CTRL('c'):
        if (p->required)
            app->quit = true;
        overlay_close(app);
        return;
    case KEY_BACKSPACE_:
        while (p->filter.len > 0 && ((unsigned char)p->filter.s[--p->filter.len] & 0xc0) == 0x80)
            continue;
        p->filter.s[p->filter.len] = '\0';
        picker_ready(app);
        return;
    default:
        if (key_text(key, text)) {
            buf_add(&p->filter, text);
            picker_ready(app);
        }
        return;
    }
    if (p->row >= p->nrows)
        p->row = p->nrows - 1;
    if (p->row < 0)
        p->row = 0;
    if (p->row < p->top)
        p->top = p->row;
    if (p->row >= p->top + h)
        p->top = p->row - h + 1;
}

void picker_draw(App *app)
{
    Picker *p = &app->picker;
    Screen *s = &app->screen;
    int w = s->w, h = s->h - 5, label_w = 12;
    for (int y = 1; y < s->h; y++) screen_fill(s, y, 0, w, ROLE_text, " ");
    draw_heading(app, (Rect){1, 0, 1, w}, p->title, "", true);
    int x = screen_put(s, 2, 1, w - 2, ROLE_prompt, "> ") + 1;
    x += screen_put(s, 2, x, w - x - 1, ROLE_text, p->filter.s);
    s->cursor_y = 2;
    s->cursor_x = x;
    for (int i = 0; i < p->items.len; i++) {
        int c = screen_columns(p->items.at[i].label);
        if (c > label_w)
            label_w = c;
    }
    if (label_w > w / 2)
        label_w = w / 2;
    for (int i = 0; i < h && p->top + i < p->nrows; i++) {
        const PickerItem *item = &p->items.at[p->rows[p->top + i]];
        screen_put_cut(s, 3 + i, 2, label_w, item->enabled ? ROLE_text : ROLE_dim, item->label);
        screen_put_cut(s, 3 + i, 2 + label_w + 2, w - label_w - 5, ROLE_dim, item->about);
        if (p->top + i == p->row)
            screen_over(s, 3 + i, 1, w - 2, OVER_selected);
    }
    if (p->nrows == 0)
        screen_put(s, 3, 2, w - 2, ROLE_dim, p->items.len ? "nothing matches" : "nothing here");
    screen_fill(s, app->layout.status, 0, w, ROLE_frame, "─");
    if (app->message[0])
        draw_message(app, app->layout.status);
    draw_keys(app, app->layout.keyline,
              p->required ? "Enter open   type to narrow   Esc quit"
                          : "Enter choose   type to narrow   Esc back");
}
