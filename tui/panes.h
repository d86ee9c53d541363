/* Panes: what the commands and the app do to cursors, rows and scrolling, behind the drawing. */
#ifndef TUI_PANES_H
#define TUI_PANES_H

#include "app.h"

/* layout.c: where everything stands, from the size, the settings and the focus. */
void layout_update(App *app);
bool layout_shows(const App *app, Pane pane);

/* sync.c: the mapping under the cursor, and the panes that follow it. */
const PtlMapping *sync_mapping(const App *app); /* the current one, or NULL */
const PtlMapping *sync_mapping_by_id(const App *app, int id);
int sync_mapping_at(const App *app, Pane pane, int pos,
                    int *range); /* innermost at a byte; 0 none */
void sync_moved(
    App *app, Pane pane); /* the view's line has changed: find the mapping, take the others along */
void sync_to_place(App *app, Pane pane, int map, int range);
void sync_to_node(App *app, int node);
void sync_to_decision(App *app, const PtlDecision *d);
void sync_step(App *app, int direction, int count); /* ] and [ */
/* Scrolls so that the cursor is in sight, with some lines around it. */
void view_reveal(App *app, Pane pane);
void view_move(App *app, Pane pane, int lines);
int view_row(const App *app, Pane pane);  /* display row of the cursor */
int view_rows(const App *app, Pane pane); /* display rows there are */
int *view_top(App *app, Pane pane);

/* target.c: the target's display rows, its marks, the preview. */
void target_load(App *app);
void target_rows(App *app);
int target_row_of(const App *app, int line);
void target_forget_lit(App *app);
void preview_wish(App *app); /* the highlighted answer should be shown */
void preview_drop(App *app);
void preview_take(App *app, const PtlPort *port, const char *error); /* a job's result */
bool preview_stands(const App *app);

void marks_place(App *app); /* act_view.c: which lines of the source are marked as reviewed */

/* tree.c */
void tree_rows(App *app);
bool tree_folded(const App *app, int node);
void tree_fold(App *app, int node, bool folded);
void tree_reveal(App *app, int node); /* row of the node or of its nearest visible ancestor */
int tree_node(const App *app);        /* under the cursor, -1 none */

/* queue.c: the list of questions, and the selected one. */
void queue_rows(App *app);
bool decision_waits(
    const PtlDecision *d);         /* open, stale or unsupported without an answer of the user's */
int decision_here(const App *app); /* what is asked at the cursor, -1: nothing */
void decision_select(App *app, int index);   /* -1: none */
bool decision_step(App *app, int direction); /* next open one; false: there is none */
const char *decision_answer(const App *app); /* the highlighted answer, or NULL */
int decision_alike(const App *app, const PtlDecision *d, const char **ids,
                   int max); /* itself included */
const char *status_glyph(PtlStatus status);
int status_role(PtlStatus status);

#endif
