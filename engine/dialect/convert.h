/* Named conversions between a framework's argument and pivot attributes, listed in one table (convert.c).
 *
 * read:  the argument's value -> one or more attributes (padding='same' sets padding_type; (1, 2) sets
 *        padding_type and padding_amount). ndim is the layer's number of spatial axes (from the kind or "dimension"), 0 unknown.
 * write: attributes -> the argument's value; false where this framework's argument cannot say it (padding_amount in
 *        Keras): the caller then lowers the layer (port/lower.c).
 * expr:  how a source *expression* for the read side is carried over unchanged or with arithmetic, for
 *        arguments that are not literals: CARRY_SAME (the expression itself is valid for the other side's
 *        inverse), CARRY_ONE_MINUS, CARRY_NOT, CARRY_NONE (only values). */
#ifndef DIALECT_CONVERT_H
#define DIALECT_CONVERT_H

#include "dialect/dialect.h"

typedef enum { CARRY_SAME, CARRY_ONE_MINUS, CARRY_NOT, CARRY_NONE } Carry;

struct Conversion {
    const char *name;
    bool (*read)(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out, const char **err);
    bool (*write)(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out);
    Carry carry;
};

const Conversion *conversion_find(const char *name);
/* The number of spatial axes that a kind with these attributes has: 2 for Conv2D; "dimension" where given; 0. */
int kind_spatial(const PivotKind *k, const PAttrs *attrs);

#endif
