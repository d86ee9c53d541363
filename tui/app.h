/* App: the whole state of the workbench. Commands change it (commands.h), drawing reads it
 * (draw.h), and only the engine's jobs (job.h) touch the document.
 *
 * Invariants:
 *   - port is NULL while a job that changes the document runs, and until the first work is done;
 *   - map is the mapping that all panes are on, 0: none; src_range, tgt_range index its ranges;
 *   - what is derived from the port lives in port_arena, what from a preview in preview_arena. */
#ifndef TUI_APP_H
#define TUI_APP_H

#include <signal.h>
#include <stdbool.h>

#include "base/vec.h"
#include "cells.h"
#include "diff.h"
#include "facts.h"
#include "input.h"
#include "check.h"
#include "job.h"
#include "portolan.h"
#include "settings.h"
#include "text.h"
#include "theme.h"
#include "tui.h"

typedef enum { PANE_SOURCE, PANE_TREE, PANE_TARGET, PANE_QUEUE, PANE_DETAIL, PANE_COUNT } Pane;
typedef enum { LAYOUT_TOO_SMALL, LAYOUT_FOCUS, LAYOUT_THREE, LAYOUT_WIDE } LayoutKind;

typedef struct Rect {
    int y, x, h, w;
} Rect;

typedef struct Layout {
    LayoutKind kind;
    Rect head[PANE_COUNT]; /* one row each; w 0 when not shown */
    Rect body[PANE_COUNT];
    Rect mirror; /* with its heading; h 0: none */
    int title, status, keyline;
} Layout;

/* A text with the cursor's line and byte. Rows are display rows: in the target a preview adds some.
 */
typedef struct TextView {
    Text text;
    unsigned char *roles;   /* per byte, NULL: plain */
    unsigned char *status;  /* per line: 0 nothing, else PtlStatus + 1 of its worst question */
    unsigned char *changed; /* per line, target only: new since the last write */
    unsigned char *marked;  /* per line, source only: reviewed */
    unsigned char *lit;     /* per line, target only: changed by the last answer */
    int line, pos, top;
} TextView;

typedef struct TargetRow {
    char kind; /* ' ', '-', '+' */
    int line;  /* of the target, or of the preview for '+' */
} TargetRow;

typedef struct TreeView {
    int *rows; /* node of each visible row */
    int nrows, row, top;
    int name_w[2], kind_w, shape_w,
        layout_w;  /* widest of the rows; names by columns of a level, 1 and 2 */
    char **folded; /* paths of folded nodes: they outlive a port */
    int nfolded;
} TreeView;

typedef struct QueueView {
    int *rows; /* decision of each row */
    int nrows, row, top;
    int title_w;         /* widest kind of the rows */
    const char *summary; /* how many wait, of which kinds */
} QueueView;

typedef enum {
    OVERLAY_NONE,
    OVERLAY_PROMPT,   /* a line at the bottom */
    OVERLAY_QUESTION, /* a sentence and the keys that answer it */
    OVERLAY_PAGER,    /* help, why, report: text to read */
    OVERLAY_DIFF,     /* target on disk against the port, before writing or for reading */
    OVERLAY_PICKER,   /* a list to choose from: files, commands */
} OverlayKind;

struct App;
typedef void (*SubmitFn)(struct App *app, const char *text);
typedef void (*AnswerFn)(struct App *app, int key);

typedef struct Prompt {
    char label[64];
    Buf text;
    int cursor; /* byte */
    SubmitFn submit;
    const char *hint; /* a line above, or NULL */
    char error[256];
    char **history;
    int nhistory, at;
    char *stem; /* what was typed before Tab went round its completions, or NULL */
    int round;  /* which of them stands there */
    bool live;  /* submit is also told while typing: search */
} Prompt;

typedef struct Question {
    char text[512];
    char keys[16]; /* keys that answer; Esc always closes */
    AnswerFn answer;
} Question;

typedef struct PagerLine {
    unsigned char role;
    char mark; /* first column, or a blank */
    const char *text;
} PagerLine;

typedef struct Pager {
    char title[128];
    Arena *arena;
    VEC(PagerLine) lines;
    int top;
    bool writes;        /* the diff before a write: y, d, o answer */
    bool foreign;       /* what stands on disk is not our last port */
    const char *disk;   /* what was compared with; NULL: nothing stood there */
    const char *target; /* where y writes */
    const char *base;   /* the last port written there, NULL: not known; m merges */
    const char *merged; /* what y writes instead of the port, or NULL */
    const char *keys;   /* the key line */
} Pager;

typedef struct PickerItem {
    const char *label, *about, *value;
    bool enabled;
} PickerItem;

typedef struct Picker {
    char title[128];
    Arena *arena;
    VEC(PickerItem) items;
    int *rows, nrows, row, top;
    Buf filter;
    SubmitFn choose;
    bool required; /* Esc quits: nothing lies under it */
} Picker;

typedef enum { MESSAGE_INFO, MESSAGE_WARNING, MESSAGE_ERROR } MessageKind;

typedef struct Search {
    char *pattern; /* NULL: none */
    bool backwards;
    Pane pane;
} Search;

typedef struct App {
    const TuiOptions *opts;
    PtlDoc *doc;
    const PtlPort *port;
    Facts facts;
    Job job;
    Check check;
    Arena *arena;        /* as long as the app */
    Arena *source_arena; /* as long as one reading of the source */
    Arena *port_arena, *preview_arena;

    Settings settings;
    Screen screen;
    Theme theme;
    char theme_wanted[32];
    const char **theme_dirs;
    bool colourless; /* NO_COLOR or a terminal without colours */
    bool utf8;
    Layout layout;

    Pane focus, text_focus; /* text_focus: the last of source, tree, target that had it */
    bool zoom;
    int grow; /* 0 as set, 1 the focused pane is wider */
    TextView source, target;
    TreeView tree;
    QueueView queue;
    int hscroll;
    int map, src_range, tgt_range, node;
    bool sync;

    char *decision; /* id of the selected one, or NULL */
    int option;     /* highlighted one of its options */
    char *typed;    /* an own answer that stands to be previewed, or NULL */
    int detail_top;
    bool answered; /* the last key answered a question: the next one may move on */

    const PtlPort *preview;
    char *preview_id, *preview_answer;
    const char *preview_error;
    Text preview_text;
    unsigned char *preview_roles;
    long preview_due; /* when the wished preview may start; 0: none wished */
    TargetRow *rows;  /* of the target pane */
    int nrows, first_change;

    char *written; /* the target's text at the last write or at the start: what "+" lines compare
                      with */
    char *shown;   /* the target's text before the last answer: what is lit compares with */

    OverlayKind overlay;
    Prompt prompt;
    Question question;
    Pager pager;
    Picker picker;
    Search search;

    char message[512];
    MessageKind message_kind;
    int count;      /* typed before a command */
    int pending[4]; /* keys of a longer sequence */
    int npending;
    const struct Command *deferred; /* waits for the running job */
    int deferred_count;
    char *deferred_arg;
    char **history[2]; /* ':' and '/' */
    int nhistory[2];
    char *own_id, *own_hint; /* what an edit, an override or a note is about; owned */
    char **marks; /* reviewed mappings, by place */
    int nmarks;
    struct Keymap *keymap;
    struct Journal *journal;
    bool paste;      /* bracketed paste is wanted now */
    Buf clipboard;   /* to be sent to the terminal, OSC 52 */
    bool redraw;     /* ^L */
    bool suspend;    /* ^Z */
    char *edit_path; /* $EDITOR is to be run on it */
    int edit_line;
    bool quit;
    int status;               /* exit status */
    const char *state_dir;    /* journals, sessions, last ports; NULL: nothing is kept */
    const char *session_path; /* NULL: none is kept */
    bool offscreen;
    long now;      /* ms; stands still in the test hook */
    int tour;      /* steps of it that are behind */
    int quiet_key; /* an unbound key that was already spoken of */
} App;

App *app_new(const TuiOptions *opts);
void app_free(App *app);
/* Opens the file's text. False and *err when it cannot be read. */
bool app_open(App *app, const char *path, const char **err);
void app_say(App *app, MessageKind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void app_resize(App *app, int w, int h);
/* One event from the terminal or the script. */
void app_event(App *app, const Event *ev);
/* The document has a new port, or none: everything derived from it is made again and the cursor
 * kept. */
void app_port_changed(App *app);
/* Colours the source; later calls do nothing. */
void app_colour(App *app);
/* The source text was read (again). */
void app_source_changed(App *app);
/* What happens as time goes by: a preview that is due. */
void app_tick(App *app);
int app_timeout(const App *app); /* ms until app_tick has something to do, or -1 */

bool app_is_text_pane(Pane pane);
TextView *app_view(App *app, Pane pane);         /* source or target, else NULL */
const PtlDecision *app_decision(const App *app); /* the selected one, or NULL */
int app_decision_index(const App *app, const char *id);
void app_set_string(char **where, const char *value);

#endif
