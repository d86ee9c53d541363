/* Hands keys to whichever overlay is up. */
#include "overlay.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "commands.h"
#include "keys.h"
#include "panes.h"
#include "themes.h"

void overlay_close(App *app)
{
    if (app->overlay == OVERLAY_PAGER || app->overlay == OVERLAY_DIFF) {
        arena_free(app->pager.arena);
        memset(&app->pager, 0, sizeof app->pager);
    }
    if (app->overlay == OVERLAY_PICKER) {
        arena_free(app->picker.arena);
        buf_free(&app->picker.filter);
        memset(&app->picker, 0, sizeof app->picker);
    }
    if (app->overlay == OVERLAY_PROMPT) {
        buf_free(&app->prompt.text);
        app_set_string(&app->prompt.stem, NULL);
    }
    app->overlay = OVERLAY_NONE;
    app->paste = false;
}

void overlay_free(App *app)
{
    overlay_close(app);
}

void overlay_key(App *app, int key)
{
    if (key == KEY_CTRL('z')) {
        app->suspend = true;
        return;
    }
    if (key == KEY_CTRL('l')) {
        app->redraw = true;
        return;
    }
    switch (app->overlay) {
    case OVERLAY_NONE:
        command_key(app, key);
        break;
    case OVERLAY_PROMPT:
        prompt_key(app, key);
        break;
    case OVERLAY_QUESTION:
        question_key(app, key);
        break;
    case OVERLAY_DIFF:
        if (!diffview_key(app, key))
            pager_key(app, key);
        break;
    case OVERLAY_PAGER:
        pager_key(app, key);
        break;
    case OVERLAY_PICKER:
        picker_key(app, key);
        break;
    }
}

/* Pasted text is text for a prompt and nothing anywhere else. */
void overlay_paste(App *app, const char *text)
{
    if (app->overlay == OVERLAY_PROMPT)
        prompt_insert(app, text);
}

/* The terminal's background has become known: a light one gets the light variant of the default
 * theme. */
void overlay_background(App *app, const Event *ev)
{
    int luma = (299 * ev->red + 587 * ev->green + 114 * ev->blue) / 1000;
    bool untouched = str_eq(app->settings.origin[SET_theme], "default") &&
                     str_eq(app->settings.value[SET_theme], "default");
    if (luma > 140 && untouched && !app->colourless)
        themes_use(app, "light");
}
