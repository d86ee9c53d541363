/* What the files of the printer share.
 *
 *     print.c          the public door; the list of statements: gaps, blank lines, own-line
 * comments print_stmt.c     one statement, and the headers of compound ones print_layout.c   an
 * expression over several lines print_chain.c    a.b(c).d[e] over several lines print_brackets.c
 * what stands in brackets, over several lines; measuring print_flat.c     an expression on one line
 *     print_string.c   literals
 *     print_source.c   what is copied from the source, and which comments were printed already
 *
 * Statements are printed without the newline at their end: the list knows what separates them. */
#ifndef PYTHON_PRINT_INTERNAL_H
#define PYTHON_PRINT_INTERNAL_H

#include "python/precedence.h"
#include "python/print.h"

#define PRINT_INDENT 4

typedef struct Print {
    Printer *p;
    Arena *arena;
    Buf *out;
    const Module *source; /* or NULL: nothing is copied */
    const char *newline;  /* as in the source */
    int width;
    bool quiet;        /* measuring: no marks */
    bool one_line;     /* multi-line literals are escaped */
    bool *done;        /* for each comment of the source: printed, or dropped on purpose */
    int *kept;         /* for each source statement: the number of the printed list that holds it */
    int lists;         /* numbers given so far */
    int head_end;      /* bytes of the source that were printed before the first statement */
    int shift;         /* columns before the first line that the output does not hold */
    size_t shifted_to; /* a line that starts up to here is that first line */
} Print;

/* --- print_source.c --- */

/* Like node_unchanged, but n's own lead and trail do not count. */
bool print_same(const Node *n);
/* Fields other than bodies and clauses are as in the source. */
bool print_same_header(const Node *n);
/* Bytes of the source that n came from: its origin's span, else what its children cover; {0,0}:
 * none. */
Span print_span(const Print *c, const Node *n);
/* Columns of the last line of the output. */
int print_column(const Print *c);
void print_newline(Print *c, int indent);
void print_mark(Print *c, const Node *n, int start);
/* The first comment of the source that starts at or after a byte. */
int print_comment_at(const Print *c, int byte);
/* Is a comment that was not printed yet somewhere in the bytes, or below the node? */
bool print_pending(const Print *c, Span span);
bool print_holds_comments(const Print *c, const Node *n);
void print_comment(Print *c, int i);
/* The comment after a byte with nothing but blanks (and `;` or `,`) between them, as a trailing
 * one. */
void print_trailing(Print *c, int byte);
/* Marks the comments in the bytes as printed. */
void print_done(Print *c, Span span);
/* The blanks at the start of the line that holds a byte. */
Span print_prefix(const Print *c, int byte);
/* Copies bytes of the source, which belong to n (for its strings and marks), moving its lines from
 * the indentation that they have to `indent` columns (-1: they stay). */
void print_verbatim(Print *c, const Node *n, Span span, int indent);

/* --- print_string.c --- */

/* Calls f with each literal of an implicit concatenation; what lies between is skipped. */
void print_string_parts(const char *text, void (*f)(Span part, void *), void *ctx);
int print_count_parts(const char *text);
/* The literal as it is to be printed: as written, or made. */
const char *print_string_text(Print *c, const Node *e);
/* From a quote to after its literal. */
int print_skip_literal(const char *s, int i);
void print_string(Print *c, const Node *e);

/* --- print_flat.c --- */

void print_flat(Print *c, const Node *e, Prec min);
void print_flat_param(Print *c, const Params *params, int i);
void print_flat_params(Print *c, const Params *params);
/* The arguments of a call, without parentheses that only a place elsewhere needed. */
const NodeVec *print_arguments(Print *c, const Node *call);
/* A comprehension without its brackets. */
void print_flat_inside(Print *c, const Node *e);
/* A generator expression inside a call's own parentheses. */
void print_flat_lone(Print *c, const Node *e);

/* --- print_brackets.c --- */

typedef struct PrintSize {
    int first, last; /* columns of the first and of the last line */
    bool lines;      /* more than one, because of a literal */
} PrintSize;

PrintSize print_measure_text(const char *s, size_t n);
PrintSize print_measure(Print *c, const Node *e, Prec min);
/* A printer for measuring: into another buffer, and without marks. */
Print print_quiet(const Print *c, Buf *out);
bool print_fits(Print *c, const Node *e, Prec min, int tail);

/* The bytes of the source that the node stands for; {0,0}: none. */
Span print_region(const Print *c, const Node *n);
bool print_within(Span inner, Span outer);
/* Every comment of the bytes that was not printed yet, each on a line of its own. */
void print_flush_comments(Print *c, Span span, int indent);

/* What stands between brackets. */
typedef struct Brackets {
    const char *open, *close;
    const NodeVec *items;
    const Params *params; /* instead of items */
    Span region;          /* of the source, for comments; {0,0}: none */
    Prec min;             /* of an item */
    bool comma;           /* separated by commas, and one after the last where each has its line */
    bool comma_if_one;    /* also after a single item on one line: a tuple, or parameters that were
                             split */
    bool split;           /* one item a line, even where they fit */
} Brackets;

void print_brackets(Print *c, const Brackets *b, int indent);
void print_flat_items(Print *c, const Brackets *b);
bool print_items_hold_comments(const Print *c, const Brackets *b);
/* A comprehension over lines between the brackets; a lone argument has those of its call. */
void print_comprehension(Print *c, const Node *e, const char *open, const char *close, int indent);

/* --- print_chain.c --- */

void print_chain(Print *c, const Node *e, int indent, int tail, bool bracketed);

/* --- print_layout.c --- */

/* One expression, over lines where it must be. indent: of the line it stands on; tail: columns that
 * follow it on its last line; bracketed: newlines are harmless here. */
void print_layout(Print *c, const Node *e, Prec min, int indent, int tail, bool bracketed);

/* --- print_stmt.c --- */

void print_stmt(Print *c, const Node *s, int depth);

/* --- print.c --- */

void print_list(Print *c, const NodeVec *stmts, int depth);
/* Own-line comments and blank lines of the source between two bytes, from the start of a line to
 * the start of a line; at least `blanks` blank lines first. Statements of the list (or NULL) that
 * lie between were deleted: their comments go with them. */
void print_gap(Print *c, const NodeVec *list, Span gap, int blanks, int indent);

#endif
