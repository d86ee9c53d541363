/* Named conversions between a framework's argument and pivot attributes, listed in one table.
 *
 * read   the argument's value -> one or more attributes (padding='same' sets padding_type; (1, 2)
 *        padding_type and padding_amount). ndim is the layer's number of spatial axes (its kind's
 *        or "dimension"), 0 unknown. What it does not understand: false and *err (a phrase).
 *        None where it means "as if not given" sets nothing and is no error.
 * write  attributes -> the argument's value; false where this framework's argument cannot say it
 *        (padding_amount in Keras): the caller then lowers the layer.
 * sets   the attributes that it reads and writes where they are not just `attr`; NULL then.
 * carry  how a source *expression* for the read side is carried over, for arguments that are not
 *        literals: CARRY_SAME (the expression itself is valid for the other side's inverse),
 *        CARRY_SCALAR (it is where its value is a number, not a tuple), CARRY_ONE_MINUS, CARRY_NOT,
 *        CARRY_NONE (only values).
 *
 * Conversions know no framework. Names that only a dialect can resolve (activation strings and
 * functions, dtypes) are resolved by dialect_resolve before read and after write; dialect_row_read
 * and dialect_row_write do both. */
#ifndef DIALECT_CONVERT_H
#define DIALECT_CONVERT_H

#include "dialect/dialect.h"

typedef enum { CARRY_SAME, CARRY_ONE_MINUS, CARRY_NOT, CARRY_NONE, CARRY_SCALAR } Carry;

struct Conversion {
    const char *name;
    bool (*read)(Arena *a, const PValue *arg, int ndim, const char *attr, PAttrs *out,
                 const char **err);
    bool (*write)(Arena *a, const PAttrs *attrs, int ndim, const char *attr, PValue *out);
    Carry carry;
    const char *const *sets; /* NULL-terminated, or NULL */
    const char *factor;      /* what is written is the attribute times this one; or NULL */
};

const Conversion *conversion_find(const char *name);
const Conversion *conversion_at(int i); /* NULL past the end */
/* The number of spatial axes that a kind with these attributes has: 2 for Conv2D; "dimension" where
 * given; 0. */
int kind_spatial(const PivotKind *k, const PAttrs *attrs);

#endif
