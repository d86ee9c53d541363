/* A token is parsed from the head of the buffered bytes or found incomplete. What is incomplete
 * waits: an Esc for esc_delay, a begun control sequence for SEQUENCE_WAIT, a begun answer to our
 * query for ANSWER_WAIT; then an Esc is a key, and the unfinished rest of a sequence is dropped.
 *
 * The one ambiguity is an answer that is split right behind its Esc: in the first moments after the
 * query an Esc waits longer, and later, when it has been given out already, a "]11;rgb:" that
 * follows while the answer is still out is taken as the answer (ghost). */
#include "input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys.h"

enum {
    SEQUENCE_WAIT = 300,
    ANSWER_WAIT = 3000,
    EARLY = 1000,
    EARLY_ESC = 250,
    GHOST_WAIT = 150,
    OSC_MAX = 4096
};

enum { INCOMPLETE = 0 };

void input_init(Input *in, int esc_delay)
{
    memset(in, 0, sizeof *in);
    in->esc_delay = esc_delay;
}

void input_free(Input *in)
{
    buf_free(&in->bytes);
    buf_free(&in->paste);
}

void input_feed(Input *in, const char *bytes, size_t n, long now)
{
    if (in->used) {
        memmove(in->bytes.s, in->bytes.s + in->used, in->bytes.len - in->used);
        in->bytes.len -= in->used;
        in->used = 0;
    }
    buf_addn(&in->bytes, bytes, n);
    in->last_byte = now;
}

void input_expect_background(Input *in, long now)
{
    in->query = true;
    in->query_sent = now;
}

static int csi_key(int final, int first, bool shifted)
{
    static const struct {
        int number, key;
    } tilde[] = {{1, KEY_HOME_},   {2, KEY_INSERT},  {3, KEY_DELETE},   {4, KEY_END_},
                 {5, KEY_PGUP},    {6, KEY_PGDN},    {7, KEY_HOME_},    {8, KEY_END_},
                 {11, KEY_F1},     {12, KEY_F1 + 1}, {13, KEY_F1 + 2},  {14, KEY_F1 + 3},
                 {15, KEY_F1 + 4}, {17, KEY_F1 + 5}, {18, KEY_F1 + 6},  {19, KEY_F1 + 7},
                 {20, KEY_F1 + 8}, {21, KEY_F1 + 9}, {23, KEY_F1 + 10}, {24, KEY_F12}};
    (void)shifted;
    switch (final) {
    case 'A':
        return KEY_UP_;
    case 'B':
        return KEY_DOWN_;
    case 'C':
        return KEY_RIGHT_;
    case 'D':
        return KEY_LEFT_;
    case 'H':
        return KEY_HOME_;
    case 'F':
        return KEY_END_;
    case 'P':
    case 'Q':
    case 'R':
    case 'S':
        return KEY_F1 + final - 'P';
    case 'Z':
        return KEY_BACKTAB;
    case '~':
        for (size_t i = 0; i < sizeof tilde / sizeof *tilde; i++)
            if (tilde[i].number == first)
                return tilde[i].key;
    }
    return KEY_NONE;
}

static bool mouse_event(const char *s, bool release, Event *ev)
{
    int button, x, y;
    if (sscanf(s, "<%d;%d;%d", &button, &x, &y) != 3)
        return false;
    ev->kind = EV_MOUSE;
    ev->x = x - 1;
    ev->y = y - 1;
    ev->mouse = button & 64 ? (button & 1 ? MOUSE_WHEEL_DOWN : MOUSE_WHEEL_UP)
                            : (release ? MOUSE_RELEASE : MOUSE_PRESS);
    return (button & 64) != 0 || (button & (3 | 32)) == 0;
}

/* ESC [ parameters final. Returns bytes used; *out says whether there is an event. */
static int parse_csi(Input *in, const char *s, int n, Event *ev, bool *out)
{
    int i = 2;
    while (i < n && (unsigned char)s[i] >= 0x20 && (unsigned char)s[i] < 0x40) i++;
    if (i >= n)
        return INCOMPLETE;
    char params[64];
    snprintf(params, sizeof params, "%.*s", i - 2 < 63 ? i - 2 : 63, s + 2);
    int first = atoi(params);
    if (s[i] == '~' && first == 200) {
        in->pasting = true;
        in->paste.len = 0;
        buf_add(&in->paste, "");
    } else if ((s[i] == 'M' || s[i] == 'm') && params[0] == '<') {
        *out = mouse_event(params, s[i] == 'm', ev);
    } else if (params[0] != '?' && params[0] != '>') {
        ev->kind = EV_KEY;
        ev->key = csi_key(s[i], first, false);
        *out = ev->key != KEY_NONE;
    }
    return i + 1;
}

static int hex_channel(const char **s)
{
    char *end;
    long v = strtol(*s, &end, 16);
    int digits = (int)(end - *s);
    *s = *end == '/' ? end + 1 : end;
    if (digits <= 0)
        return 0;
    if (digits == 1)
        return (int)(v * 17);
    while (digits-- > 2) v >>= 4;
    return (int)v;
}

static bool background(const char *s, Event *ev)
{
    const char *rgb = strstr(s, "rgb");
    if (!str_starts(s, "11;") || !rgb || !strchr(rgb, ':'))
        return false;
    rgb = strchr(rgb, ':') + 1;
    ev->kind = EV_BACKGROUND;
    ev->red = hex_channel(&rgb);
    ev->green = hex_channel(&rgb);
    ev->blue = hex_channel(&rgb);
    return true;
}

/* The string that a terminal sends behind ESC ], ESC P, ESC _ or ESC ^, up to BEL or ESC \. lead is
 * the length of the introducer: 1 when its Esc has been used already. */
static int parse_string(Input *in, const char *s, int n, int lead, Event *ev, bool *out)
{
    int i = lead;
    while (i < n && s[i] != '\a' && s[i] != '\033') i++;
    if (i >= n || (s[i] == '\033' && i + 1 >= n))
        return i > OSC_MAX ? i : INCOMPLETE;
    int used = s[i] == '\a' ? i + 1 : s[i + 1] == '\\' ? i + 2 : i;
    char body[96];
    snprintf(body, sizeof body, "%.*s", i - lead < 95 ? i - lead : 95, s + lead);
    if (s[lead - 1] == ']' && background(body, ev)) {
        *out = true;
        in->query = false;
    }
    return used;
}

static int parse_escape(Input *in, const char *s, int n, Event *ev, bool *out)
{
    if (n < 2)
        return INCOMPLETE;
    switch (s[1]) {
    case '[':
        return parse_csi(in, s, n, ev, out);
    case 'O':
        if (n < 3)
            return INCOMPLETE;
        ev->kind = EV_KEY;
        ev->key = csi_key(s[2], 0, false);
        *out = ev->key != KEY_NONE;
        return 3;
    case ']':
    case 'P':
    case '_':
    case '^':
    case 'X':
        return parse_string(in, s, n, 2, ev, out);
    }
    ev->kind = EV_KEY; /* Esc, and a key right behind it: there is no Alt here */
    ev->key = KEY_ESC;
    *out = true;
    return 1;
}

static bool could_be_answer(const char *s, int n)
{
    static const char start[] = "]11;rgb";
    return strncmp(s, start, (size_t)(n < 7 ? n : 7)) == 0;
}

static bool utf8_is_short(const char *s, int n)
{
    unsigned char c = (unsigned char)*s;
    int need = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
    for (int i = 1; i < n && i < need; i++)
        if (((unsigned char)s[i] & 0xc0) != 0x80)
            return false;
    return n < need;
}

static int parse_paste(Input *in, const char *s, int n, Event *ev, bool *out)
{
    static const char close[] = "\033[201~";
    for (int i = 0; i < n; i++) {
        int left = n - i;
        if (s[i] != '\033' || strncmp(s + i, close, (size_t)(left < 6 ? left : 6)) != 0)
            continue;
        buf_addn(&in->paste, s, (size_t)i);
        if (left < 6)
            return i; /* may be the end, in part: 0 when nothing stands before it */
        in->pasting = false;
        ev->kind = EV_PASTE;
        ev->paste = in->paste.s;
        *out = true;
        return i + 6;
    }
    buf_addn(&in->paste, s, (size_t)n);
    return n;
}

static int parse(Input *in, const char *s, int n, Event *ev, bool *out)
{
    *out = false;
    if (in->pasting)
        return parse_paste(in, s, n, ev, out);
    if (*s == '\033')
        return parse_escape(in, s, n, ev, out);
    if (in->ghost && could_be_answer(s, n))
        return parse_string(in, s, n, 1, ev, out);
    if (utf8_is_short(s, n))
        return INCOMPLETE;
    unsigned cp;
    int used = utf8_decode(s, (size_t)n, &cp);
    ev->kind = EV_KEY;
    ev->key = cp == '\n' ? KEY_ENTER_ : cp == '\b' ? KEY_BACKSPACE_ : (int)cp;
    if (cp == 0)
        ev->key = KEY_NONE;
    *out = ev->key != KEY_NONE;
    return used;
}

static int patience(const Input *in)
{
    const char *s = in->bytes.s + in->used;
    size_t n = in->bytes.len - in->used;
    if (in->pasting)
        return ANSWER_WAIT;
    if (*s != '\033')
        return in->ghost ? GHOST_WAIT : SEQUENCE_WAIT;
    if (n == 1) {
        bool early = in->query && in->last_byte - in->query_sent < EARLY;
        return early && in->esc_delay < EARLY_ESC ? EARLY_ESC : in->esc_delay;
    }
    return in->query && s[1] == ']' ? ANSWER_WAIT : SEQUENCE_WAIT;
}

int input_timeout(const Input *in, long now)
{
    if (in->used >= in->bytes.len)
        return -1;
    long left = in->last_byte + patience(in) - now;
    return left < 0 ? 0 : (int)left;
}

/* Time is up for what is incomplete. */
static bool give_up(Input *in, Event *ev)
{
    const char *s = in->bytes.s + in->used;
    size_t n = in->bytes.len - in->used;
    ev->kind = EV_KEY;
    if (in->pasting) {
        in->pasting = false;
        in->used = in->bytes.len;
        return false;
    }
    if (*s == '\033') {
        in->ghost = n == 1 && in->query;
        in->used += n == 1 ? 1 : n;
        ev->key = KEY_ESC;
        return n == 1;
    }
    in->ghost = false;
    if ((unsigned char)*s >= 0x80) { /* a cut character */
        in->used++;
        return false;
    }
    ev->key = (unsigned char)*s;
    in->used++;
    return true;
}

bool input_next(Input *in, long now, Event *ev)
{
    while (in->used < in->bytes.len) {
        bool out = false;
        bool was_ghost = in->ghost;
        int used = parse(in, in->bytes.s + in->used, (int)(in->bytes.len - in->used), ev, &out);
        if (used == INCOMPLETE) {
            if (input_timeout(in, now) > 0)
                return false;
            if (give_up(in, ev))
                return true;
            continue;
        }
        in->used += (size_t)used;
        if (was_ghost)
            in->ghost = false;
        if (out)
            return true;
    }
    return false;
}
