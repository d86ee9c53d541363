/* Values, tensors and attributes of the pivot, written as text in the tables of tests. */
#ifndef TESTS_PIVOT_TEXT_H
#define TESTS_PIVOT_TEXT_H

#include "pivot/pivot.h"

PValue text_value(Arena *a, const char *text); /* "[3, 3]", "'same'", "None", "T" */
PivotTensor *text_tensor(Arena *a,
                         const char **text); /* "(B,3,32):int64"; NULL where none begins */
const PivotKind *text_call(Arena *a, const char *text,
                           PAttrs *attrs); /* "Conv2D(out_channels=6)", defaults filled in */

#endif
