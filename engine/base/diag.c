/* Diag: positions in source text, and the printed form of a diagnostic.
 *
 * The line of source is shown as a terminal can show it: tabs become blanks, control characters and
 * malformed UTF-8 the replacement character, so that a hostile file cannot drive the terminal; a
 * long line is cut to a window around the span. The caret line is built in step with it, column by
 * column. */
#include "base/diag.h"

#include <stdarg.h>
#include <string.h>

#define LINE_COLUMNS 96 /* of source shown; the caret is always inside */
#define TAB 4
#define LEFT_CONTEXT 40 /* columns kept before the span in a line that is cut */

SourceText *source_text_new(Arena *a, const char *path, const char *text, int len)
{
    SourceText *src = ARENA_NEW(a, SourceText);
    src->path = path ? arena_strdup(a, path) : "";
    src->text = arena_strndup(a, text, (size_t)len);
    src->len = len;
    int lines = 1;
    for (int i = 0; i < len; i++) lines += text[i] == '\n';
    src->line_start = ARENA_ARRAY(a, int, lines);
    src->nlines = lines;
    for (int i = 0, line = 1; i < len; i++)
        if (text[i] == '\n') src->line_start[line++] = i + 1;
    return src;
}

static const SourcePiece *piece_at(const SourceText *src, int byte)
{
    int lo = 0, hi = src->npieces;
    while (hi - lo > 1) {
        int mid = (lo + hi) / 2;
        if (src->pieces[mid].at <= byte) lo = mid;
        else hi = mid;
    }
    return src->npieces ? &src->pieces[lo] : NULL;
}

/* One step back, to the text that this one was drafted from. */
static Span drafted_from(const SourceText *src, Span span)
{
    const SourcePiece *p = piece_at(src, span.start);
    const SourcePiece *q = piece_at(src, span.end > span.start ? span.end - 1 : span.start);
    if (!p || !q) return (Span){0, 0};
    Span out = p->from;
    if (p->copied) out.start = p->from.start + span.start - p->at;
    if (q->copied) out.end = q->from.start + span.end - q->at;
    else if (q->from.end > out.start) out.end = q->from.end;
    if (out.end < out.start) out.end = out.start; /* what was moved together */
    return out;
}

Span source_origin(const SourceText *src, Span span)
{
    for (; src && src->origin && (span.start || span.end); src = src->origin)
        span = drafted_from(src, span);
    return span;
}

const SourceText *source_opened(const SourceText *src)
{
    while (src && src->origin) src = src->origin;
    return src;
}

void source_position(const SourceText *src, int byte, int *line, int *col)
{
    if (src->origin) {
        byte = source_origin(src, (Span){byte, byte + 1}).start;
        src = source_opened(src);
    }
    if (byte < 0) byte = 0;
    if (byte > src->len) byte = src->len;
    int lo = 0, hi = src->nlines; /* the last line that starts at or before byte */
    while (hi - lo > 1) {
        int mid = (lo + hi) / 2;
        if (src->line_start[mid] <= byte) lo = mid;
        else hi = mid;
    }
    int characters = 0;
    for (int i = src->line_start[lo]; i < byte;) {
        unsigned c;
        i += utf8_decode(src->text + i, (size_t)(src->len - i), &c);
        characters++;
    }
    *line = lo + 1;
    *col = characters + 1;
}

void diag_add(DiagList *l, Severity sev, const char *code, const char *file, Span span,
              const char *hint, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *message = arena_vprintf(l->arena, fmt, ap);
    va_end(ap);
    for (int i = 0; i < l->list.len; i++) {
        const Diag *d = &l->list.at[i];
        if (d->span.start == span.start && d->span.end == span.end && str_eq(d->code, code) &&
            str_eq(d->message, message))
            return;
    }
    Diag d = {sev, code, file, span, message, hint ? arena_strdup(l->arena, hint) : NULL};
    vec_push(l->arena, &l->list, d);
}

/* Text from a file, harmless on a terminal. A newline ends it unless lines is set. */
static void add_clean(Buf *out, const char *s, size_t n, bool lines)
{
    for (size_t i = 0; i < n;) {
        unsigned c;
        int k = utf8_decode(s + i, n - i, &c);
        bool control = (c < 0x20 && !(lines && c == '\n')) || (c >= 0x7F && c < 0xA0);
        if (c == '\t') buf_addc(out, ' ');
        else if (control || c == 0xFFFD) buf_add(out, "\xEF\xBF\xBD");
        else buf_addn(out, s + i, (size_t)k);
        i += (size_t)k;
    }
}

/* Columns that the bytes take as add_clean and add_line show them, tabs apart. */
static int shown_width(const char *s, int n)
{
    int width = 0;
    for (int i = 0; i < n; i++) width += s[i] == '\t' ? TAB - 1 : 0;
    return width + utf8_width(s, (size_t)n);
}

static void add_line(const Diag *d, const SourceText *src, bool colour, Buf *out)
{
    int line, col;
    source_position(src, d->span.start, &line, &col);
    int start = src->line_start[line - 1];
    int end = line < src->nlines ? src->line_start[line] - 1 : src->len;
    if (end > start && src->text[end - 1] == '\r') end--;
    int from = d->span.start < end ? d->span.start : end;
    int to = d->span.end < end ? d->span.end : end;
    if (to < from) to = from;
    unsigned c;
    while (from - start > 0 && shown_width(src->text + start, from - start) > LEFT_CONTEXT &&
           shown_width(src->text + start, end - start) > LINE_COLUMNS)
        start += utf8_decode(src->text + start, (size_t)(end - start), &c);

    Buf caret = {0};
    buf_add(out, "    ");
    buf_add(&caret, "    ");
    int columns = 0;
    for (int i = start; i < end && columns < LINE_COLUMNS;) {
        int n = utf8_decode(src->text + i, (size_t)(end - i), &c);
        int width = shown_width(src->text + i, n);
        if (c == '\t') buf_addn(out, "    ", TAB);
        else add_clean(out, src->text + i, (size_t)n, false);
        for (int w = 0; w < width; w++)
            if (i < to || (i == from && w == 0))
                buf_addc(&caret, i < from ? ' ' : i == from && w == 0 ? '^' : '~');
        columns += width;
        i += n;
    }
    if (from >= end) buf_addc(&caret, '^');
    buf_printf(out, "\n%s%s%s\n", colour ? "\033[32m" : "", caret.s, colour ? "\033[0m" : "");
    buf_free(&caret);
}

void diag_format(const Diag *d, const SourceText *src, bool colour, Buf *out)
{
    Diag opened = *d;
    if (src && src->origin) {
        opened.span = source_origin(src, d->span);
        src = source_opened(src);
        d = &opened;
    }
    static const char *const words[] = {"note", "warning", "error"};
    static const char *const colours[] = {"\033[36m", "\033[33m", "\033[31m"};
    bool somewhere = src && (d->span.start || d->span.end);
    const char *file = d->file ? d->file : src ? src->path : NULL;
    const char *off = colour ? "\033[0m" : "";
    if (file) {
        buf_add(out, colour ? "\033[1m" : "");
        add_clean(out, file, strlen(file), false);
        if (somewhere) {
            int line, col;
            source_position(src, d->span.start, &line, &col);
            buf_printf(out, ":%d:%d", line, col);
        }
        buf_printf(out, ":%s ", off);
    }
    buf_printf(out, "%s%s:%s ", colour ? colours[d->severity] : "", words[d->severity], off);
    add_clean(out, d->message, strlen(d->message), true);
    if (d->code) buf_printf(out, " [%s]", d->code);
    buf_addc(out, '\n');
    if (somewhere) add_line(d, src, colour, out);
    if (d->hint) {
        buf_add(out, "    hint: ");
        add_clean(out, d->hint, strlen(d->hint), true);
        buf_addc(out, '\n');
    }
}
