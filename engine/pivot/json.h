/* Inside of the pivot's JSON: attribute values and sizes as JSON, both ways (json_value.c).
 *
 *   None null · bool · int a whole number · float a number (a whole one as {"float": 1}, unless
 *     the attribute is a float
 *   anyway) · str · list an array · a free size {"hint": 96, "size": "B*64"} · an activation
 *   {"activation": "elu", "attrs": {...}} · {"ref": "L2(0.1)"} · {"unknown": "why"} · a size not
 *     known null
 * An attribute that is unset is left out. */
#ifndef PIVOT_JSON_H
#define PIVOT_JSON_H

#include <cjson/cJSON.h>

#include "pivot/pivot.h"

cJSON *json_value(Arena *a, const PValue *v, const char *type); /* type of the attribute, or NULL */
cJSON *json_attrs(Arena *a, const PAttrs *as, const PivotKind *kind);
cJSON *json_size(Arena *a, Size s);

/* *err without a place; the caller adds it. */
bool json_read_value(Arena *a, const cJSON *j, const char *type, PValue *out, const char **err);
bool json_read_attrs(Arena *a, const cJSON *j, const PivotKind *kind, PAttrs *out,
                     const char **err);
bool json_read_size(Arena *a, const cJSON *j, Size *out);

#endif
