/* Prints a tree back to Python text, 88 columns, in the manner of the usual formatters: a construct
 * that fits stays on one line; else its brackets open, the content goes on one indented line; else
 * one item a line with a trailing comma.
 *
 * A statement whose `from` is set and which was not changed (same node kind and no rewritten
 * descendant: see node_unchanged) is copied verbatim from the source, comments included,
 * re-indented where its depth changed. A changed statement is printed anew; comments that stood
 * inside it or at the ends of its lines are kept with the item or statement they followed. Own-line
 * comments and blank lines between source statements are kept by the statement list printer.
 *
 * Marks: for every node with map != 0, one record of the bytes of the output that it covers. */
#ifndef PYTHON_PRINT_H
#define PYTHON_PRINT_H

#include "python/ast.h"

typedef struct PrintMark {
    int map;
    int start, end; /* bytes of out */
} PrintMark;

typedef VEC(PrintMark) PrintMarks;

typedef struct Printer {
    Arena *arena;
    const Module *source; /* where verbatim text and comments come from; may be NULL */
    Buf *out;
    PrintMarks marks;
    int width; /* 88 */
} Printer;

/* Statements at the given depth (4 blanks each), with the comments and blank lines of the source
 * between them. Ends with a newline. */
void print_stmts(Printer *p, const NodeVec *stmts, int depth);
/* One expression, on one line when width allows, starting at column col. */
void print_expr(Printer *p, const Node *e, int depth, int col);
/* One expression on one line whatever its width, without marks. */
char *print_expr_flat(Arena *a, const Node *e);
/* True where n is a source node, or a copy that differs from its source in nothing. */
bool node_unchanged(const Node *n);

#endif
