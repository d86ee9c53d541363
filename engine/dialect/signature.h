/* Signature: the params mini-language of dialect.json (dialect.h has its grammar) to RowParams. */
#ifndef DIALECT_SIGNATURE_H
#define DIALECT_SIGNATURE_H

#include "dialect/dialect.h"

/* Appends the parameters of text to row. kind may be NULL (no check of attributes). False and *err:
 * a phrase that quotes the parameter it is about. */
bool signature_parse(Arena *a, const char *text, const PivotKind *kind, DialectRow *row,
                     const char **err);
/* A Python literal or dotted name at *s, which is moved behind it. */
bool literal_parse(Arena *a, const char **s, PValue *out);

#endif
