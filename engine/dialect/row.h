/* Inside of the dialect room: what the table needs to know of a row. */
#ifndef DIALECT_ROW_H
#define DIALECT_ROW_H

#include "dialect/dialect.h"

/* Equal as an argument: None and absent are, and (1, 1) and 1. */
bool row_same_value(const PValue *x, const PValue *y);
/* Every "set" of the row equal in attrs, or in the kind's defaults where attrs has none. */
bool row_set_matches(Arena *a, const DialectRow *row, const PAttrs *attrs);

/* Would reading this value for the parameter work, and leave no gap? */
bool row_takes(const Dialect *d, Arena *a, const DialectRow *row, int keras, const RowParam *p,
               PValue v);

#endif
