/* The lines of the detail panel, made fresh for each draw: why it is asked, the options, the
 * effect. */
#ifndef TUI_DETAIL_H
#define TUI_DETAIL_H

#include "app.h"

typedef struct DetailLine {
    unsigned char role;
    short option; /* -1: none; an own answer counts behind the last option */
    const char *text;
} DetailLine;

typedef struct Detail {
    VEC(DetailLine) lines;
    int first_option; /* line of it */
} Detail;

Detail detail_lines(const App *app, Arena *a, int width, int height);
/* Which option stands on this row of the panel, -1 none. */
int detail_option_at(const App *app, int row);

#endif
