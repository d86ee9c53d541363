/* Values of pivot attributes, and sizes of axes that may be free.
 *
 * Size: an axis length. A known one is a number. A free one (the batch, a sequence length nobody
 * fixed) is a *hinted symbol*: a plausible number that is never 1, to compute with, and an
 * expression over the free symbols that says what it really is. Arithmetic on free sizes keeps
 * both faces. Comparing a free size tells nothing about the network, so whoever compares records a
 * guard. */
#ifndef PIVOT_VALUE_H
#define PIVOT_VALUE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

typedef struct SizeExpr SizeExpr;
struct SizeExpr {
    /* 's' symbol, 'n' number, or + - * / (floor) % m (max) i (min) c (ceil division) */
    char op;
    const char *symbol; /* 's' */
    long long n;        /* 'n' */
    const SizeExpr *l, *r;
};

typedef struct Size {
    long long n;          /* the length, or the hint of a free one; -1: not known at all */
    const SizeExpr *free; /* NULL where n is the truth */
} Size;

Size size_known(long long n);
Size size_number(Arena *a, long long n); /* may be negative: -1 is a number, not "unknown" */
bool size_unknown(Size s);
Size size_free(Arena *a, const char *symbol, long long hint);
Size size_op(Arena *a, char op, Size l, Size r); /* in normal form, size.c; Python's // and % */
bool size_same(Size x, Size y);                  /* equal for every value of the symbols */
/* Reads size_text's form back; unknown where it is no such text. The hint is given, for a text
 * does not hold it. */
Size size_from_text(Arena *a, const char *text, long long hint);
const char *size_text(Arena *a, Size s);         /* "224", "B", "(T-3)//2+1", "?" */

typedef enum PValueKind {
    PV_UNSET, /* not given and no default: in_channels of a Keras layer before tracing */
    PV_NONE,
    PV_BOOL,
    PV_INT,
    PV_SIZE, /* an int with a free face */
    PV_FLOAT,
    PV_STR,
    PV_LIST,
    PV_ACT,    /* an activation: kind name and its attributes (see PivotAct) */
    PV_REF,    /* an object of the framework or of the file (L2(0.1)); str is its text */
    PV_UNKNOWN /* str says because of what */
} PValueKind;

typedef struct PValue PValue;
struct PValue {
    PValueKind kind;
    union {
        bool b;
        long long i;
        double f;
        const char *str;
        Size size;
        struct {
            PValue *at;
            int len;
            bool square; /* a list, where the source tells it from a tuple */
        } list;
        struct PivotAct *act;
    } u;
};

typedef struct PAttr {
    const char *name;
    PValue value;
} PAttr;

typedef struct PAttrs {
    PAttr *at;
    int len, cap;
} PAttrs;

/* An activation used as an attribute: "relu", or "leaky_relu" with negative_slope. */
typedef struct PivotAct {
    const char *kind; /* a kind of group ACTIVATION */
    PAttrs attrs;
} PivotAct;

PValue pv_none(void);
PValue pv_bool(bool b);
PValue pv_int(long long i);
PValue pv_size(Size s); /* PV_INT where known */
PValue pv_float(double f);
PValue pv_str(const char *s);
PValue pv_list(Arena *a, int len); /* items PV_UNSET */
PValue pv_unknown(const char *why);
bool pv_same(const PValue *x, const PValue *y); /* 1 and 1.0 are the same; True and 1 are not */
bool pv_is_int(const PValue *v, long long n);
PValue pv_act(Arena *a, const char *kind); /* an activation without attributes */
Size pv_as_size(const PValue *v);          /* an int or a size; unknown otherwise */
/* As Python would write it: 0.5, (3, 3), 'same', None. */
const char *pv_text(Arena *a, const PValue *v);

const PValue *attr_get(const PAttrs *as, const char *name); /* NULL when absent */
void attr_set(Arena *a, PAttrs *as, const char *name, PValue v);
long long attr_int(const PAttrs *as, const char *name, long long dflt);
bool attr_bool(const PAttrs *as, const char *name, bool dflt);
double attr_float(const PAttrs *as, const char *name, double dflt);
const char *attr_str(const PAttrs *as, const char *name, const char *dflt);

#endif
