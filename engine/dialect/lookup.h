/* Inside of the dialect room: what the maps of a dialect hold. */
#ifndef DIALECT_LOOKUP_H
#define DIALECT_LOOKUP_H

#include "dialect/dialect.h"

typedef VEC(DialectRow *) RowList;

#endif
