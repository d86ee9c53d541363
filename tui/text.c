/* Lines are found by binary search over their starts; columns by walking the line, as lines are
 * short and only the visible ones are walked. */
#include "text.h"

#include <string.h>

#include "base/str.h"

void text_init(Text *t, Arena *a, const char *s, int len)
{
    int lines = 1;
    for (int i = 0; i < len; i++) lines += s[i] == '\n';
    if (len > 0 && s[len - 1] == '\n')
        lines--;
    t->s = s;
    t->len = len;
    t->nlines = lines;
    t->start = ARENA_ARRAY(a, int, lines + 1);
    int line = 1;
    for (int i = 0; i < len && line < lines; i++)
        if (s[i] == '\n')
            t->start[line++] = i + 1;
    t->start[lines] = len;
}

int text_line_of(const Text *t, int pos)
{
    int low = 0, high = t->nlines - 1;
    while (low < high) {
        int mid = (low + high + 1) / 2;
        if (t->start[mid] <= pos)
            low = mid;
        else
            high = mid - 1;
    }
    return low;
}

int text_line_end(const Text *t, int line)
{
    int end = t->start[line + 1];
    if (end > t->start[line] && t->s[end - 1] == '\n')
        end--;
    if (end > t->start[line] && t->s[end - 1] == '\r')
        end--;
    return end;
}

int text_indent(const Text *t, int line)
{
    int i = t->start[line], end = text_line_end(t, line);
    while (i < end && (t->s[i] == ' ' || t->s[i] == '\t')) i++;
    return i;
}

/* Bidirectional controls, joiners and the like: invisible characters that change what a reader
 * sees. */
static int is_deceptive(unsigned cp)
{
    return (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x202a && cp <= 0x202e) ||
           (cp >= 0x2060 && cp <= 0x2069) || cp == 0xfeff || cp == 0x2028 || cp == 0x2029;
}

int text_char_width(const char *s, int n, int col, int *bytes)
{
    unsigned char c = (unsigned char)*s;
    *bytes = 1;
    if (c == '\t')
        return TEXT_TAB - col % TEXT_TAB;
    if (c < 0x20 || c == 0x7f)
        return 2;
    if (c < 0x80)
        return 1;
    unsigned cp;
    *bytes = utf8_decode(s, (size_t)n, &cp);
    if ((cp >= 0x80 && cp < 0xa0) || is_deceptive(cp) || cp == 0xfffd)
        return 1;
    return utf8_width(s, (size_t)*bytes);
}

int text_column(const Text *t, int line, int pos)
{
    int col = 0, end = text_line_end(t, line);
    if (pos > end)
        pos = end;
    for (int i = t->start[line], n; i < pos; i += n)
        col += text_char_width(t->s + i, end - i, col, &n);
    return col;
}

int text_line_width(const Text *t, int line)
{
    return text_column(t, line, text_line_end(t, line));
}
