/* Input: bytes from a terminal to events. A parser of its own, so that what a terminal answers to a
 * query can come late, in pieces, and never be taken for keys.
 *
 *     input_feed(in, bytes, n, now);
 *     while (input_next(in, now, &event)) ...
 *     poll(..., input_timeout(in, now));      and then input_next again: a lone Esc is due
 */
#ifndef TUI_INPUT_H
#define TUI_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

typedef enum { EV_KEY, EV_PASTE, EV_MOUSE, EV_BACKGROUND } EventKind;
typedef enum { MOUSE_PRESS, MOUSE_RELEASE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN } MouseKind;

typedef struct Event {
    EventKind kind;
    int key;
    const char *paste; /* good until the next input_next */
    MouseKind mouse;
    int x, y;             /* from 0 */
    int red, green, blue; /* 0..255: the terminal's background */
} Event;

typedef struct Input {
    Buf bytes; /* not yet understood */
    size_t used;
    Buf paste;
    bool pasting;
    long last_byte; /* when, in ms */
    int esc_delay;  /* ms until a lone Esc is one */
    bool query;     /* an answer to OSC 11 is still out */
    long query_sent;
    bool ghost; /* an Esc was given out that may have begun the answer */
} Input;

void input_init(Input *in, int esc_delay);
void input_free(Input *in);
void input_feed(Input *in, const char *bytes, size_t n, long now);
bool input_next(Input *in, long now, Event *ev);
int input_timeout(const Input *in, long now); /* ms, or -1 */
/* The query for the background has just been sent. */
void input_expect_background(Input *in, long now);

#endif
