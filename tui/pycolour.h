/* Colours for Python text: a role for each byte. Only for the eye: a tokenizer of a page, nothing
 * that decides anything. */
#ifndef TUI_PYCOLOUR_H
#define TUI_PYCOLOUR_H

#include "base/arena.h"

/* len + 1 roles (ROLE_*) for the text's bytes. */
unsigned char *pycolour(Arena *a, const char *s, int len);

#endif
