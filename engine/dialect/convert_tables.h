/* Inside of the dialect room: the tables of conversions, one for each file, and what the files
 * share. */
#ifndef DIALECT_CONVERT_TABLES_H
#define DIALECT_CONVERT_TABLES_H

#include "dialect/convert.h"

/* Each ends with a name of NULL. */
extern const Conversion convert_basic[], convert_pads[], convert_layers[];
extern const Conversion convert_ops[], convert_training[];

/* Sets attr to v; what every simple read ends in. */
bool convert_put(Arena *a, PAttrs *out, const char *attr, PValue v);
/* Fails with "WHAT <value>". */
bool convert_fail(Arena *a, const char **err, const char *what, const PValue *arg);
/* The list's only item where there is one and it is a list: f((1, 2)) and f(1, 2) are the same to
 * *rest parameters. */
PValue convert_unnest(const PValue *v);
/* A number for each of ndim axes (1 where ndim is 0) out of a number or a list of them. */
bool convert_per_axis(Arena *a, const PValue *arg, int ndim, PValue *out);
/* One item where all are equal, else the list. */
PValue convert_collapse(const PValue *list);
bool convert_is_count(const PValue *v);  /* an int, a free size, or a float without fraction */
bool convert_is_absent(const PValue *v); /* NULL, unset or None */
PValue convert_negate(const PValue *v);  /* ints only */
/* Reads of other files' conversions too. */
bool convert_read_shape(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                        const char **err);
bool convert_read_lower(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                        const char **err);

#endif
