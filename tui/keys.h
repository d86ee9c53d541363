/* Keys as numbers, and their names both ways: "<Enter>", "<C-d>", "j" in scripts and settings;
 * "Enter",
 * "^D", "j" on the screen. */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

enum {
    KEY_NONE = 0,
    KEY_TAB = 9,
    KEY_ENTER_ = 13,
    KEY_ESC = 27,
    KEY_SPACE = 32,
    KEY_BACKSPACE_ = 127,
    KEY_SPECIAL = 0x110000, /* above every code point */
    KEY_UP_,
    KEY_DOWN_,
    KEY_LEFT_,
    KEY_RIGHT_,
    KEY_HOME_,
    KEY_END_,
    KEY_PGUP,
    KEY_PGDN,
    KEY_INSERT,
    KEY_DELETE,
    KEY_BACKTAB,
    KEY_F1,
    KEY_F12 = KEY_F1 + 11,
};

#define KEY_CTRL(c) ((c)&31)

/* Reads one key off *s in script notation; a '<' that opens no known name is itself. 0 at the end.
 */
int key_parse(const char **s);
/* As shown to people. out takes at least 16 bytes. */
const char *key_label(int key, char *out);
/* UTF-8 of a key that is text; 0 when it is not text. */
int key_text(int key, char out[5]);

#endif
