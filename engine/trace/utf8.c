/* Code points in UTF-8 text: Python counts and indexes strings by code point. */
#include "trace/pystate.h"

bool utf8_ascii(const char *s, int n)
{
    for (int i = 0; i < n; i++)
        if ((unsigned char)s[i] >= 0x80) return false;
    return true;
}

int utf8_count(const char *s, int n)
{
    int count = 0;
    for (int i = 0; i < n; i++) count += ((unsigned char)s[i] & 0xC0) != 0x80;
    return count;
}

int utf8_offset(const char *s, int n, int index)
{
    int i = 0;
    while (i < n && index > 0) {
        do i++;
        while (i < n && ((unsigned char)s[i] & 0xC0) == 0x80);
        index--;
    }
    return i;
}
