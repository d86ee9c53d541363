/* Overlays: what stands over the panes and takes the keys first: a prompt, a question, a text to
 * read, the diff before a write, a list to pick from. One at a time. */
#ifndef TUI_OVERLAY_H
#define TUI_OVERLAY_H

#include "app.h"

void overlay_free(App *app);
void overlay_close(App *app);
/* A key: to the overlay that is up, else to the commands. */
void overlay_key(App *app, int key);
void overlay_paste(App *app, const char *text);
void overlay_background(App *app, const Event *ev);

/* prompt.c. The label is shown before the text; history is app->history[which], -1 for none. */
void prompt_open(App *app, const char *label, const char *text, int history, SubmitFn submit);
void prompt_key(App *app, int key);
void prompt_insert(App *app, const char *text);
void prompt_draw(App *app);

void question_open(App *app, const char *keys, AnswerFn answer, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void question_key(App *app, int key);
void question_draw(App *app);

/* pager.c */
void pager_open(App *app, const char *title);
void pager_add(App *app, int role, char mark, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* A text of several lines; long ones are folded at blanks to width columns, 0: not at all. */
void pager_text(App *app, int role, const char *text, int width);
void pager_key(App *app, int key);
void pager_draw(App *app);

/* diffview.c */
void diffview_open(App *app, const char *path, bool writes);
bool diffview_key(App *app, int key); /* false: the pager's own keys */

/* picker.c */
void picker_open(App *app, const char *title, SubmitFn choose);
void picker_add(App *app, const char *label, const char *about, const char *value, bool enabled);
void picker_ready(App *app);
void picker_key(App *app, int key);
void picker_draw(App *app);

#endif
